"""The commands `worker` and `upgrade`: archives on PostgreSQL with several processes."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.streams import log_to_stderr
from unabridged.cli.support.workers import require_workers


def worker(
    context: typer.Context,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", "-c", help="Buckets of sites handled in parallel.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", "-p", help="Port of /metrics and /healthz; 0: none.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of this worker in the log.")] = None,
) -> None:
    """Poll feeds and read pages for an archive on PostgreSQL.

    Any number of workers can run, on any number of machines. Sites are divided into 256 buckets, and a
    bucket belongs to one worker at a time, so no site gets requests from two workers at once. If a worker
    dies, the others take over its work and nothing is lost. SIGTERM or Ctrl-C shuts a worker down cleanly.

    \b
    unabridged upgrade               once, and after each update: upgrades the tables
    unabridged worker                on any machine, with the same database
    unabridged serve --no-poll       the web reader; the workers poll
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
    for noisy in ("procrastinate", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    log_name = name or f"{socket.gethostname()}-{os.getpid()}"
    run_async(work(replace(cli.settings, workers=own), name=log_name))


def upgrade(context: typer.Context) -> None:
    """Upgrade the tables of the archive and the job engine.

    Any command that opens an archive upgrades it. With workers on PostgreSQL, run this once before they
    start: a worker refuses tables of another version. It is safe to run it again.
    """
    cli = get_context(context)
    with cli.archive():
        cli.info("The archive's tables are up to date.")
    if not cli.settings.database.startswith("postgres"):
        return
    require_workers(cli)
    from unabridged.workers.upgrade import upgrade_engine

    done = upgrade_engine(cli.settings.database)
    cli.info(f"The job engine's tables are up to date ({len(done)} migrations applied).")


commands: dict[str, Callable[..., None]] = {"worker": worker, "upgrade": upgrade}
