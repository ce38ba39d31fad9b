"""Work that takes long: others are answered meanwhile, what is abandoned is dropped, pages stay small."""

import asyncio
import random
import re
import socket
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.serve.conftest import Visit
from tests.serve.running_app import LONGEST_HOLD, LOOK, NOW, Desk, LoopWatcher, make_article, page_of
from unabridged.archive.records.core import ListedFeed
from unabridged.poll.reports import FullTextFeed
from unabridged.processes.pool import Limits
from unabridged.serve.access import RouteKind
from unabridged.serve.diff_child import DiffTask
from unabridged.serve.diff_pool import DiffPool
from unabridged.serve.load_limits import CHUNK_SIZE, CONCURRENCY, ChunkedSend, LoadGuard, PersonSlots
from unabridged.serve.publishing.feed_cache import CACHE_BYTES, FeedCache
from unabridged.serve.routes.sources.source_list import FEEDS_PER_PAGE

PATIENCE = 20.0
"""Seconds within which the program's health is told while it works: a bound against hangs."""


def hostile(word: str) -> str:
    """A text of which every second paragraph is the same, and every other one is not."""
    luck = random.Random(word)
    made = (f"{word}{n} " + " ".join(luck.choices("abcd", k=20)) for n in range(1500))
    return "\n\n".join(text for one in made for text in ("the same again " * 8, one))


def with_versions(desk: Desk, old: str, new: str) -> int:
    """Add an article with two versions; returns its number. Version 0 is the feed's own text."""
    first = make_article(7, text=old, html=f"<p>{old}</p>")
    desk.subscribe([first])
    changed = replace(first, text=new, html=f"<p>{new}</p>")
    desk.archive.ingest.save_page(desk.articles[0], changed, page_of(changed), now=NOW)
    return desk.articles[0]


def health(client: httpx.Client) -> None:
    began = time.monotonic()
    assert client.get("/healthz").status_code == 200
    assert time.monotonic() - began < PATIENCE


async def test_the_watcher_sees_a_loop_that_is_held() -> None:
    watcher = LoopWatcher()
    watching = asyncio.create_task(watcher.watch())
    await asyncio.sleep(2 * LOOK)
    ends = time.thread_time() + 2 * LONGEST_HOLD
    while time.thread_time() < ends:
        pass
    await asyncio.sleep(2 * LOOK)
    watching.cancel()
    assert watcher.longest > LONGEST_HOLD


def test_hostile_versions_are_compared_in_words_while_others_are_answered(desk: Desk, visit: Visit) -> None:
    number = with_versions(desk, hostile("old"), hostile("new"))
    client = visit(desk)
    path = f"/a/{number}/diff/1..2"
    ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(30):  # left at once
        with socket.create_connection(("127.0.0.1", cast(int, client.base_url.port))) as door:
            door.sendall(ask)
    health(client)
    assert "too different to show word by word" in client.get(path).text
    health(client)


async def test_a_comparison_that_kills_its_child_is_shown_as_a_whole() -> None:
    async with DiffPool(Limits(memory=1_000_000_000, cpu=10, wall=0.001)) as diff_pool:
        found = await diff_pool.compare(DiffTask(text=("one", "two"), title=("a", "b")))
    assert found.text.limited
    assert [paragraph.kind for paragraph in found.text.paragraphs] == ["removed", "added"]


def test_a_large_article_and_its_feed_leave_the_loop_free(desk: Desk, visit: Visit) -> None:
    text = "\n\n".join(f"Paragraph {n} says a few words more." for n in range(30_000))
    with_versions(desk, text, text + "\n\nOne more.")
    client = visit(desk)
    for path in ("/a/1", "/a/1/v/1", "/a/1/versions", "/a/1/diff/1..2", "/feeds/1.json?raw", "/"):
        assert client.get(path).status_code == 200
        health(client)


def test_searches_leave_the_loop_free(full: Desk, visit: Visit) -> None:
    client = visit(full)
    for q in ("story OR " * 100 + "x", '"the first" ' * 40, "s* t* p*"):
        for history in ("", "&history=1"):
            assert client.get(f"/search?q={q}{history}").status_code in (200, 422)
    health(client)


