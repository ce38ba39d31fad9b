"""Writing and finding many rows at once: one prepared statement on SQLite, one of arrays on PostgreSQL.

What SQLAlchemy does for each row and each key anew (checking names, converting types one value at a time)
took as long as the database itself; the statement is made of the table's own columns once, and kept.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, text

from unabridged.archive.storage.tables import Instant, articles, to_microseconds

AT_ONCE = 500
"""Keys that are asked for in one statement."""

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


def rows_among(
    conn: Connection, table: Table, names: tuple[str, ...], key: str, among: Sequence[Any], **also: Any
) -> list[tuple[Any, ...]]:
    """These columns of the rows whose key is one of many, in no order. also: what else a row must have.

    Of instants there are microseconds.
    """
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(among), AT_ONCE):
        part = list(among[start : start + AT_ONCE])
        given = part if conn.dialect.name == "sqlite" else [part]
        statement = _question(conn.dialect, table, names, key, tuple(also), len(given))
        found += map(tuple, conn.exec_driver_sql(statement, (*also.values(), *given)))
    return found


@lru_cache(maxsize=512)
def _question(
    dialect: Dialect, table: Table, names: tuple[str, ...], key: str, also: tuple[str, ...], count: int
) -> str:
    """A SELECT in the driver's own words. count: of values that are asked for."""
    quoted = dialect.identifier_preparer
    if dialect.name == "sqlite":
        mark, among = "?", f"IN ({', '.join('?' * count)})"
    else:
        mark, among = "%s", f"= ANY(%s::{table.c[key].type.compile(dialect)}[])"
    where = " AND ".join(
        [*(f"{quoted.quote(name)} = {mark}" for name in also), f"{quoted.quote(key)} {among}"]
    )
    return f"SELECT {', '.join(map(quoted.quote, names))} FROM {quoted.format_table(table)} WHERE {where}"


def article_numbers(conn: Connection, count: int) -> list[int]:
    """So many numbers for new articles, ascending, never given before."""
    if conn.dialect.name == "sqlite":  # nobody else writes now
        last = conn.execute(_LAST_NUMBER, {"table": articles.name}).scalar() or 0
        return [last + place for place in range(1, count + 1)]
    return list(conn.execute(_NEXT_NUMBERS, {"table": articles.name, "count": count}).scalars())
