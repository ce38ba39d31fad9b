"""Serves sample sites over HTTP on loopback, each at an address of its own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from unabridged.errors import ConfigError
from unabridged.sample.answers import Answer, answer, with_validators
from unabridged.sample.layout import Site, read_site
from unabridged.sample.log import Request, RequestLog
from unabridged.sample.render import Stage
from unabridged.sample.truth import Truth

SITES: Final = Path(__file__).parent / "sites"
"""The publishers' folders that come with the package."""

DEFAULT_SITES: Final = ("quillhaven", "qingshiwan")

Clock = Callable[[], datetime]
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def shipped_site(name: str) -> Site:
    """One of the package's own sites. Raises ConfigError naming those there are."""
    folder = SITES / name
    if not folder.is_dir():
        known = ", ".join(sorted(item.name for item in SITES.iterdir() if item.is_dir()))
        raise ConfigError(f"There is no sample site {name!r}. There are: {known}.")
    return read_site(folder)


@dataclass(slots=True, kw_only=True)
class Served:
    """A site that is being served. origin: "http://127.0.0.2:40001"."""

    site: Site
    origin: str
    events: tuple[str, ...] = ()
    cases: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def stage(self) -> Stage:
        """The site as it stands now."""
        return Stage(site=self.site, origin=self.origin, events=self.events, cases=self.cases)

    @property
    def feeds(self) -> tuple[str, ...]:
        """The addresses of the feeds to subscribe to."""
        return tuple(self.origin + path for path in self.site.feed_paths)

    def truths(self) -> tuple[Truth, ...]:
        """What is true of every page now, with absolute addresses."""
        stated = [source.truth_at(self.events) for source in self.stage.articles()]
        known = (*(truth for truth in stated if truth is not None), *self.site.truths)
        return tuple(replace(truth, url=self.origin + truth.url) for truth in known)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class SamplePublisher:
    """An async context manager that serves sites until it is left.

    sites: folders read, or names of the package's own. cases: what to switch on (see cases.CASES).
    port: the first site's, and the next ones' that follow; 0 takes free ones.
    """

    def __init__(
        self,
        sites: Sequence[Site | str] = DEFAULT_SITES,
        *,
        cases: Collection[str] = (),
        port: int = 0,
        log_file: Path | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._sites = tuple(shipped_site(site) if isinstance(site, str) else site for site in sites)
        self._cases = frozenset(cases)
        self._port = port
        self._clock = clock
        self._runners: list[web.AppRunner] = []
        self.log = RequestLog(file=log_file)
        self.served: tuple[Served, ...] = ()

    async def __aenter__(self) -> Self:
        try:
            for number, site in enumerate(self._sites):
                self.served += (await self._serve_site(site, number),)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def feeds(self) -> tuple[str, ...]:
        """The addresses of all feeds to subscribe to."""
        return tuple(feed for served in self.served for feed in served.feeds)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The loopback addresses in use, for a fetcher that refuses private ones unless they are named."""
        return tuple(dict.fromkeys(served.origin.split("//")[1].rsplit(":", 1)[0] for served in self.served))

    def truths(self) -> tuple[Truth, ...]:
        """What is true of every page of every site now."""
        return tuple(truth for served in self.served for truth in served.truths())

    def site(self, name: str) -> Served:
        """One of the sites, by its folder's name. Raises KeyError."""
        return {served.site.name: served for served in self.served}[name]

    def advance(self, event: str) -> None:
        """Let something happen on every site: "edit", "takedown", "redesign" … Once is enough."""
        for served in self.served:
            if event not in served.events:
                served.events += (event,)

    async def _serve_site(self, site: Site, number: int) -> Served:
        served = Served(site=site, origin="", cases=self._cases)
        host, port = await self._listen(partial(self._answer, served), number)
        served.origin = f"http://{host}:{port}"
        return served

    async def _listen(self, answering: Answering, number: int) -> tuple[str, int]:
        """Serve on 127.0.0.(2 + number), on 127.0.0.1 where the system knows no other; (host, port)."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answering)
        runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        port = self._port + number if self._port else 0
        for host in (_loopback(number), "127.0.0.1"):
            with suppress(OSError):
                await web.TCPSite(runner, host, port).start()
                return host, int(runner.addresses[0][1])
        raise ConfigError(
            f"Port {port} of 127.0.0.1 cannot be opened. Is it in use? Choose another with --port."
        )

    async def _stop(self) -> None:
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        self._runners.clear()

    async def _answer(self, served: Served, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.method not in ("GET", "HEAD"):
            made = Answer(status=405, headers={"Allow": "GET, HEAD"})
        else:
            raw = answer(served.stage, request.path, asked=served.counts[request.path])
            made = with_validators(raw, headers)
        served.counts[request.path] += 1
        self._note(served.site.name, request, made.status, len(made.body))
        return web.Response(status=made.status, body=made.body, headers=dict(made.headers))

    def _note(self, host: str, request: web.Request, status: int, sent: int) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.log.add(
            Request(
                at=self._clock(),
                host=host,
                method=request.method,
                path=request.path_qs,
                headers=headers,
                status=status,
                sent=sent,
            )
        )


def _loopback(number: int) -> str:
    """127.0.0.2 onwards: a site is known by its host, so each has one of its own."""
    high, low = divmod(number + 2, 250)
    return f"127.0.{high}.{low}"
