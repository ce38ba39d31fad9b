"""Verbs for more than one process: worker, upgrade."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Coroutine
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.streams import log_to_stderr
from unabridged.errors import ConfigError


def worker(
    context: typer.Context,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", "-c", help="Buckets of sites worked on at once.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", "-p", help="Port of /metrics and /healthz; 0: none.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="What the log calls this worker.")] = None,
) -> None:
    """Poll feeds and read pages for an archive on PostgreSQL.

    Start as many workers as you like, on as many machines: sites are divided into 256 buckets, and no two
    workers are in one bucket at a time, so no site is asked by two of them at once. A worker that dies
    loses nothing; the others take its work up. SIGTERM or Ctrl-C ends one in good order.

    \b
    unabridged upgrade               once, and after each update: the tables of archive and job engine
    unabridged worker                here, and anywhere else with the same database
    unabridged serve --no-poll       the reader; the workers poll
    """
    door = door_of(context)
    run = room(door, "process")
    own = door.settings.workers
    own = replace(
        own,
        concurrency=own.concurrency if concurrency is None else concurrency,
        port=own.port if port is None else port,
    )
    log_to_stderr(
        logging.WARNING if door.quiet else logging.INFO, form="%(asctime)s %(levelname)s %(message)s"
    )
    for talkative in ("procrastinate", "psycopg.pool"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    known_as = name or f"{socket.gethostname()}-{os.getpid()}"
    asyncio.run(run.work(replace(door.settings, workers=own), name=known_as))


def room(door: Door, module: str) -> Any:
    """Return a module of the workers' room. Raises ConfigError on SQLite, or without the extra."""
    if not door.settings.database.startswith("postgres"):
        raise ConfigError(
            "Workers need an archive on PostgreSQL; this one is on SQLite, where one process is enough: "
            "`unabridged serve` polls and serves. `unabridged migrate-to postgresql://…` moves the archive."
        )
    if find_spec("procrastinate") is None:
        raise ConfigError("The job engine is not installed: pip install 'unabridged[postgresql]'.")
    return import_module(f"unabridged.workers.{module}")


def workers_of(database: str, poll: bool) -> Callable[[str], Coroutine[Any, Any, None]] | None:
    """Return what has an archive's workers read an address's site at once; None where it has none.

    poll: whether this process is to poll by itself. Raises ConfigError when it would beside workers.
    """
    if poll:
        refuse_beside_workers(database, "Start the reader with `unabridged serve --no-poll`.")
        return None
    if not _has_engine(database):
        return None
    order: Callable[[str], Coroutine[Any, Any, None]]
    order = import_module("unabridged.workers.enqueue").JobClient(database).enqueue_read
    return order


def refuse_beside_workers(database: str, instead: str) -> None:
    """Raise ConfigError where workers poll for an archive. instead: what to do, a sentence."""
    if _has_engine(database) and import_module("unabridged.workers.upgrade").live_workers(database):
        raise ConfigError(
            "Workers poll for this archive; a second poller would ask the same sites beside them. " + instead
        )


def _has_engine(database: str) -> bool:
    if not database.startswith("postgres") or find_spec("procrastinate") is None:
        return False
    there: bool = import_module("unabridged.workers.upgrade").has_engine(database)
    return there


def upgrade(context: typer.Context) -> None:
    """Bring the tables of archive and job engine up to date.

    An archive is upgraded by whatever opens it first; on PostgreSQL with workers do it once, here, before
    they start: workers refuse to work on tables that are not theirs. It can be run again at any time.
    """
    door = door_of(context)
    with door.archive():
        door.say("The archive's tables are up to date.")
    if not door.settings.database.startswith("postgres"):
        return
    done = room(door, "upgrade").upgrade_engine(door.settings.database)
    door.say(f"The job engine's tables are up to date ({len(done)} migrations carried out).")


VERBS: dict[str, Callable[..., None]] = {"worker": worker, "upgrade": upgrade}
