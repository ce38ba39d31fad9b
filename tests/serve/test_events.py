"""Server-sent events: who gets them, when they end, how many there may be."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from tests.archive.stored_rows import add_user
from tests.serve.running_app import NOW, Desk, make_article, page_of, running
from unabridged.archive.records.accounts import Device
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.serve.events import MAX_PER_USER, WATCH_SECONDS, EventHub
from unabridged.serve.viewer import Viewer, open_viewer


async def first_event(stream: AsyncGenerator[str, None]) -> str:
    async with asyncio.timeout(10):
        async for part in stream:
            if part.startswith("event: "):
                return part
    return ""


def test_new_articles_are_told_to_those_who_got_them(full: Desk) -> None:
    other = full.archive.accounts.get(add_user(full.archive, "bo"))
    bo = Viewer(user=other, way="proxy")

    async def watch() -> tuple[str, bool]:
        hub = EventHub(full.archive, lambda: NOW)
        async with aclosing(hub.stream(open_viewer())) as mine, aclosing(hub.stream(bo)) as theirs:
            assert (await anext(mine)).startswith("retry:")
            assert (await anext(theirs)).startswith("retry:")
            told = asyncio.create_task(first_event(mine))
            waiting = asyncio.create_task(first_event(theirs))
            await asyncio.sleep(0.3)  # the watcher knows what there was
            article = make_article(50)
            await asyncio.to_thread(
                lambda: full.archive.library().articles.save(article, page_of(article), now=NOW)
            )
            event = await told
            is_quiet = not waiting.done()
            hub.publish_change(other.id)
            assert (await waiting).startswith("event: change")
            return event, is_quiet

    assert asyncio.run(watch()) == ("event: change\ndata: {}\n\n", True)


def test_one_person_has_a_bounded_number_of_connections(full: Desk) -> None:
    async def connect() -> tuple[int, int]:
        hub = EventHub(full.archive, lambda: NOW)
        streams = [hub.stream(open_viewer()) for _ in range(MAX_PER_USER + 2)]
        for stream in streams:
            await anext(stream)
        ended = [await anext(stream, None) for stream in streams[:2]]
        assert [await anext(stream, "end") for stream in streams[:2]] == ["end", "end"], ended
        kept = hub.connections
        for stream in streams:
            await stream.aclose()
        return kept, hub.connections

    assert asyncio.run(connect()) == (MAX_PER_USER, 0)


@pytest.mark.parametrize("stays", [True, False])
def test_a_stream_ends_when_its_session_ends(full: Desk, stays: bool) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    made = full.archive.accounts.open_session(1, Device(), now=datetime.now(UTC))
    headers = {"Cookie": f"{PLAIN_COOKIE}={made.secret}"}
    with (
        running(full, settings, clock=lambda: datetime.now(UTC)) as address,
        httpx.Client(base_url=address, headers=headers, timeout=3 * WATCH_SECONDS) as client,
        client.stream("GET", "/events") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        parts = answer.iter_text()
        assert next(parts).startswith("retry:")
        if stays:
            return  # and the server stops at once, although the stream is open
        full.archive.accounts.end_session(1, made.session.id)
        assert list(parts) in ([], [": still here\n\n"])


def test_the_server_stops_while_streams_are_open(full: Desk) -> None:
    with running(full) as address:
        client = httpx.Client(base_url=address, timeout=60)
        stream = client.stream("GET", "/events")
        assert next(stream.__enter__().iter_text()).startswith("retry:")
        began = time.monotonic()
    assert time.monotonic() - began < 20
    client.close()


def test_events_need_a_login(full: Desk) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    with running(full, settings) as address:
        assert httpx.get(f"{address}/events").status_code == 401
