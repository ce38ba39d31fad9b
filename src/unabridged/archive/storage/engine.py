"""Database engine: read and write transactions, and errors of SQLAlchemy translated to our own.

On SQLite the file is in WAL mode, so readers are never blocked; a write takes its lock at the
start (BEGIN IMMEDIATE), so it waits instead of failing half-way; with FULL synchronisation,
acknowledged writes survive a power cut.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from unabridged.archive.storage.outbox import start_outbox, write_outbox
from unabridged.atomic_files import make_folders, make_private, restrict_to_owner
from unabridged.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable, NotAnArchive, extra_advice

log = logging.getLogger("unabridged.archive")

BESIDE = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite makes beside an archive."""

BUSY_SECONDS = 20.0
"""Time for which a call waits for another program's write on SQLite before it fails.

An address may name another: sqlite:///FILE?timeout=60
"""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",  # deleted data is overwritten: the law may require it
)

_ATTEMPTS = 5
_RETRIED_SQLSTATES = frozenset({"40001", "40P01"})

_SERVER_AWAY = (
    "The database server of {where} went away or cannot be reached ({detail}). What was acknowledged is "
    "safe there; start the server, and try again."
)
_SERVER_AWAY_MESSAGES = (
    "connection refused",
    "connection reset",
    "broken pipe",
    "timed out",
    "timeout expired",
    "no route to host",
    "network is unreachable",
    "server closed the connection",
    "terminating connection",
    "connection is lost",
    "the connection is closed",
    "system is starting up",
    "system is shutting down",
    "recovery mode",
    "not yet accepting connections",
)

_ERRORS: tuple[tuple[str, type[ArchiveError], str], ...] = (
    ("file is not a database", NotAnArchive, "{where} is no Unabridged archive. Choose another file."),
    ("malformed", NotAnArchive, "{where} is damaged ({detail}). Restore a backup, or move the file away."),
    (
        "database is locked",
        ArchiveLocked,
        "{where} is locked by another program for longer than {busy:g} s. Nothing is wrong with it: try "
        "again later, or close the other program.",
    ),
    ("readonly", ArchiveUnwritable, "{where} cannot be written. Check the permissions of file and folder."),
    ("unable to open", ArchiveUnwritable, "{where} cannot be opened. Check that its folder can be written."),
    (
        "disk is full",
        ArchiveUnwritable,
        "The disk that holds {where} is full. Nothing was lost; free some of it.",
    ),
    ("disk i/o error", ArchiveUnwritable, "The disk that holds {where} refuses writes; is it full?"),
    (
        "no space left",
        ArchiveUnwritable,
        "The disk that holds {where} is full. Nothing was lost; free some of it.",
    ),
    *((words, ArchiveUnwritable, _SERVER_AWAY) for words in _SERVER_AWAY_MESSAGES),
)
"""(Part of the driver's message, our error, message with what to do)."""

_T = TypeVar("_T")


