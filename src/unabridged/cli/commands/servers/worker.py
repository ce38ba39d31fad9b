"""Verbs for more than one process: worker, upgrade."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.streams import log_to_stderr
from unabridged.cli.support.workers import require_workers


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
    cli = get_context(context)
    require_workers(cli)
    from unabridged.workers.process import work

    own = cli.settings.workers
    own = replace(
        own,
        concurrency=own.concurrency if concurrency is None else concurrency,
        port=own.port if port is None else port,
    )
    log_to_stderr(
        logging.WARNING if cli.quiet else logging.INFO, form="%(asctime)s %(levelname)s %(message)s"
    )
    for talkative in ("procrastinate", "psycopg.pool"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    known_as = name or f"{socket.gethostname()}-{os.getpid()}"
    asyncio.run(work(replace(cli.settings, workers=own), name=known_as))


def upgrade(context: typer.Context) -> None:
    """Bring the tables of archive and job engine up to date.

    An archive is upgraded by whatever opens it first; on PostgreSQL with workers do it once, here, before
    they start: workers refuse to work on tables that are not theirs. It can be run again at any time.
    """
    cli = get_context(context)
    with cli.archive():
        cli.info("The archive's tables are up to date.")
    if not cli.settings.database.startswith("postgres"):
        return
    require_workers(cli)
    from unabridged.workers.upgrade import upgrade_engine

    done = upgrade_engine(cli.settings.database)
    cli.info(f"The job engine's tables are up to date ({len(done)} migrations carried out).")


commands: dict[str, Callable[..., None]] = {"worker": worker, "upgrade": upgrade}
