"""Copy of all rows of an archive to another one, on either database, verified by hashes.

A table's fingerprint is its number of rows with the sum of their SHA-256 hashes, so that the order in
which a database returns its rows does not matter.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, text, true

from unabridged.archive.analysis import queue
from unabridged.archive.records.maintenance import Copied, Fingerprint, Watch
from unabridged.archive.search_index.writer import start_over
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import (
    LISTED,
    articles,
    counters,
    items,
    observations,
    snapshots,
    users,
)
from unabridged.archive.storage.tables_events import events
from unabridged.archive.storage.tables_library import tags
from unabridged.archive.storage.tables_rules import rules
from unabridged.archive.storage.tables_search import DERIVED
from unabridged.archive.storage.tables_sites import site_profiles
from unabridged.archive.storage.tables_stories import DERIVED_TABLES
from unabridged.errors import ArchiveError

BATCH = 200
"""Rows per round trip: with raw pages of 10 kB, 2 MB."""

_MODULUS = 1 << 256
_METADATA = (events.metadata, tags.metadata, rules.metadata, site_profiles.metadata)[
    0
]  # the imports add their tables
_DERIVED = DERIVED.union(table.name for table in DERIVED_TABLES)
_INITIAL_TABLES = (users.name, counters.name)


def tables() -> Sequence[Table]:
    """Return every table that is not derived from others, referenced tables first."""
    return [table for table in _METADATA.sorted_tables if table.name not in _DERIVED]


def is_empty(conn: Connection) -> bool:
    """Say whether an archive has only the rows that its creation inserts."""
    return all(
        conn.execute(select(table).limit(1)).first() is None
        for table in tables()
        if table.name not in _INITIAL_TABLES
    )


def copy_archive(source: Database, target: Database, watch: Watch) -> Copied:
    """Copy every row into an empty archive in one transaction, completely or not at all.

    Both must have the current schema. Raises ArchiveError if the target is not empty, or if the copied rows
    differ from the source.
    """
    with source.reading() as conn:
        copied = target.writing_once(lambda there: _copy(conn, there, source.where, target.where, watch))
    with source.reading() as conn:
        growing = (articles, items, observations)
        late = any(_count(conn, table) != copied.tables[table.name].rows for table in growing)
    return replace(copied, late=late)


def _copy(source: Connection, target: Connection, where: str, there: str, watch: Watch) -> Copied:
    if not is_empty(target):
        raise ArchiveError(
            f"{there} holds an archive already; nothing was copied. Name an empty or a new database."
        )
    for table in reversed(tables()):
        target.execute(delete(table))
    sent: dict[str, Fingerprint] = {}
    for table in tables():
        sent[str(table.name)] = _copy_table(source, target, table, watch)
        _continue_numbers(source, target, table)
    for name, expected in sent.items():
        watch(f"checking {name}", 0, expected.rows)
        if fingerprint(target, _METADATA.tables[name]) != expected:
            raise ArchiveError(
                f"What arrived in {name} of {there} is not what {where} holds; nothing was copied. "
                "Run `unabridged verify` on the source, and try again."
            )
    start_over(target)
    queue.start_over(target)
    return Copied(tables=sent)


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _copy_table(source: Connection, target: Connection, table: Table, watch: Watch) -> Fingerprint:
    count = _count(source, table)
    rows = total = 0
    watch(table.name, 0, count)
    for batch in _batches(source, table):
        target.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in batch])
        rows += len(batch)
        total += sum(map(_row_hash, batch))
        watch(table.name, rows, count)
    return Fingerprint(rows=rows, total=total % _MODULUS)


def fingerprint(conn: Connection, table: Table) -> Fingerprint:
    """Compute the fingerprint of a table."""
    rows = total = 0
    for batch in _batches(conn, table):
        rows += len(batch)
        total += sum(map(_row_hash, batch))
    return Fingerprint(rows=rows, total=total % _MODULUS)


def _batches(conn: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    # A duplicate refers to another article, which must be inserted before it. The table is read twice,
    # because ordering by that reference would sort all of it.
    for some in (LISTED, ~LISTED) if table is articles else (true(),):
        query = select(table).where(some).order_by(*_order(table)).execution_options(yield_per=BATCH)
        with conn.execute(query) as result:
            for part in result.partitions(BATCH):
                yield [tuple(row) for row in part]


def _order(table: Table) -> Iterable[ColumnElement[Any]]:
    # A page may depend on a page of a smaller depth, which must be inserted before it.
    return (snapshots.c.depth, snapshots.c.hash) if table is snapshots else table.primary_key.columns


def _row_hash(row: tuple[Any, ...]) -> int:
    hashed = hashlib.sha256()
    for value in row:
        data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
        hashed.update(b"%d %d " % (isinstance(value, bytes), len(data)))
        hashed.update(data)
    return int.from_bytes(hashed.digest(), "big")


# Numbers that are never reused


def _continue_numbers(source: Connection, target: Connection, table: Table) -> None:
    """Continue the source's numbering in the target, past the numbers of deleted rows."""
    if "id" not in table.c or table.c.id.autoincrement is False or not table.c.id.primary_key:
        return
    last = max(_last_number(source, table), target.execute(select(func.max(table.c.id))).scalar() or 0)
    if last == 0:
        return
    if target.dialect.name == "postgresql":
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
            {"table": table.name, "last": last},
        )
    elif table.dialect_options["sqlite"]["autoincrement"]:
        target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        row = {"name": table.name, "last": last}
        target.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)


def _last_number(conn: Connection, table: Table) -> int:
    if conn.dialect.name == "postgresql":
        named = text("SELECT pg_get_serial_sequence(:table, 'id')")
        sequence = conn.execute(named, {"table": table.name}).scalar_one()
        used = conn.execute(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"))
        return int(used.scalar_one())
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(conn.execute(query, {"name": table.name}).scalar() or 0)
