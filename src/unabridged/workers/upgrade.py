"""Schema of the job engine: create, upgrade and check its tables."""

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from unabridged.archive.facade.database import database_address
from unabridged.errors import ArchiveUnwritable, SchemaTooNew, SchemaTooOld
from unabridged.workers.job_queue import libpq_conninfo

LOCK = 0x556E6163
RECORD = """CREATE TABLE IF NOT EXISTS unabridged_engine (
    migration text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"""
"""The engine ships its migrations as files; this table records those that were applied."""


def engine_migrations() -> dict[str, Path]:
    """Return the engine's migrations in order: name -> file."""
    folder = Path(SchemaManager.get_migrations_path())
    return {path.stem: path for path in sorted(folder.glob("*.sql"))}


def upgrade_engine(dsn: str) -> list[str]:
    """Create or upgrade the engine's tables; return the migrations applied.

    Each is one transaction (new values of a type must be committed before they are used). After an
    interruption the next call continues. Raises SchemaTooNew, or ArchiveUnwritable if the server cannot be
    reached.
    """
    with _connect(dsn) as conn:
        conn.autocommit = True
        conn.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # released with the connection
        conn.execute(RECORD)
        files, done = engine_migrations(), _applied(conn)
        if not _table_exists(conn, "procrastinate_jobs"):
            _execute(conn, SchemaManager.get_schema().encode(), list(files))
            return list(files)
        _refuse_newer(done - files.keys())
        missing = [name for name in files if name not in done]
        for name in missing:
            _execute(conn, files[name].read_bytes(), [name])
        return missing


def _execute(conn: "psycopg.Connection[tuple[str]]", statements: bytes, names: list[str]) -> None:
    with conn.transaction():
        conn.execute(statements)
        for name in names:
            conn.execute("INSERT INTO unabridged_engine (migration) VALUES (%s)", [name])


def check_engine(dsn: str) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the engine's tables fit this program."""
    with _connect(dsn) as conn:
        done = _applied(conn) if _table_exists(conn, "unabridged_engine") else set()
    _refuse_newer(done - engine_migrations().keys())
    if engine_migrations().keys() - done:
        raise SchemaTooOld(
            "The tables of the job engine are missing or old in this database. "
            "Run `unabridged upgrade`, then start the worker again."
        )


def has_engine(dsn: str) -> bool:
    """Return whether the engine's tables exist, in any version."""
    with _connect(dsn) as conn:
        return _table_exists(conn, "procrastinate_jobs")


def live_workers(dsn: str) -> int:
    """Return how many workers sent a heartbeat within the last minute."""
    with _connect(dsn) as conn:
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


def _table_exists(conn: "psycopg.Connection[tuple[str]]", table: str) -> bool:
    row = conn.execute("SELECT to_regclass(%s)", [table]).fetchone()
    return row is not None and row[0] is not None


def _applied(conn: "psycopg.Connection[tuple[str]]") -> set[str]:
    return {name for (name,) in conn.execute("SELECT migration FROM unabridged_engine")}


def _connect(dsn: str) -> "psycopg.Connection[tuple[str]]":
    try:
        return psycopg.connect(libpq_conninfo(dsn), connect_timeout=10)
    except psycopg.OperationalError as exc:
        where = database_address(dsn).set(drivername="postgresql").render_as_string()
        raise ArchiveUnwritable(
            f"The database server of {where} cannot be reached ({' '.join(str(exc).split())}). "
            "Start the server, and try again."
        ) from exc
