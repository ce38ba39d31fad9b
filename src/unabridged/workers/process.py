"""Worker process: runs jobs until it is stopped, and reconnects if the database goes away."""

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
from unabridged.automation.sender import Sender, sending
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
"""Seconds to wait after a database error, doubled each time up to MAX_WAIT."""

SHUTDOWN_SECONDS = 10.0
"""Seconds that running jobs get at shutdown; unfinished jobs are released."""

DATABASE_GONE = "The connection to the database was lost. Committed results are safe."

STOP_CHECK_SECONDS = 0.25
"""Seconds between two checks whether to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTiming:
    """Times of a worker, in seconds: heartbeat interval, heartbeat timeout, interval of checks for due work.

    All follow from the lease, within which another worker must do the work of one that died.
    """

    heartbeat: float
    heartbeat_timeout: float
    every: int

    @classmethod
    def of(cls, lease: float) -> "WorkerTiming":
        """Allow three missed heartbeats; the rest of the lease is for detection and queueing."""
        return cls(heartbeat=lease / 12, heartbeat_timeout=lease / 4, every=max(1, min(60, int(lease / 8))))


async def work(settings: Settings, *, name: str) -> None:
    """Run jobs until SIGTERM or Ctrl-C. Waits for a database that is unreachable.

    Raises SchemaTooOld, SchemaTooNew, NotAnArchive, or ConfigError for the port.
    """
    process = Process(settings=settings, name=name, timing=WorkerTiming.of(settings.workers.lease))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_handle_loop_error)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop.set)
    with serve_status(settings.workers, process.figures, process.healthy):
        await process.run()
    log.info("worker %s stopped", name)


def _handle_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Ignore errors of the engine after the database went away: its jobs are rescued later."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)


def _failure_reason(exc: Exception) -> str:
    """Return a message for a database error: unreachable, or a rejected statement."""
    if isinstance(exc, ArchiveError):
        return str(exc)
    cause = exc.__cause__ if isinstance(exc, ConnectorException) else exc
    if cause is None or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return DATABASE_GONE
    return f"The database refused: {str(cause).strip()}."


@dataclass(slots=True, kw_only=True)
class Process:
    """Worker process. seen: monotonic time of the last response of the database."""

    settings: Settings
    name: str
    timing: WorkerTiming
    figures: Metrics = field(default_factory=Metrics)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    seen: float = field(default_factory=time.monotonic)

    def healthy(self) -> bool:
        """Return whether the database responded recently."""
        return time.monotonic() - self.seen < 3 * self.timing.every + self.timing.heartbeat_timeout

    async def run(self) -> None:
        """Run until stopped; after a database error, wait and start again."""
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
        """Work until stopped or disconnected. Raises ArchiveError, ConnectorException, psycopg.Error."""
        await asyncio.to_thread(check_archive, self.settings.database)
        await asyncio.to_thread(check_engine, self.settings.database)
        async with self._open_handlers() as handlers:
            engine = make_engine(self.settings.database)
            add_jobs(engine, handlers)
            async with engine.open_async():
                slots = self.settings.workers.concurrency
                log.info("worker %s started, %d buckets concurrently", self.name, slots)
                await self._run_engine(engine, handlers)
        if handlers.outdated is not None:
            raise handlers.outdated

    @contextlib.asynccontextmanager
    async def _open_handlers(self) -> AsyncIterator[JobHandlers]:
        settings = self.settings
        archive = await asyncio.to_thread(Archive, settings.database)
        sender = Sender(archive, settings.fetch, base_url=settings.serve.base_url)
        with contextlib.closing(archive):
            async with (
                open_poller(
                    settings,
                    archive,
                    watch=self.figures.observe,
                    base_url=settings.serve.base_url,
                    lease=settings.workers.lease,
                ) as poller,
                sending(sender),
            ):
                yield JobHandlers(
                    poller=poller,
                    figures=self.figures,
                    heartbeat_timeout=self.timing.heartbeat_timeout,
                    every=self.timing.every,
                )

    async def _run_engine(self, engine: App, handlers: JobHandlers) -> None:
        """Run the engine until it ends, the database is lost, the schema is outdated, or `stop` is set."""
        connector = engine.connector
        assert isinstance(connector, Connector)
        running = asyncio.create_task(engine.run_worker_async(**self._options()))
        checked, watch, jumped = 0.0, ClockWatch(wall=handlers.clock(), steady=steady_seconds()), False
        try:
            while not (jumped or running.done() or self.stop.is_set() or connector.lost or handlers.outdated):
                if time.monotonic() - checked > self.timing.every:
                    checked = time.monotonic()
                    jumped = watch.jumped(handlers.clock(), steady_seconds())
                    await handlers.check()
                    self.seen = handlers.last_check
                    await handlers.rescue(engine)
                await asyncio.wait((running,), timeout=STOP_CHECK_SECONDS)
        finally:
            handlers.poller.stop_claiming()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        if jumped:  # the engine's periodic jobs follow the old time; a new engine does not
            log.warning("The system clock was changed; the worker restarts.")
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
