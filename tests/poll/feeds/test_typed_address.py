"""Addresses as people type them: without a scheme, or with a login inside."""

import base64

import pytest
from aiohttp import web

from tests.poll.conftest import Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.config import FeedSettings
from unabridged.errors import BadStatus, ConnectionFailed, FetchError, HostNotFound, InvalidURL
from unabridged.fetch.client import Fetcher
from unabridged.poll.feeds.discovery import find_feeds_of
from unabridged.poll.feeds.typed_address import TypedAddress, first_that_answers, spellings, typed_address

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("typed", "urls"),
    [
        ("news.example/feed", ("https://news.example/feed", "http://news.example/feed")),
        ("news.example:8080", ("https://news.example:8080", "http://news.example:8080")),
        ("//news.example/", ("https://news.example/", "http://news.example/")),
        ("https://news.example/", ("https://news.example/",)),
        ("http://news.example/", ("http://news.example/",)),
        ("feed://news.example/", ("http://news.example/",)),
    ],
)
async def test_without_a_scheme_https_is_tried_before_http(typed: str, urls: tuple[str, ...]) -> None:
    assert spellings(typed) == urls


@pytest.mark.parametrize(
    ("typed", "url", "user", "password"),
    [
        ("https://ada:pw@news.example/feed", "https://news.example/feed", "ada", "pw"),
        ("http://ada%40x:p%3Aw@news.example/", "http://news.example/", "ada@x", "p:w"),
        ("https://ada@news.example/", "https://news.example/", "ada", None),
        ("https://ada:p@w@news.example/", "https://news.example/", "ada", "p@w"),
        ("feed:https://ada:pw@news.example/", "https://news.example/", "ada", "pw"),
    ],
)
async def test_a_login_in_an_address_goes_to_the_settings(
    typed: str, url: str, user: str, password: str | None
) -> None:
    expected = FeedSettings(username=user, password=password)
    assert typed_address(typed) == TypedAddress(urls=(url,), own=expected)


async def test_a_login_given_beside_the_address_counts_before_the_one_inside() -> None:
    own = FeedSettings(username="bo", password="other", user_agent="x")
    assert typed_address("https://ada:pw@news.example/", own).own == own


@pytest.mark.parametrize(
    "typed", ["https://ada:p/w@news.example/", "ada:pw@news.example", "ftp://a:b@c.example/"]
)
async def test_an_ambiguous_login_is_refused_and_not_shown(typed: str) -> None:
    with pytest.raises(InvalidURL) as caught:
        typed_address(typed)
    assert "pw" not in str(caught.value) and "p/w" not in str(caught.value)


async def test_a_login_is_not_tried_over_http_unless_that_was_typed() -> None:
    own = FeedSettings(username="ada", password="pw")
    assert typed_address("news.example", own).urls == ("https://news.example",)


@pytest.mark.parametrize("second", [None, HostNotFound("http://a.example/", "gone")])
async def test_the_first_failure_is_told(second: FetchError | None) -> None:
    failures = {
        "https": ConnectionFailed("https://a.example/", "refused"),
        "http": second or BadStatus("http://a.example/", 500, "broken"),
    }

    async def attempt(url: str) -> None:
        raise failures[url.partition(":")[0]]

    with pytest.raises(ConnectionFailed, match="refused"):
        await first_that_answers(spellings("a.example"), attempt)


async def test_a_bare_host_that_speaks_no_tls_is_added_and_listed_over_http(
    publisher: Publisher, polling: Polling, fetcher: Fetcher
) -> None:
    bare = publisher.feed.removeprefix("http://")
    assert [feed.url for feed in await find_feeds_of(bare, fetcher=fetcher)] == [publisher.feed]
    async with polling() as poller:
        added = await poller.add(bare)
        assert added.subscription.feed.url == publisher.feed
        assert not (await poller.add(bare)).subscription.new


async def test_a_login_in_an_address_is_stored_for_its_origin_and_not_in_the_address(
    publisher: Publisher, polling: Polling, archive: Archive
) -> None:
    expected = "Basic " + base64.b64encode(b"ada:s3cret").decode()

    def members(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != expected:
            return web.Response(status=401)
        return web.Response(text=publisher.feed_text(), content_type="application/rss+xml")

    publisher.answers["/feed.xml"] = members
    async with polling() as poller:
        added = await poller.add(publisher.feed.replace("http://", "http://ada:s3cret@"))
    assert added.subscription.feed.url == publisher.feed
    stored = archive.feeds.settings(added.subscription.feed.id)
    assert (stored.username, stored.password, stored.origin) == ("ada", "s3cret", publisher.base)


@pytest.mark.parametrize(
    "typed",
    [
        "<https://news.example/rss>",
        "“https://news.example/rss”",
        "podcast:https://news.example/rss",
        "view-source:https://news.example/rss",
        "https://news.example/rss\u200b",
    ],
)
async def test_what_was_copied_around_an_address_is_left_out(typed: str) -> None:
    assert typed_address(typed).urls == ("https://news.example/rss",)
    assert typed_address("pcast://news.example/rss").urls == ("http://news.example/rss",)
