"""Adding an address: the feed that it is, names, or becomes."""

import pytest
from aiohttp import web

from tests.conftest import Children, present
from tests.poll.answers import html, status, stored
from tests.poll.conftest import Answer, Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.errors import FeedError, NotAFeed
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import find_feeds_of

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


HEAD = (
    '<link rel=alternate type="application/rss+xml" title="All" href="/feed.xml">'
    '<link rel=alternate type="application/atom+xml" title="Broken" href="/gone.atom">'
    '<link rel=alternate type="application/rss+xml" title="Inside" href="http://10.0.0.1/feed">'
)


async def test_only_feeds_that_answer_are_named(
    publisher: Publisher, fetcher: Fetcher, children: Children
) -> None:
    publisher.answers["/"] = lambda request: web.Response(text=HEAD, content_type="text/html")
    found = await find_feeds_of(publisher.base, fetcher=fetcher, reader=children["reader"])
    assert [(one.url, one.title) for one in found] == [(publisher.feed, "River News")]


async def test_a_feed_is_its_own_discovery(
    publisher: Publisher, fetcher: Fetcher, children: Children
) -> None:
    found = await find_feeds_of(publisher.feed, fetcher=fetcher, reader=children["reader"])
    assert [one.url for one in found] == [publisher.feed]
    assert publisher.asked == ["/feed.xml"]


async def test_well_known_addresses_are_tried_when_a_page_names_none(
    publisher: Publisher, fetcher: Fetcher, children: Children
) -> None:
    publisher.answers["/"] = lambda request: web.Response(text="<p>Hi</p>", content_type="text/html")
    found = await find_feeds_of(publisher.base + "/", fetcher=fetcher, reader=children["reader"])
    assert [one.url for one in found] == [publisher.feed]
    assert len(publisher.asked) < 15


def feed_titled(title: str) -> Answer:
    text = f"<rss><channel><title>{title}</title><item><title>x</title><link>/1</link></item></channel></rss>"
    return lambda request: web.Response(text=text, content_type="application/rss+xml")


@pytest.mark.parametrize("order", [("/p/feed.xml", "/main.xml"), ("/main.xml", "/p/feed.xml")])
async def test_a_feed_that_turns_out_to_be_of_comments_is_not_chosen(
    order: tuple[str, str], publisher: Publisher, polling: Polling
) -> None:
    links = "".join(f'<link rel=alternate type="application/rss+xml" href="{path}">' for path in order)
    publisher.answers |= {
        "/p.html": html(f"<head>{links}</head>"),
        "/main.xml": feed_titled("Main"),
        "/p/feed.xml": feed_titled("Comments on: My post"),
    }
    async with polling() as poller:
        added = await poller.add(publisher.base + "/p.html")
    assert added.subscription.feed.url == publisher.base + "/main.xml"


async def test_a_feed_of_comments_is_taken_where_there_is_no_other(
    publisher: Publisher, polling: Polling
) -> None:
    publisher.answers |= {
        "/p.html": html('<link rel=alternate type="application/rss+xml" href="/p/feed.xml">'),
        "/p/feed.xml": feed_titled("Comments on: My post"),
        "/feed.xml": status(404),
    }
    async with polling() as poller:
        added = await poller.add(publisher.base + "/p.html")
    assert added.subscription.feed.url == publisher.base + "/p/feed.xml"


async def test_a_feed_named_only_by_the_link_header_is_found_with_the_pages_icon(
    publisher: Publisher, polling: Polling, archive: Archive
) -> None:
    header = '</myfeed>; rel="alternate"; type="application/rss+xml"; title="T"'
    publisher.answers |= {
        "/": lambda request: web.Response(
            text='<link rel=icon href="/i.png"><p>Hi</p>', content_type="text/html", headers={"Link": header}
        ),
        "/myfeed": feed_titled("Mine"),
    }
    async with polling() as poller:
        added = await poller.add(publisher.base + "/")
    assert added.subscription.feed.url == publisher.base + "/myfeed"
    assert archive.library().subscriptions.feed(added.subscription.feed.id).icon == publisher.base + "/i.png"


async def test_a_feed_that_cannot_be_read_says_why_and_is_no_page_without_a_feed(
    publisher: Publisher, polling: Polling
) -> None:
    publisher.answers |= {
        "/feed.json": lambda request: web.Response(text='{"version": ', content_type="application/json"),
        "/feed.xml": status(404),
    }
    async with polling() as poller:
        with pytest.raises(FeedError, match="begins as JSON but cannot be read"):
            await poller.add(publisher.base + "/feed.json")
