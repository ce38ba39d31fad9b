"""Re-extractions of feeds in the background: one of each feed at a time, with their progress."""

import asyncio
from collections.abc import Mapping

import pytest

from tests.poll.conftest import START, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.config import PollSettings
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.pages.reextraction_jobs import ReextractionJobs

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_progress_is_told_while_a_run_lasts_and_the_run_is_in_the_archive(
    archive: Archive, publisher: Publisher, polling: Polling
) -> None:
    async with polling(PollSettings(workers=1, recheck=())) as poller:
        feed = (await poller.add(publisher.feed)).subscription.feed.id
        await poller.read_due_pages()
    archive.feeds.set_site_rules("127.0.0.1.txt", "strip: //p[contains(., 'On Thursday')]", now=START)
    jobs = ReextractionJobs(archive, clock=lambda: START)
    seen = []

    class Watched(ThreadExtractor):
        async def page(self, *args: object, **more: object) -> object:  # type: ignore[override]
            seen.append(jobs.of_feed(feed))
            assert jobs.past_runs(feed) == ()
            return await super().page(*args, **more)  # type: ignore[arg-type]

    running = asyncio.create_task(jobs.run(Watched(), feed))
    await asyncio.sleep(0)
    assert [one.feed_id for one in jobs.running()] == [feed]
    assert await jobs.run(ThreadExtractor(), feed) is None
    report = await running

    assert report is not None and (report.read, report.saved) == (3, 3)
    assert {(one.total, one.read) for one in seen if one is not None} == {(3, 0)}
    assert jobs.running() == () and jobs.of_feed(feed) is None
    [past] = jobs.past_runs(feed)
    assert (past.articles, past.finished, past.asked) == (3, START, f"--feed {feed}")
    assert jobs.past_runs(feed + 1) == ()


async def test_a_run_that_fails_is_under_way_no_more(archive: Archive) -> None:
    class Broken(ThreadExtractor):
        def use_rules(self, stored: Mapping[str, str]) -> None:
            raise RuntimeError("broken")

    jobs = ReextractionJobs(archive)
    with pytest.raises(RuntimeError, match="broken"):
        await jobs.run(Broken(), 1)
    assert jobs.running() == ()
