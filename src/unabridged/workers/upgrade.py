"""Both schemas, the archive's and the engine's: brought up to this program's, or told apart from it."""

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from unabridged.archive.facade.database import database_address
from unabridged.errors import ArchiveUnwritable, SchemaTooNew, SchemaTooOld
from unabridged.workers.job_queue import connection_words

LOCK = 0x556E6163
RECORD = """CREATE TABLE IF NOT EXISTS unabridged_engine (
    migration text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"""
"""The engine ships its migrations as files and leaves to us which of them were carried out."""


def known() -> dict[str, Path]:
    """The engine's migrations in order: name -> file."""
    folder = Path(SchemaManager.get_migrations_path())
    return {path.stem: path for path in sorted(folder.glob("*.sql"))}


def upgrade_engine(dsn: str) -> list[str]:
    """Make the engine's tables, or bring them up to date; returns the migrations that this took.

    Each is one transaction (new values of a type must be committed before they are used); broken off, the
    next call goes on. Raises ArchiveUnwritable when the server cannot be reached, SchemaTooNew.
    """
    with _connected(dsn) as conn:
        conn.autocommit = True
        conn.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # given back with the connection
        conn.execute(RECORD)
        files, done = known(), _done(conn)
        if not _is_there(conn, "procrastinate_jobs"):
            _carry_out(conn, SchemaManager.get_schema().encode(), list(files))
            return list(files)
        _refuse_newer(done - files.keys())
        missing = [name for name in files if name not in done]
        for name in missing:
            _carry_out(conn, files[name].read_bytes(), [name])
        return missing


def _carry_out(conn: "psycopg.Connection[tuple[str]]", statements: bytes, names: list[str]) -> None:
    with conn.transaction():
        conn.execute(statements)
        for name in names:
            conn.execute("INSERT INTO unabridged_engine (migration) VALUES (%s)", [name])


def check_engine(dsn: str) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the engine's tables are those of this program."""
    with _connected(dsn) as conn:
        done = _done(conn) if _is_there(conn, "unabridged_engine") else set()
    _refuse_newer(done - known().keys())
    if known().keys() - done:
        raise SchemaTooOld(
            "The tables of the job engine are missing or old in this database. "
            "Run `unabridged upgrade`, then start the worker again."
        )


def has_engine(dsn: str) -> bool:
    """Whether the engine's tables are there, of this version or another."""
    with _connected(dsn) as conn:
        return _is_there(conn, "procrastinate_jobs")


def at_work(dsn: str) -> int:
    """Return how many workers gave a sign of life within the last minute."""
    with _connected(dsn) as conn:
        alive = (
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        row = conn.execute(alive).fetchone()
    return int(row[0]) if row else 0


def _refuse_newer(unknown: set[str]) -> None:
    if unknown:
        raise SchemaTooNew(
            f"The tables of the job engine were made by a newer one ({max(unknown)}). "
            "Update Unabridged on this machine, then start the worker again."
        )


def _is_there(conn: "psycopg.Connection[tuple[str]]", table: str) -> bool:
    row = conn.execute("SELECT to_regclass(%s)", [table]).fetchone()
    return row is not None and row[0] is not None


def _done(conn: "psycopg.Connection[tuple[str]]") -> set[str]:
    return {name for (name,) in conn.execute("SELECT migration FROM unabridged_engine")}


def _connected(dsn: str) -> "psycopg.Connection[tuple[str]]":
    try:
        return psycopg.connect(connection_words(dsn), connect_timeout=10)
    except psycopg.OperationalError as exc:
        where = database_address(dsn).set(drivername="postgresql").render_as_string()
        raise ArchiveUnwritable(
            f"The database server of {where} cannot be reached ({' '.join(str(exc).split())}). "
            "Start the server, and try again."
        ) from exc