def test_many_feeds_come_in_pages_of_which_each_is_small(desk: Desk, visit: Visit) -> None:
    count = 2 * FEEDS_PER_PAGE + 49
    listed = [
        ListedFeed(
            url=f"https://s{n}.example/feed", folder=f"F{n % 3}" if n % 4 else None, title=f"Site {n:04}"
        )
        for n in range(count)
    ]
    desk.archive.library().subscriptions.add_many(listed, now=NOW, retain={})
    client = visit(desk)
    pages = [client.get(f"/sources?page={n}").text for n in (1, 2, 3)]
    found = [name for page in pages for name in re.findall(r'<div class="what"><a [^>]*>(.*?)</a>', page)]
    assert sorted(found) == [f"Site {n:04}" for n in range(count)]
    assert max(map(len, pages)) < 60_000
    assert "Site 0" not in client.get("/").text
    assert "Page 2 of 3" in pages[1] and 'href="/sources?page=3"' in pages[1]
    assert len(client.get("/").text) < 60_000
    assert client.get("/sources?page=4").status_code == 404
    assert client.get("/sources?page=0").status_code == 400


def test_a_list_that_looks_full_of_ends_is_read_beside_the_loop(full: Desk, visit: Visit) -> None:
    client = visit(full)
    content = b"--x\r\nContent-Disposition: form-data; name=f\r\n\r\n" + b"\r\n--\r\n-" * 300_000
    answer = client.post(
        "/sources.opml", content=content, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in (403, 422)
    health(client)


def test_feeds_made_in_passing_are_kept_within_a_bound_on_memory() -> None:
    recent = FeedCache()
    for n in range(6):
        made = cast(FullTextFeed, SimpleNamespace(size=CACHE_BYTES // 2))
        recent.put((f"https://a.example/{n}", 20), NOW, made)
    assert [key[0][-1] for key in recent.entries] == ["4", "5"]


async def test_a_request_that_was_left_gives_its_place_to_the_next() -> None:
    started: list[str] = []
    ended = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        started.append(scope["path"])
        await ended.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    guard, leave = LoadGuard(app), asyncio.Event()

    async def receive() -> Message:
        await leave.wait()
        return {"type": "http.disconnect"}

    async def stays() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        return None

    def ask(receive: Receive) -> asyncio.Task[None]:
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/search"}
        return asyncio.create_task(guard(scope, receive, send))

    left = [ask(receive) for _ in range(20)]
    last = ask(stays)
    await asyncio.sleep(0.05)
    assert len(started) == CONCURRENCY[RouteKind.EXPENSIVE][0]
    leave.set()
    await asyncio.gather(*left)
    await asyncio.sleep(0.05)
    assert len(started) == CONCURRENCY[RouteKind.EXPENSIVE][0] + 1
    ended.set()
    await last


async def test_a_request_too_many_is_told_to_come_again() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    guard = LoadGuard(app)
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/search"}
    tasks = [
        asyncio.create_task(guard(scope, receive, send)) for _ in range(sum(CONCURRENCY[RouteKind.EXPENSIVE]))
    ]
    await asyncio.sleep(0.05)
    await guard(scope, receive, send)
    assert answers[0]["status"] == 503
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1, 5 * CHUNK_SIZE])
async def test_an_answer_in_portions_is_the_answer(size: int) -> None:
    body = random.Random(size).randbytes(size)
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.body", "body": body})

    async def note(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    await ChunkedSend(app)({"type": "http"}, receive, note)
    assert b"".join(one["body"] for one in sent) == body
    assert [one.get("more_body", False) for one in sent] == [True] * (len(sent) - 1) + [False]
    assert max(len(one["body"]) for one in sent) <= CHUNK_SIZE


def test_a_person_has_some_slots_and_everybody_together_has_more() -> None:
    slots = PersonSlots(3, 2)
    with slots.held(1) as one, slots.held(1) as two, slots.held(1) as three, slots.held(2) as other:
        assert (one, two, three, other) == (True, True, False, True)
        with slots.held(3) as beyond:
            assert not beyond
    with slots.held(3) as later:
        assert later
