"""Feeds that ask who we are, sites that we have a login for, and sites whose robots.txt says no."""

from base64 import b64encode
from datetime import timedelta

import pytest
from aiohttp import web

from tests.archive.stored_rows import pending_pages
from tests.conftest import present
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.config import FeedSettings
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
