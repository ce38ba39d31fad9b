"""Mark a feed reader's behaviour towards a strict publisher, out of a hundred.

    python -m bench.manners        with morss, where the extra `bench` is installed

A publisher of our own counts requests and plays its part over three weeks, whose time is played too:
quiet days, news, a stated freshness, 429 and 503, a move, an end. The rules are those of
https://rachelbythebay.com/fs/help.html. Beside us stands what many scripts do, feedparser every half hour,
and the full-text proxy morss, which a reader app asks every half hour.
"""

import asyncio
import http.client
import importlib.util
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from unittest import mock

import feedparser
from aiohttp import web
from rich.console import Console
from rich.table import Table

from unabridged.archive.facade.archive import Archive
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller

START = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLACK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request as the publisher saw it; `act` is the part of the play it fell into."""

    at: datetime
    act: str
    path: str
    headers: dict[str, str]
    status: int
    parallel: int
    validators: tuple[str, str]


@dataclass(slots=True)
class Stage:
    """The publisher: what it answers now, and everything it was asked. now: the play's time."""

    now: datetime = START
    act: str = "adding"
    version: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    answer_with: Callable[[web.Request], web.Response | None] = lambda request: None
    hits: list[Hit] = field(default_factory=list)
    parallel: int = 0

    @property
    def validators(self) -> tuple[str, str]:
        day = START + timedelta(hours=self.version)
        return f'W/"v {self.version}"', day.strftime("%a, %d %b %Y %H:%M:%S GMT")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.parallel += 1
        try:
            await asyncio.sleep(0.002)
            response = self.answer_with(request) or self._feed(request)
        finally:
            parallel, self.parallel = self.parallel, self.parallel - 1
        response.set_cookie("track", "1")
        hit = Hit(
            at=self.now,
            act=self.act,
            path=request.path_qs,
            headers={name.lower(): value for name, value in request.headers.items()},
            status=response.status,
            parallel=parallel,
            validators=self.validators,
        )
        self.hits.append(hit)
        return response

    def _feed(self, request: web.Request) -> web.Response:
        etag, modified = self.validators
        headers = {"ETag": etag, "Last-Modified": modified, **self.headers}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        items = "".join(
            f"<item><title>News {n}</title><guid>n{n}</guid><description>Words {n}.</description></item>"
            for n in range(self.version, 0, -1)
        )
        text = f"<rss version='2.0'><channel><title>Strict</title>{items}</channel></rss>"
        return web.Response(text=text, content_type="application/rss+xml", headers=headers)


Act = tuple[str, float]
"""A part of the play and how many hours it lasts."""

ACTS: tuple[Act, ...] = (
    ("quiet", 30),
    ("restart", 0),
    ("news", 24),
    ("fresh for 3 hours", 24),
    ("too many requests", 6),
    ("busy", 20),
    ("recovered", 24),
    ("moved", 200),
    ("gone", 200),
)


def set_scene(stage: Stage, act: str) -> None:
    """Let the publisher behave as its part says."""
    stage.act = act
    stage.headers = {"Cache-Control": "max-age=10800"} if act.startswith("fresh") else {}
    stage.version += act in ("news", "recovered")
    answers: dict[str, Callable[[web.Request], web.Response | None]] = {
        "too many requests": lambda request: web.Response(status=429, headers={"Retry-After": "18000"}),
        "busy": lambda request: web.Response(status=503),
        "moved": _moved,
        "gone": lambda request: web.Response(status=410),
    }
    stage.answer_with = answers.get(act, lambda request: None)


def _moved(request: web.Request) -> web.Response | None:
    if request.path == "/feed.xml":
        return web.Response(status=301, headers={"Location": "/new.xml"})
    return None


Reader = Callable[[str, Stage], Awaitable[None]]


async def play_ours(url: str, stage: Stage) -> None:
    """Unabridged, its poller run by the play's clock and ended and begun again at "restart"."""
    fetch = FetchSettings(
        allow_private=("127.0.0.1",), per_host_gap=0.0, contact="https://reader.example/about-our-reader"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive(f"sqlite:///{folder}/a.sqlite") as archive,
    ):
        async with _poller(archive, fetch, stage) as poller:
            await poller.add(url)
        for act, hours in ACTS:
            set_scene(stage, act)
            end = stage.now + timedelta(hours=hours)
            async with _poller(archive, fetch, stage) as poller:
                await poller.poll_due()
                while (due := archive.schedule.next_due_at()) is not None and due < end:
                    stage.now = max(due, stage.now)
                    await poller.poll_due()
            stage.now = end


class _poller:
    def __init__(self, archive: Archive, fetch: FetchSettings, stage: Stage) -> None:
        self.fetcher = Fetcher(fetch)
        self.poller = Poller(
            archive=archive,
            fetcher=self.fetcher,
            settings=PollSettings(workers=1),
            clock=lambda: stage.now,
            jitter=lambda: 0.5,
        )

    async def __aenter__(self) -> Poller:
        await self.fetcher.__aenter__()
        return await self.poller.__aenter__()

    async def __aexit__(self, *error: object) -> None:
        await self.poller.__aexit__(None, None, None)
        await self.fetcher.__aexit__(None, None, None)


async def play_loop(url: str, stage: Stage) -> None:
    """The script of many tutorials: feedparser.parse(url) every half hour, and once at every start."""

    def ask() -> None:
        with suppress(OSError, http.client.HTTPException):
            feedparser.parse(url)

    await _every_half_hour(ask, stage)