class Database:
    """A database: reads and writes in transactions. Raises only ArchiveError and its subclasses."""

    def __init__(self, dsn: str) -> None:
        self.url = database_address(dsn)
        self.where = _described(self.url)
        self._busy = _busy_seconds(self.url)
        self._engine = self._open()
        self._writer = self._engine.execution_options(unabridged_write=True)
        # PostgreSQL's default level gives each statement its own snapshot; SQLite has one per transaction.
        one_moment = {} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self._engine.execution_options(**one_moment)
        sqlite_only: AbstractContextManager[Any] = threading.Lock() if self.on_sqlite else nullcontext()
        self._write_lock = sqlite_only

    def restrict_to_owner(self) -> None:
        """Make the files of an SQLite archive private to their owner. Call it only on files known as ours."""
        if not self.on_sqlite or not self.url.database or self.url.database == ":memory:":
            return
        with suppress(OSError):
            if restrict_to_owner(Path(self.url.database), BESIDE):
                log.warning("%s could be read by other users of this machine; it is private now.", self.where)

    @property
    def on_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _open(self) -> Engine:
        try:
            return _sqlite_engine(self.url) if self.on_sqlite else create_engine(self.url, pool_pre_ping=True)
        except ModuleNotFoundError as exc:
            problem = f"{self.where} needs the driver {exc.name}, which is not installed."
            raise ArchiveError(f"{problem} {extra_advice('postgresql')}") from exc
        except (SQLAlchemyError, ImportError) as exc:
            raise ArchiveError(f"{self.where} cannot be used: {exc}") from exc
        except OSError as exc:
            raise ArchiveUnwritable(f"The folder of {self.where} cannot be made: {exc.strerror}.") from exc

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction: one snapshot throughout, never waiting for a writer."""
        with self._translated(), self._reader.connect() as conn, conn.begin():
            yield conn

    def writing_once(self, work: Callable[[Connection], _T]) -> _T:
        """Like `writing`, without retries, for work that is too long to be repeated."""
        with self._translated(), self._write_lock:
            return self._write_once(work)

    def writing(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one write transaction, which is committed as a whole or not at all.

        On PostgreSQL two writers may conflict on one row: the work is then repeated from the start.
        """
        with self._translated(), self._write_lock:
            for _ in range(_ATTEMPTS - 1):
                try:
                    return self._write_once(work)
                except (IntegrityError, OperationalError) as exc:
                    if self.on_sqlite or not _is_retryable(exc):
                        raise
            return self._write_once(work)

    def _write_once(self, work: Callable[[Connection], _T]) -> _T:
        with self._writer.connect() as conn, conn.begin():
            start_outbox(conn)
            done = work(conn)
            write_outbox(conn)
            return done

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as exc:
            raise self._translate(exc) from exc

    def _translate(self, exc: SQLAlchemyError) -> ArchiveError:
        detail = " ".join(str(exc.orig if isinstance(exc, DBAPIError) else exc).split())
        for words, kind, message in _ERRORS:
            if words in detail.lower():
                return kind(message.format(where=self.where, detail=detail, busy=self._busy))
        return ArchiveError(f"{self.where} refused: {detail}")

    def close(self) -> None:
        self._engine.dispose()


def database_address(dsn: str) -> URL:
    """Parse a database address; a path means an SQLite file. Raises ArchiveError."""
    if "://" not in dsn:
        return URL.create("sqlite", database=str(Path(dsn).expanduser()))
    try:
        url = make_url(dsn)
    except ArgumentError as exc:
        raise ArchiveError(f"{dsn!r} is not a database address: {exc}") from exc
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArchiveError(f"{url.drivername} is not supported. Use sqlite:///FILE or postgresql://….")
    return url


def _described(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or "the database in memory"
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def _busy_seconds(url: URL) -> float:
    try:
        return float(str(url.query.get("timeout", BUSY_SECONDS)))
    except ValueError:
        raise ArchiveError(f"timeout in the address of {url.database} is not a number of seconds.") from None


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        make_folders(Path(url.database).parent, private=True)
        pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 56}
    else:
        pool = {"poolclass": StaticPool}
    engine = create_engine(
        url, connect_args={"timeout": _busy_seconds(url), "check_same_thread": False}, **pool
    )
    if url.database and url.database != ":memory:":
        event.listen(engine, "do_connect", _Private(Path(url.database)).close)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _Private:
    """Make the file of a new archive, private to its owner, before SQLite opens it; its log gets its mode."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done = False

    def close(self, *_connecting: object) -> None:
        """Run before each connection; only the first call does anything."""
        if self._done:
            return
        with suppress(OSError):  # SQLite reports it when it opens the file
            make_private(self._path)
        self._done = True


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(conn: Connection) -> None:
    write = conn.get_execution_options().get("unabridged_write", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _is_retryable(exc: DBAPIError) -> bool:
    if isinstance(exc, IntegrityError):
        return True
    return getattr(exc.orig, "sqlstate", None) in _RETRIED_SQLSTATES


def insert_or_skip(conn: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT that skips rows that exist already."""
    if conn.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
