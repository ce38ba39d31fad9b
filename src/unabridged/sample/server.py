"""Serves sample sites over HTTP on loopback, each at an address of its own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from unabridged.dates.parse import utc_now
from unabridged.errors import ConfigError
from unabridged.sample.answers import Answer, answer, with_validators
from unabridged.sample.cases import switch_on
from unabridged.sample.faults import FAULTS, Circumstances, plain_response
from unabridged.sample.layout import Site, read_site
from unabridged.sample.log import Request, RequestLog
from unabridged.sample.render import Stage
from unabridged.sample.truth import Truth

SITES: Final = Path(__file__).parent / "sites"
"""The publishers' folders that come with the package."""

DEFAULT_SITES: Final = ("quillhaven", "qingshiwan", "brevance")

FAULT_SITE: Final = "bad-days"
"""The site that hosts with faults serve: two short articles."""

CALM: Final = "/calm"
"""Paths under this are answered well even by a host with a fault."""

Clock = Callable[[], datetime]


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
        """Return the truth about every page now, with absolute addresses."""
        stated = [source.truth_at(self.events) for source in self.stage.articles()]
        known = (*(truth for truth in stated if truth is not None), *self.site.truths)
        return tuple(replace(truth, url=self.origin + truth.url) for truth in known)


@dataclass(slots=True, kw_only=True)
class FaultyHost:
    """A host that misbehaves. feed: its feed, which misbehaves too.

    calm_feed: the same feed, well-behaved, with links to pages that are not.
    """

    name: str
    served: Served

    @property
    def feed(self) -> str:
        return self.served.feeds[0]

    @property
    def calm_feed(self) -> str:
        return self.served.origin + CALM + self.served.site.feed_paths[0]