async def play_morss(url: str, stage: Stage) -> None:
    """morss as it comes, asked every half hour: its cache, in memory, ends with its process."""
    from morss import crawler, morss

    def ask() -> None:
        if stage.act == "restart":
            crawler.default_cache.clear()
        with suppress(morss.MorssException):
            morss.FeedFetch(url, morss.Options())

    with mock.patch.object(crawler, "time", SimpleNamespace(time=lambda: stage.now.timestamp())):
        await _every_half_hour(ask, stage)


async def _every_half_hour(ask: Callable[[], None], stage: Stage) -> None:
    await asyncio.to_thread(ask)
    for act, hours in ACTS:
        set_scene(stage, act)
        end = stage.now + timedelta(hours=hours)
        await asyncio.to_thread(ask)
        while stage.now + HOUR / 2 < end:
            stage.now += HOUR / 2
            await asyncio.to_thread(ask)
        stage.now = end


Rule = tuple[str, Callable[[list[Hit]], bool]]


def _in(hits: list[Hit], act: str) -> list[Hit]:
    return [hit for hit in hits if hit.act == act]


def _spaced(hits: list[Hit], least: timedelta) -> bool:
    times = sorted({hit.at for hit in hits})
    return all(b - a >= least - SLACK for a, b in pairwise(times))


def _conditional(hit: Hit) -> bool:
    return "if-none-match" in hit.headers or "if-modified-since" in hit.headers


def _validators_true(hits: list[Hit]) -> bool:
    served: set[tuple[str, str]] = set()
    for hit in hits:
        sent = hit.headers.get("if-none-match"), hit.headers.get("if-modified-since")
        if any(sent) and sent not in served:
            return False
        if hit.status == 200:
            served = {hit.validators}
    return True


def _backs_off(hits: list[Hit]) -> bool:
    times = [hit.at for hit in _in(hits, "busy")]
    gaps = [b - a for a, b in pairwise(times)]
    return bool(times) and len(times) <= 6 and all(b >= a for a, b in pairwise(gaps))


def _settles(hits: list[Hit]) -> bool:
    late = [hit for hit in _in(hits, "moved") if hit.at > _in(hits, "moved")[0].at + timedelta(days=3)]
    return bool(late) and all(hit.path == "/new.xml" for hit in late)


def _honest(hit: Hit) -> bool:
    agent = hit.headers.get("user-agent", "")
    return "+http" in agent and "Mozilla" not in agent


def _compressed(hit: Hit) -> bool:
    return "gzip" in hit.headers.get("accept-encoding", "")


RULES: tuple[Rule, ...] = (
    ("adding fetches the feed once", lambda hits: len(_in(hits, "adding")) == 1),
    ("the first request is unconditional", lambda hits: not _conditional(hits[0])),
    ("and it is the only one", lambda hits: sum(not _conditional(hit) for hit in hits) == 1),
    ("validators are those last served, byte for byte", _validators_true),
    ("never more than once an hour", lambda hits: _spaced(hits, HOUR)),
    ("a restart asks nothing", lambda hits: not _in(hits, "restart")),
    ("stated freshness is kept", lambda hits: _spaced(_in(hits, "fresh for 3 hours")[1:], 3 * HOUR)),
    (
        "Retry-After is obeyed",
        lambda hits: _spaced(
            [*_in(hits, "too many requests"), *_in(hits, "busy")[:1]], timedelta(seconds=18000)
        ),
    ),
    ("errors are asked ever less", _backs_off),
    ("a permanent move is learnt", _settles),
    ("what is gone is left alone", lambda hits: len(_in(hits, "gone")) <= 1),
    ("no cookies", lambda hits: not any("cookie" in hit.headers for hit in hits)),
    ("no Referer", lambda hits: not any("referer" in hit.headers for hit in hits)),
    ("no query string of its own", lambda hits: not any("?" in hit.path for hit in hits)),
    ("an honest name with a contact address", lambda hits: all(map(_honest, hits))),
    (
        "compression is accepted",
        lambda hits: all("gzip" in hit.headers.get("accept-encoding", "") for hit in hits),
    ),
    ("one connection at a time", lambda hits: all(hit.parallel == 1 for hit in hits)),
    ("news is found within a day", lambda hits: any(hit.status == 200 for hit in _in(hits, "news"))),
)


async def perform(reader: Reader) -> list[Hit]:
    """Let a reader go through the whole play; return what the publisher saw."""
    stage = Stage()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stage.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await reader(f"http://127.0.0.1:{runner.addresses[0][1]}/feed.xml", stage)
    finally:
        await runner.cleanup()
    return stage.hits


def mark(hits: list[Hit]) -> dict[str, bool]:
    """Return each rule and whether the reader kept it."""
    return {name: rule(hits) for name, rule in RULES}


def readers() -> dict[str, Reader]:
    """Return who plays: morss only where it is installed."""
    found: dict[str, Reader] = {"Unabridged": play_ours, "feedparser every half hour": play_loop}
    if importlib.util.find_spec("morss"):
        found["morss every half hour"] = play_morss
    return found


def main() -> int:
    """Print the marks; 0 when ours is 100."""
    seen = {name: asyncio.run(perform(reader)) for name, reader in readers().items()}
    marks = {name: mark(hits) for name, hits in seen.items()}
    table = Table("rule", *seen)
    for rule, _ in RULES:
        table.add_row(rule, *("kept" if kept[rule] else "[red]broken" for kept in marks.values()))
    table.add_row("requests", *(str(len(hits)) for hits in seen.values()))
    totals = {name: 100 * sum(kept.values()) / len(kept) for name, kept in marks.items()}
    table.add_row("[bold]mark", *(f"[bold]{total:.0f} %" for total in totals.values()))
    Console().print(table)
    return 0 if totals["Unabridged"] == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
