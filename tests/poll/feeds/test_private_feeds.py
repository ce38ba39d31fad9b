"""Feeds that ask who we are, sites that we have a login for, and sites whose robots.txt says no."""

from base64 import b64encode
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from time import monotonic

import pytest
from aiohttp import web

from tests.archive.stored_rows import pending_pages
from tests.conftest import present
from tests.poll.conftest import Answer, Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.config import FeedSettings, FetchSettings
from unabridged.errors import BadStatus
from unabridged.fetch.credentials import cookie_site

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA = FeedSettings(username="ada", password="secret", user_agent="Mine/1", headers=(("X-Key", "k"),))
PAIR = "Basic " + b64encode(b"ada:secret").decode()


@pytest.fixture
def members(publisher: Publisher) -> Publisher:
    """The publisher, its feed for members alone."""

    def answer(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != PAIR:
            return web.Response(status=401, headers={"WWW-Authenticate": "Basic"})
        return publisher._feed(request)

    publisher.answers["/feed.xml"] = answer
    return publisher


async def test_a_private_feed_is_added_with_its_password_and_asked_with_it_ever_after(
    members: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        with pytest.raises(BadStatus):
            await poller.add(members.feed)
        added = await poller.add(members.feed, own=ADA)
        clock.pass_time(hours=2)
        [report] = await poller.poll_due_feeds()
    assert report.kind == "unchanged"
    assert archive.feeds.settings(added.subscription.feed.id) == ADA.bound_to(members.base)
    assert [headers.get("User-Agent") for headers in members.headers[1:]] == ["Mine/1"] * 2


async def test_a_password_given_later_mends_the_feed(
    members: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    feed = archive.library().subscriptions.add(members.feed, now=clock.now).feed
    async with polling() as poller:
        [report] = await poller.poll_due_feeds()
        assert "unabridged set" in present(report.failure).advice
        archive.feeds.set_settings(feed.id, ADA, now=clock.now)
        [report] = await poller.poll_due_feeds()
    assert report.kind == "news"


async def test_pages_on_the_feeds_origin_get_its_settings_and_others_none_of_its_secrets(
    members: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(members.feed, own=ADA)
        await poller.read_due_pages()
    pages = [headers for headers in members.headers if headers.get("X-Key") and headers.get("Authorization")]
    assert len(pages) == 4
    [one, *_] = pending_pages(archive, poller.context.clock() + timedelta(days=99)) or [None]
    assert one is None or one.own == ADA


async def test_a_readers_own_cookie_opens_the_pages_of_its_site(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    def page(request: web.Request) -> web.Response:
        if request.headers.get("Cookie") != "login=1":
            return web.Response(status=402)
        return web.Response(text="<p>" + "Members read all of it. " * 60, content_type="text/html")

    publisher.stories = [1]
    publisher.answers["/story/1"] = page
    archive.feeds.set_site_cookie(cookie_site(publisher.base), "login=1", now=clock.now)
    async with polling() as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
    assert report.kind == "read"


ROBOTS = FetchSettings(allow_private=("127.0.0.0/8",), per_host_gap=0.0, robots=True)
DISALLOW = "User-agent: *\nDisallow: /\n\nUser-agent: unabridged\nDisallow: /story/*2$\nAllow: /\n"


def robots_txt(text: str, status: int = 200) -> Answer:
    return lambda request: web.Response(text=text, status=status)


async def test_a_page_that_robots_txt_refuses_is_not_asked_for_and_the_article_says_why(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/robots.txt"] = robots_txt(DISALLOW)
    async with polling(fetch=ROBOTS) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
    assert publisher.counts() == Counter(["/feed.xml", "/robots.txt", "/story/1", "/story/3"])
    [refused] = [
        one for one in archive.library().articles.page(Query()).articles if one.article.url.endswith("/2")
    ]
    assert (refused.page.state, present(refused.page.failure).kind) == ("failed", "robots")
    assert "robots = false" in present(refused.page.failure).advice
    assert refused.page.next_try_at is None
    assert refused.article.text == "Teaser of story 2."


async def test_robots_txt_is_asked_once_a_day_even_over_restarts(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/robots.txt"] = robots_txt("User-agent: *\nDisallow: /private\n")
    for hours in (0, 2, 30):
        clock.pass_time(hours=hours)
        publisher.stories = [*publisher.stories, len(publisher.stories) + 1]
        async with polling(fetch=ROBOTS) as poller:
            if not archive.library().subscriptions.all():
                await poller.add(publisher.feed)
            await poller.poll_due()
    assert publisher.counts()["/robots.txt"] == 2
    assert publisher.counts()["/story/6"] == 1


async def test_a_crawl_delay_is_kept_between_the_pages_of_a_site(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers["/robots.txt"] = robots_txt("User-agent: *\nCrawl-delay: 0.2\n")
    moments = []

    def note_moment(_: web.Request) -> web.Response:
        moments.append(monotonic())
        return web.Response(status=404)

    publisher.answers |= {f"/story/{number}": note_moment for number in publisher.stories}
    async with polling(fetch=ROBOTS) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
    assert [after - before >= 0.19 for before, after in pairwise(moments)] == [True, True]


@pytest.mark.parametrize("answer", [robots_txt("", 404), robots_txt("", 403), robots_txt("\x00\xff" * 99)])
async def test_a_site_without_a_robots_txt_lets_everybody_in(
    answer: Answer, publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers["/robots.txt"] = answer
    async with polling(fetch=ROBOTS) as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert {page.kind for page in pages} == {"read"}


async def test_where_robots_txt_cannot_be_had_pages_are_tried_later(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/robots.txt"] = robots_txt("", 500)
    async with polling(fetch=ROBOTS) as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
        assert {page.kind for page in pages} == {"failed"}
        assert all(page.next_try_at is not None for page in pages)
        publisher.answers["/robots.txt"] = robots_txt("User-agent: *\nAllow: /\n")
        clock.pass_time(hours=1)
        pages = await poller.read_due_pages()
    assert {page.kind for page in pages} == {"read"}


async def test_a_site_that_fails_later_is_held_to_what_it_said_before(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/robots.txt"] = robots_txt(DISALLOW)
    async with polling(fetch=ROBOTS) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        publisher.answers["/robots.txt"] = robots_txt("", 500)
        publisher.stories = [4, 12]
        clock.pass_time(days=2)
        summary = await poller.poll_due()
    kinds = {page.url.rpartition("/")[2]: page.failure and page.failure.kind for page in summary.pages}
    assert kinds["4"] is None
    assert kinds["12"] == "robots"


async def test_without_the_setting_robots_txt_is_not_asked(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
    assert "/robots.txt" not in publisher.asked
