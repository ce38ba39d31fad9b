"""Adding an address: the feed that it is, names, or becomes."""

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.answers import html, status, stored
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.errors import NotAFeed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_adding_a_page_subscribes_to_the_feed_it_names(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers["/"] = lambda request: web.Response(
        text='<html><head><link rel=alternate type="application/rss+xml" href="/feed.xml"></head></html>',
        content_type="text/html",
    )
    async with polling() as poller:
        added = await poller.add(publisher.base + "/")
    assert added.subscription.feed.url == publisher.feed
    assert publisher.counts() == {"/": 1, "/feed.xml": 1}


async def test_a_site_whose_feed_is_known_leaves_that_feed_alone(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/"] = html('<link rel=alternate type="application/rss+xml" href="/feed.xml">')
    async with polling() as poller:
        first = await poller.add(publisher.feed)
        again = await poller.add(publisher.base + "/")
        assert first.subscription.new
        assert not again.subscription.new
        assert again.report is None
        clock.pass_time(hours=2)
        assert len(await poller.poll_due_feeds()) == 1


async def test_a_page_without_any_feed_is_said_to_be_one_and_nothing_is_kept(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers |= {"/": html("<p>Hello</p>"), "/feed.xml": status(404)}
    async with polling() as poller:
        with pytest.raises(NotAFeed, match="no feed"):
            await poller.add(publisher.base + "/")
    assert archive.library().subscriptions.all() == ()


async def test_a_page_with_a_list_of_articles_is_a_feed_of_its_own(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    def front(request: web.Request) -> web.Response:
        rows = "".join(
            f"<div class=row><h2><a href=/story/{n}>Flood report number {n} from the river</a></h2>"
            f"<p>Teaser of story {n}, which says a little.</p></div>"
            for n in publisher.stories
        )
        noise = len(publisher.asked)
        return web.Response(
            text=f"<html><title>River</title>{rows}<i>{noise}</i></html>", content_type="text/html"
        )

    publisher.answers |= {"/": front, "/feed.xml": status(404)}
    async with polling() as poller:
        added = await poller.add(publisher.base + "/")
        assert len(present(added.report).new) == 3
        number = added.subscription.feed.id
        clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
        assert [report.kind for report in await poller.poll_due_feeds()] == ["unchanged"]
        publisher.stories = [4, 1, 2, 3]
        clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
        assert [len(report.new) for report in await poller.poll_due_feeds()] == [1]
        await poller.read_due_pages()
    assert all(one.article.text.startswith("The river rose") for one in stored(archive))
