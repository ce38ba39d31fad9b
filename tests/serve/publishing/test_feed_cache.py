"""Full-text versions of any feed: stale ones at once, read again once, failures said, no token passed on."""

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
from aiohttp import web

from tests.serve.conftest import Visit
from tests.serve.routes.test_any_feed import LAST, PAGE
from tests.serve.running_app import NOW, Desk, answering, in_thread, letting_in, wait_until

PROGRAM = {"Accept": "*/*"}


@dataclass(slots=True)
class Site:
    """A site with a feed of two articles that may be slow or broken."""

    asked: list[str] = field(default_factory=list)
    title: str = "Harbour Post"
    slow: float = 0.0
    broken: set[str] = field(default_factory=set)
    origin: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        await asyncio.sleep(self.slow)
        if request.path in self.broken:
            return web.Response(status=503)
        if request.path != "/feed":
            return web.Response(text=PAGE, content_type="text/html")
        items = "".join(
            f"<item><title>A frozen harbour</title><link>{self.origin}{path}</link>"
            f"<guid>{self.origin}{path}</guid><description>Three lines.</description></item>"
            for path in ("/one", "/two")
        )
        text = f"<rss version='2.0'><channel><title>{self.title}</title>{items}</channel></rss>"
        return web.Response(text=text, content_type="application/rss+xml")

    def feeds_asked(self) -> int:
        return self.asked.count("/feed")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with in_thread(answering(site.answer)) as site.origin:
        yield site


@dataclass(slots=True)
class Stage:
    client: httpx.Client
    now: list[datetime]
    params: dict[str, str]

    def get(self, **params: str) -> httpx.Response:
        return self.client.get("/feed", params=self.params | params, headers=PROGRAM)


@pytest.fixture
def stage(desk: Desk, site: Site, visit: Visit) -> Stage:
    now = [NOW]
    client = visit(desk, settings=letting_in(desk.settings, "127.0.0.1"), clock=lambda: now[0])
    return Stage(client=client, now=now, params={"url": f"{site.origin}/feed", "format": "atom"})


def title_of(answer: httpx.Response) -> str:
    return str(feedparser.parse(answer.content).feed.title)


def test_a_stale_feed_is_answered_at_once_while_it_is_read_again(stage: Stage, site: Site) -> None:
    first = stage.get()
    assert (first.headers["age"], "warning" in first.headers) == ("0", False)
    site.title, site.slow = "Harbour Evening Post", 1.0
    stage.now[0] += timedelta(minutes=11)
    began = time.monotonic()
    stale = stage.get()
    assert time.monotonic() - began < 0.9, "it did not wait for the site"
    assert title_of(stale) == "Harbour Post"
    assert stale.headers["age"] == "660"
    assert stale.headers["warning"].startswith("110 ")
    assert "max-age=600" in stale.headers["cache-control"]
    assert "stale-while-revalidate=86400" in stale.headers["cache-control"]
    wait_until(lambda: title_of(stage.get()) == "Harbour Evening Post")
    fresh = stage.get()
    assert (fresh.headers["age"], "warning" in fresh.headers) == ("0", False)


def test_many_who_ask_at_once_have_a_feed_read_once(stage: Stage, site: Site) -> None:
    site.slow = 0.3
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: stage.get(), range(8)))
        assert {one.status_code for one in answers} == {200}
        assert site.feeds_asked() == 1
        stage.now[0] += timedelta(minutes=11)
        list(threads.map(lambda _: stage.get(), range(8)))
        wait_until(lambda: stage.get().headers["age"] == "0")
    assert site.feeds_asked() == 2


def test_a_feed_that_fails_later_is_answered_as_it_was_for_a_day(stage: Stage, site: Site) -> None:
    stage.get()
    site.broken = {"/feed"}
    stage.now[0] += timedelta(minutes=30)
    assert stage.get().headers["warning"].startswith(("110 ", "111 "))  # asked again beside the answer
    wait_until(lambda: stage.get().headers["warning"].startswith("111 "))
    asked = site.feeds_asked()
    assert title_of(stage.get()) == "Harbour Post"
    assert site.feeds_asked() == asked, "a site that fails is left alone for a while"
    stage.now[0] += timedelta(days=1)
    gone = stage.get()
    assert gone.status_code == 502
    assert "503" in gone.text


def test_a_page_that_fails_leaves_the_feeds_text_and_the_reason(stage: Stage, site: Site) -> None:
    site.broken = {"/two"}
    items = json.loads(stage.get(format="json").content)["items"]
    assert len(items) == 2
    assert LAST in items[0]["content_html"]
    assert "note" not in items[0].get("_unabridged", {})
    assert items[1]["content_html"].startswith("<p>Three lines.</p>")
    assert "could not be read" in items[1]["_unabridged"]["note"]
    for name in ("rss", "atom"):
        entries = feedparser.parse(stage.get(format=name).content).entries
        assert "could not be read" not in entries[0].content[0].value
        assert "could not be read" in entries[1].content[0].value


def test_nobody_gets_the_token_of_another(desk: Desk, site: Site, visit: Visit) -> None:
    """The document names its own address, and an address may hold a token."""
    client = visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))
    bo = desk.archive.accounts.add("Bo", now=NOW)
    tokens = [desk.archive.library(user).tokens.add("app", "read", now=NOW).secret for user in (1, bo.id)]
    for name in ("rss", "atom", "json"):
        params = {"url": f"{site.origin}/feed", "format": name}
        texts = [client.get("/feed", params=params | {"token": token}).text for token in tokens]
        ids = {feedparser.parse(text).feed.get("id") for text in texts}
        for text, own, other in zip(texts, tokens, reversed(tokens), strict=True):
            assert own in text
            assert other not in text
        assert len(ids) == 1, "the id of a feed is the same for everybody"


def test_head_and_conditional_requests_are_answered_from_the_cache(stage: Stage, site: Site) -> None:
    first = stage.get()
    head = stage.client.head("/feed", params=stage.params, headers=PROGRAM)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    stage.now[0] += timedelta(minutes=3)
    again = stage.client.get(
        "/feed", params=stage.params, headers=PROGRAM | {"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, again.headers["age"]) == (304, b"", "180")
    assert site.feeds_asked() == 1