class SamplePublisher:
    """An async context manager that serves sites until it is left.

    sites: folders read, or names of the package's own. cases: what to switch on (see cases.py).
    port: the first host's, and the next ones' that follow; 0 takes free ones.
    pace: seconds between two bytes of the host that drips. step: seconds until the first event that is
    switched on happens by itself, and from each to the next.
    """

    def __init__(
        self,
        sites: Sequence[Site | str] = DEFAULT_SITES,
        *,
        cases: Collection[str] = (),
        port: int = 0,
        log_file: Path | None = None,
        clock: Clock = utc_now,
        pace: float = 0.5,
        step: float = 60.0,
    ) -> None:
        given = tuple(shipped_site(site) if isinstance(site, str) else site for site in sites)
        known = (*given, *(site for site in _switchable_sites() if site.name not in {g.name for g in given}))
        self.switched = switch_on(cases, known)
        self._sites = tuple(site for site in known if not site.case or site.case in self.switched.pages)
        self._port = port
        self._clock = clock
        self._pace = pace
        self._step = step
        self._closing = asyncio.Event()
        self._events: asyncio.Task[None] | None = None
        self._runners: list[web.AppRunner] = []
        self.log = RequestLog(file=log_file)
        self.served: tuple[Served, ...] = ()
        self.faulty: tuple[FaultyHost, ...] = ()

    async def __aenter__(self) -> Self:
        try:
            for site in self._sites:
                self.served += (await self._serve_site(site),)
            if self.switched.hosts:
                await self._serve_faults()
            self._events = asyncio.create_task(self._let_things_happen())
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
        """The addresses of all feeds to subscribe to, of sites that behave."""
        return tuple(feed for served in self.served for feed in served.feeds)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The loopback addresses in use, for a fetcher that refuses private ones unless they are named."""
        everybody = (*self.served, *(faulty.served for faulty in self.faulty))
        return tuple(dict.fromkeys(served.origin.split("//")[1].rsplit(":", 1)[0] for served in everybody))

    def truths(self) -> tuple[Truth, ...]:
        """Return the truth about every page of every site now."""
        return tuple(truth for served in self.served for truth in served.truths())

    def site(self, name: str) -> Served:
        """One of the sites, by its folder's name. Raises KeyError."""
        return {served.site.name: served for served in self.served}[name]

    def host(self, name: str) -> FaultyHost:
        """One of the hosts that misbehave, by its case. Raises KeyError."""
        return {faulty.name: faulty for faulty in self.faulty}[name]

    def advance(self, event: str) -> None:
        """Let something happen on every site: "edit", "takedown", "redesign" … Once is enough."""
        for served in self.served:
            if event not in served.events:
                served.events += (event,)

    async def _let_things_happen(self) -> None:
        for event in self.switched.events:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._step):
                    await self._closing.wait()
            if self._closing.is_set():
                return
            self.advance(event)

    async def _serve_site(self, site: Site) -> Served:
        served = Served(site=site, origin="", cases=self.switched.pages)
        served.origin = await self._listen(partial(self._answer, served))
        return served

    async def _serve_faults(self) -> None:
        """One good host of the site that has bad days, then a host for every fault."""
        site = shipped_site(FAULT_SITE)
        good = await self._serve_site(site)
        self.served += (good,)
        for name in self.switched.hosts:
            served = Served(site=site, origin="")
            served.origin = await self._listen(partial(self._misbehave, name, served, good.origin))
            self.faulty += (FaultyHost(name=name, served=served),)

    async def _listen(self, answering: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        """Serve on the next loopback address (127.0.0.1 where the system knows no other); the origin."""
        number = len(self._runners)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answering)
        runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        port = self._port + number if self._port else 0
        for host in (_loopback(number), "127.0.0.1"):
            with suppress(OSError):
                await web.TCPSite(runner, host, port).start()
                return f"http://{host}:{runner.addresses[0][1]}"
        raise ConfigError(f"Port {port} of 127.0.0.1 cannot be opened. Is it in use? Choose another one.")

    async def _stop(self) -> None:
        self._closing.set()
        if self._events is not None:
            await self._events
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        self._runners.clear()

    async def _answer(self, served: Served, request: web.Request) -> web.StreamResponse:
        made = await self._good_answer(served, request, request.path)
        self._note(served.site.name, served, request, made.status, len(made.body))
        return plain_response(made)

    async def _misbehave(
        self, name: str, served: Served, elsewhere: str, request: web.Request
    ) -> web.StreamResponse:
        good = await self._good_answer(served, request, request.path.removeprefix(CALM))
        if request.path.startswith(CALM):
            self._note(name, served, request, good.status, len(good.body))
            return plain_response(good)
        around = Circumstances(
            request=request,
            good=good,
            asked=served.counts[request.path],
            elsewhere=elsewhere,
            pace=self._pace,
            closing=self._closing,
        )
        # Written down before the answer: a host that hangs has been asked all the same.
        self._note(name, served, request, 0, 0)
        return await FAULTS[name].fault(around)

    async def _good_answer(self, served: Served, request: web.Request, path: str) -> Answer:
        if request.method not in ("GET", "HEAD"):
            return Answer(status=405, headers={"Allow": "GET, HEAD"})
        # In a thread: a picture takes a tenth of a second to paint.
        made = await asyncio.to_thread(answer, served.stage, path, asked=served.counts[path])
        return with_validators(made, _headers(request))

    def _note(self, host: str, served: Served, request: web.Request, status: int, sent: int) -> None:
        served.counts[request.path] += 1
        self.log.add(
            Request(
                at=self._clock(),
                host=host,
                method=request.method,
                path=request.path_qs,
                headers=_headers(request),
                status=status,
                sent=sent,
            )
        )


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _switchable_sites() -> tuple[Site, ...]:
    """The package's sites that are served only when their case is on."""
    sites = (read_site(folder) for folder in sorted(SITES.iterdir()) if folder.is_dir())
    return tuple(site for site in sites if site.case)


def _loopback(number: int) -> str:
    """127.0.0.2 onwards: a site is known by its host, so each has one of its own."""
    high, low = divmod(number + 2, 250)
    return f"127.0.{high}.{low}"
