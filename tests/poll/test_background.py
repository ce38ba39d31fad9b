"""The poller inside a service."""

import asyncio

import pytest

from tests.archive.sample_feeds import an_article
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.archive.records.imports import Imported
from unabridged.errors import ArchiveUnwritable
from unabridged.poll.background import BackgroundPoller
from unabridged.poll.reports import Progress

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_polls_what_is_due_reads_its_pages_and_ends_when_cancelled(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    read = asyncio.Event()

    def watch(progress: Progress) -> None:
        if progress.stage == "pages" and progress.done == 3:
            read.set()

    async with polling(watch=watch) as poller:
        worker = BackgroundPoller(poller)
        running = asyncio.create_task(worker.run())
        await asyncio.to_thread(archive.library().subscriptions.add, publisher.feed, now=clock.now)
        worker.wake()
        async with asyncio.timeout(300):
            await read.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert {one.page.state for one in archive.library().articles.page(Query()).articles} == {"read"}
    assert publisher.counts() == {"/feed.xml": 1, "/story/1": 1, "/story/2": 1, "/story/3": 1}


async def test_a_refusing_archive_is_waited_for(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    went_on = asyncio.Event()
    tries = []

    def watch(progress: Progress) -> None:
        tries.append(progress)
        if len(tries) == 1:
            raise ArchiveUnwritable("The disk is full.")
        if progress.stage == "pages" and progress.done == 3:
            went_on.set()

    async with polling(watch=watch) as poller:
        archive.library().subscriptions.add(publisher.feed, now=clock.now)
        running = asyncio.create_task(BackgroundPoller(poller, error_pause=0.01).run())
        async with asyncio.timeout(300):
            await went_on.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert "The disk is full." in caplog.text


async def test_a_search_that_waited_for_the_index_is_filled(
    archive: Archive, polling: Polling, clock: Clock
) -> None:
    mine = archive.library()
    file = Imported(article=an_article("https://own.example/1"), origin="document", source="own")
    mine.imports.add(file, now=clock.now)
    archive.search_index.clear()
    search = mine.searches.add("Own", "site:own.example", now=clock.now)
    assert not search.complete
    async with polling() as poller:
        worker = BackgroundPoller(poller)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(300):
            while not search.complete:
                await asyncio.sleep(0.05)
                search = await asyncio.to_thread(mine.searches.get, search.id)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    scope = mine.searches.scope(search.id, now=clock.now)
    assert mine.articles.count(Query(search=scope)) == 1
