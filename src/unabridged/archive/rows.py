"""Writing many rows at once: one prepared statement on SQLite, one statement of arrays on PostgreSQL.

What SQLAlchemy does for each row anew (checking names, converting types one value at a time) took as long
as the database itself; the statement is made of the table's own columns once, and kept.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, text

from unabridged.archive.schema import Instant, articles, to_microseconds

_LAST_NUMBER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
"""The highest number that SQLite ever gave to a row of a table, erased ones included."""

_NEXT_NUMBERS = text(
    "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count) ORDER BY 1"
)


def insert_rows(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip: bool = False
) -> None:
    """Insert rows that all have the same columns. skip: a row that is there already is left alone."""
    if not rows:
        return
    names = tuple(rows[0])
    statement, instants = _statement(conn.dialect, table, names, skip)
    columns = [[row[name] for row in rows] for name in names]
    for place in instants:
        columns[place] = [None if at is None else to_microseconds(at) for at in columns[place]]
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(statement, list(zip(*columns, strict=True)))
    else:
        conn.exec_driver_sql(statement, tuple(columns))


@lru_cache(maxsize=64)
def _statement(
    dialect: Dialect, table: Table, names: tuple[str, ...], skip: bool
) -> tuple[str, tuple[int, ...]]:
    """An INSERT in the driver's own words, and the places of the columns that hold instants."""
    quoted = dialect.identifier_preparer
    kinds = [table.c[name].type for name in names]
    into = f"{quoted.format_table(table)} ({', '.join(map(quoted.quote, names))})"
    if dialect.name == "sqlite":
        values = f"VALUES ({', '.join('?' * len(names))})"
    else:
        arrays = (f"%s::{kind.compile(dialect)}[]" for kind in kinds)
        values = f"SELECT * FROM unnest({', '.join(arrays)})"
    ending = " ON CONFLICT DO NOTHING" if skip else ""
    instants = tuple(place for place, kind in enumerate(kinds) if isinstance(kind, Instant))
    return f"INSERT INTO {into} {values}{ending}", instants


def article_numbers(conn: Connection, count: int) -> list[int]:
    """So many numbers for new articles, ascending, never given before."""
    if conn.dialect.name == "sqlite":  # nobody else writes now
        last = conn.execute(_LAST_NUMBER, {"table": articles.name}).scalar() or 0
        return [last + place for place in range(1, count + 1)]
    return list(conn.execute(_NEXT_NUMBERS, {"table": articles.name, "count": count}).scalars())
