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
from unabridged.archive.migrations.runner import check_archive
from unabridged.config import Settings
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive, SchemaTooNew, SchemaTooOld
from unabridged.poll.background import steady_seconds
from unabridged.poll.feeds.schedule import ClockWatch
from unabridged.poll.metrics import Metrics
from unabridged.poll.poller import open_poller
from unabridged.workers.health_server import serve_status
from unabridged.workers.job_queue import QUEUE, Connector, make_engine
from unabridged.workers.jobs import JobHandlers, add_jobs
from unabridged.workers.upgrade import check_engine

log = logging.getLogger("unabridged.worker")

PERMANENT_ERRORS = (SchemaTooNew, SchemaTooOld, NotAnArchive)
MIN_WAIT, MAX_WAIT = 1.0, 30.0
"""Seconds of rest after the database refused, doubled each time up to the longest."""

SHUTDOWN_SECONDS = 10.0
"""Seconds that work in hand gets at the end; what is not done then is given back."""

DATABASE_GONE = "The database went away. What was acknowledged is safe there."

STOP_CHECK_SECONDS = 0.25
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTiming:
    """How often a worker shows that it lives, and when others take it for dead. Seconds.

    All follows from the lease, within which the work of a worker that died is done by another.
    """

    heartbeat: float
    heartbeat_timeout: float
    every: int

    @classmethod
    def of(cls, lease: float) -> "WorkerTiming":
        """Three heartbeats may fail; the rest of the lease is for noticing and for the engine's queue."""
        return cls(heartbeat=lease / 12, heartbeat_timeout=lease / 4, every=max(1, min(60, int(lease / 8))))


async def work(settings: Settings, *, name: str) -> None:
    """Do jobs until SIGTERM or Ctrl-C. Waits for a database that is away.

    Raises SchemaTooOld, SchemaTooNew, NotAnArchive, ConfigError (the status port).
    """
    process = Process(settings=settings, name=name, timing=WorkerTiming.of(settings.workers.lease))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_handle_loop_error)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop.set)
    with serve_status(settings.workers, process.figures, process.healthy):
        await process.run()
    log.info("worker %s has ended", name)


def _handle_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave out what the engine could not write down when its database went away: it is rescued later."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)


def _failure_reason(exc: Exception) -> str:
    """Say why there is no going on: most often the database is away, but it may refuse a statement, too."""
    if isinstance(exc, ArchiveError):
        return str(exc)
    cause = exc.__cause__ if isinstance(exc, ConnectorException) else exc
    if cause is None or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return DATABASE_GONE
    return f"The database refused: {str(cause).strip()}."


@dataclass(slots=True, kw_only=True)
class Process:
    """A worker's process. seen: when the database last answered, on a clock that only counts."""

    settings: Settings
    name: str
    timing: WorkerTiming
    figures: Metrics = field(default_factory=Metrics)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    seen: float = field(default_factory=time.monotonic)

    def healthy(self) -> bool:
        """Say whether the database has answered lately."""
        return time.monotonic() - self.seen < 3 * self.timing.every + self.timing.heartbeat_timeout

    async def run(self) -> None:
        """Work until told to stop; when the database refuses, wait and begin anew."""
        wait = MIN_WAIT
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                await self._session()
            except PERMANENT_ERRORS:
                raise
            except (ArchiveError, ConnectorException, psycopg.Error) as exc:
                wait = MIN_WAIT if time.monotonic() - began > MAX_WAIT else wait
                log.warning("%s The worker tries again in %.0f s.", _failure_reason(exc), wait)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), wait * (1 + random.random() / 4))
                wait = min(2 * wait, MAX_WAIT)

    async def _session(self) -> None:
        """Work for as long as the database stays. Raises ArchiveError, ConnectorException, psycopg.Error."""
        await asyncio.to_thread(check_archive, self.settings.database)
        await asyncio.to_thread(check_engine, self.settings.database)
        async with self._open_handlers() as handlers:
            engine = make_engine(self.settings.database)
            add_jobs(engine, handlers)
            async with engine.open_async():
                places = self.settings.workers.concurrency
                log.info("worker %s is at work, %d buckets at once", self.name, places)
                await self._run_engine(engine, handlers)
        if handlers.outdated is not None:
            raise handlers.outdated

    @contextlib.asynccontextmanager
    async def _open_handlers(self) -> AsyncIterator[JobHandlers]:
        settings = self.settings
        archive = await asyncio.to_thread(Archive, settings.database)
        with contextlib.closing(archive):
            async with open_poller(
                settings,
                archive,
                watch=self.figures.observe,
                base_url=settings.serve.base_url,
                lease=settings.workers.lease,
            ) as poller:
                yield JobHandlers(
                    poller=poller,
                    figures=self.figures,
                    heartbeat_timeout=self.timing.heartbeat_timeout,
                    every=self.timing.every,
                )

    async def _run_engine(self, engine: App, handlers: JobHandlers) -> None:
        """Let the engine run until it ends, its database or our schema is gone, or we are told to stop."""
        connector = engine.connector
        assert isinstance(connector, Connector)
        running = asyncio.create_task(engine.run_worker_async(**self._options()))
        checked, watch, leapt = 0.0, ClockWatch(wall=handlers.clock(), steady=steady_seconds()), False
        try:
            while not (leapt or running.done() or self.stop.is_set() or connector.lost or handlers.outdated):
                if time.monotonic() - checked > self.timing.every:
                    checked = time.monotonic()
                    leapt = watch.jumped(handlers.clock(), steady_seconds())
                    await handlers.check()
                    self.seen = handlers.last_check
                    await handlers.rescue(engine)
                await asyncio.wait((running,), timeout=STOP_CHECK_SECONDS)
        finally:
            handlers.poller.stop_claiming()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        if leapt:  # the engine's periodic jobs wait for the time that it was; a new engine does not
            log.warning("The clock was set; the worker begins anew.")
            return
        if connector.lost or not (self.stop.is_set() or handlers.outdated):
            raise ArchiveUnwritable(DATABASE_GONE)

    def _options(self) -> WorkerOptions:
        return {
            "queues": [QUEUE],
            "name": self.name,
            "concurrency": self.settings.workers.concurrency,
            "fetch_job_polling_interval": min(2.0, self.timing.every),
            "shutdown_graceful_timeout": SHUTDOWN_SECONDS,
            "delete_jobs": "successful",
            "install_signal_handlers": False,
            "update_heartbeat_interval": self.timing.heartbeat,
            "stalled_worker_timeout": self.timing.heartbeat_timeout,
        }
