"""A worker as a process: it does the engine's jobs until it is told to stop, whatever the database does."""

import asyncio
import contextlib
import logging
import random
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.app import WorkerOptions
from procrastinate.exceptions import ConnectorException

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.database import check_archive
from unabridged.config import Settings
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive, SchemaTooNew, SchemaTooOld
from unabridged.fetch.client import Fetcher
from unabridged.poll.background import steady_seconds
from unabridged.poll.feeds.schedule import ClockWatch
from unabridged.poll.metrics import Figures
from unabridged.poll.poller import Poller
from unabridged.workers.health_server import status_page
from unabridged.workers.job_queue import QUEUE, Connector, make_engine
from unabridged.workers.jobs import Desk, add_jobs
from unabridged.workers.upgrade import check_engine

log = logging.getLogger("unabridged.worker")

HOPELESS = (SchemaTooNew, SchemaTooOld, NotAnArchive)
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds of rest after the database refused, doubled each time up to the longest."""

END_WITHIN = 10.0
"""Seconds that work in hand gets at the end; what is not done then is given back."""

AWAY = "The database went away. What was acknowledged is safe there."

GLANCE = 0.25
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a worker shows that it lives, and when others take it for dead. Seconds.

    All follows from the lease, within which the work of a worker that died is done by another.
    """

    heartbeat: float
    silent_for: float
    every: int

    @classmethod
    def of(cls, lease: float) -> "Pace":
        """Three heartbeats may fail; the rest of the lease is for noticing and for the engine's queue."""
        return cls(heartbeat=lease / 12, silent_for=lease / 4, every=max(1, min(60, int(lease / 8))))


async def work(settings: Settings, *, name: str) -> None:
    """Do jobs until SIGTERM or Ctrl-C. Waits for a database that is away.

    Raises SchemaTooOld, SchemaTooNew, NotAnArchive, ConfigError (the status port).
    """
    process = Process(settings=settings, name=name, pace=Pace.of(settings.workers.lease))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_tell)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop.set)
    with status_page(settings.workers, process.figures, process.healthy):
        await process.run()
    log.info("worker %s has ended", name)


def _tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave out what the engine could not write down when its database went away: it is rescued later."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)


def _because(exc: Exception) -> str:
    """Say why there is no going on: most often the database is away, but it may refuse a statement, too."""
    if isinstance(exc, ArchiveError):
        return str(exc)
    cause = exc.__cause__ if isinstance(exc, ConnectorException) else exc
    if cause is None or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return AWAY
    return f"The database refused: {str(cause).strip()}."


@dataclass(slots=True, kw_only=True)
class Process:
    """A worker's process. seen: when the database last answered, on a clock that only counts."""

    settings: Settings
    name: str
    pace: Pace
    figures: Figures = field(default_factory=Figures)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    seen: float = field(default_factory=time.monotonic)

    def healthy(self) -> bool:
        """Say whether the database has answered lately."""
        return time.monotonic() - self.seen < 3 * self.pace.every + self.pace.silent_for

    async def run(self) -> None:
        """Work until told to stop; when the database refuses, wait and begin anew."""
        wait = FIRST_WAIT
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                await self._session()
            except HOPELESS:
                raise
            except (ArchiveError, ConnectorException, psycopg.Error) as exc:
                wait = FIRST_WAIT if time.monotonic() - began > LONGEST_WAIT else wait
                log.warning("%s The worker tries again in %.0f s.", _because(exc), wait)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), wait * (1 + random.random() / 4))
                wait = min(2 * wait, LONGEST_WAIT)

    async def _session(self) -> None:
        """Work for as long as the database stays. Raises ArchiveError, ConnectorException, psycopg.Error."""
        await asyncio.to_thread(check_archive, self.settings.database)
        await asyncio.to_thread(check_engine, self.settings.database)
        async with self._desk() as desk:
            engine = make_engine(self.settings.database)
            add_jobs(engine, desk)
            async with engine.open_async():
                places = self.settings.workers.concurrency
                log.info("worker %s is at work, %d buckets at once", self.name, places)
                await self._work_off(engine, desk)
        if desk.outdated is not None:
            raise desk.outdated

    @contextlib.asynccontextmanager
    async def _desk(self) -> AsyncIterator[Desk]:
        settings = self.settings
        archive = await asyncio.to_thread(Archive, settings.database)
        with contextlib.closing(archive):
            async with (
                Fetcher(settings.fetch) as fetcher,
                Poller(
                    archive=archive,
                    fetcher=fetcher,
                    settings=settings.poll,
                    watch=self.figures.watch,
                    images=settings.archive.images,
                    base_url=settings.serve.base_url,
                    lease=settings.workers.lease,
                ) as poller,
            ):
                yield Desk(
                    poller=poller,
                    figures=self.figures,
                    silent_for=self.pace.silent_for,
                    every=self.pace.every,
                )

    async def _work_off(self, engine: App, desk: Desk) -> None:
        """Let the engine run until it ends, its database or our schema is gone, or we are told to stop."""
        connector = engine.connector
        assert isinstance(connector, Connector)
        running = asyncio.create_task(engine.run_worker_async(**self._options()))
        checked, watch, leapt = 0.0, ClockWatch(wall=desk.clock(), steady=steady_seconds()), False
        try:
            while not (leapt or running.done() or self.stop.is_set() or connector.lost or desk.outdated):
                if time.monotonic() - checked > self.pace.every:
                    checked = time.monotonic()
                    leapt = watch.jumped(desk.clock(), steady_seconds())
                    await desk.check()
                    self.seen = desk.looked
                    await desk.rescue(engine)
                await asyncio.wait((running,), timeout=GLANCE)
        finally:
            desk.poller.take_no_more()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        if leapt:  # the engine's periodic jobs wait for the time that it was; a new engine does not
            log.warning("The clock was set; the worker begins anew.")
            return
        if connector.lost or not (self.stop.is_set() or desk.outdated):
            raise ArchiveUnwritable(AWAY)

    def _options(self) -> WorkerOptions:
        return {
            "queues": [QUEUE],
            "name": self.name,
            "concurrency": self.settings.workers.concurrency,
            "fetch_job_polling_interval": min(2.0, self.pace.every),
            "shutdown_graceful_timeout": END_WITHIN,
            "delete_jobs": "successful",
            "install_signal_handlers": False,
            "update_heartbeat_interval": self.pace.heartbeat,
            "stalled_worker_timeout": self.pace.silent_for,
        }
