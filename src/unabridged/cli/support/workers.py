"""Checks whether workers poll for an archive, for the commands that depend on it."""

from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from typing import Any

from unabridged.cli.support.context import CliContext
from unabridged.errors import ConfigError, extra_advice


def require_workers(cli: CliContext) -> None:
    """Raise ConfigError if the archive is on SQLite or the job engine is not installed."""
    if not cli.settings.database.startswith("postgres"):
        raise ConfigError(
            "Workers need an archive on PostgreSQL; this one is on SQLite, where one process is enough: "
            "`unabridged serve` polls and serves. `unabridged migrate-to postgresql://…` moves the archive."
        )
    if find_spec("procrastinate") is None:
        raise ConfigError(f"The job engine is not installed. {extra_advice('postgresql')}")


def read_soon_callback(database: str, poll: bool) -> Callable[[str], Coroutine[Any, Any, None]] | None:
    """Return a callback that asks the workers to read a URL's site now, or None if no workers run.

    poll: whether this process polls by itself. Raises ConfigError if it would poll beside workers.
    """
    if poll:
        refuse_beside_workers(database, "Start the reader with `unabridged serve --no-poll`.")
        return None
    if not _has_engine(database):
        return None
    from unabridged.workers.enqueue import JobClient

    return JobClient(database).enqueue_read


def refuse_beside_workers(database: str, instead: str) -> None:
    """Raise ConfigError if workers poll for an archive. instead: what to do, a sentence."""
    if not _has_engine(database):
        return
    from unabridged.workers.upgrade import live_workers

    if live_workers(database):
        raise ConfigError(
            "Workers poll for this archive; a second poller would ask the same sites as they do. " + instead
        )


def _has_engine(database: str) -> bool:
    if not database.startswith("postgres") or find_spec("procrastinate") is None:
        return False
    from unabridged.workers.upgrade import has_engine

    return has_engine(database)
