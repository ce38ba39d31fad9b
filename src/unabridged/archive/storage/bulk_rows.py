"""Bulk INSERT and SELECT: a prepared statement on SQLite, a statement with arrays on PostgreSQL.

The work of SQLAlchemy for each row and each key (checking names, converting types one value at a time)
took as long as the database itself; here the statement is built from the table's columns once, and cached.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, text

from unabridged.archive.storage.tables import Instant, articles, to_microseconds

KEYS_PER_QUERY = 500
"""Keys in one SELECT."""

_LAST_NUMBER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
"""Highest number that SQLite ever assigned to a row of a table, deleted rows included."""

_NEXT_NUMBERS = text(
    "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count) ORDER BY 1"
)


def insert_rows(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip: bool = False
) -> None:
    """Insert rows that all have the same columns. skip: ignore rows that exist already."""
    if not rows:
        return
    names = tuple(rows[0])
    statement, instants = _insert_statement(conn.dialect, table, names, skip)
    columns = [[row[name] for row in rows] for name in names]
    for place in instants:
        columns[place] = [None if at is None else to_microseconds(at) for at in columns[place]]
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(statement, list(zip(*columns, strict=True)))
    else:
        conn.exec_driver_sql(statement, tuple(columns))


@lru_cache(maxsize=64)
def _insert_statement(
    dialect: Dialect, table: Table, names: tuple[str, ...], skip: bool
) -> tuple[str, tuple[int, ...]]:
    """Return an INSERT in the driver's SQL, and the positions of the columns that hold instants."""
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


def add_counts(conn: Connection, table: Table, counts: Mapping[int, int]) -> None:
    """Add to counters of a table of two integer columns: the key, and the count."""
    if not counts:
        return
    key, count = (column.name for column in table.columns)
    values = "VALUES (?, ?)"
    given: Any = sorted(counts.items())
    if conn.dialect.name != "sqlite":
        values = "SELECT * FROM unnest(%s::bigint[], %s::bigint[])"
        given = tuple(list(column) for column in zip(*given, strict=True))
    conn.exec_driver_sql(
        f"INSERT INTO {table.name} ({key}, {count}) {values}"
        f" ON CONFLICT ({key}) DO UPDATE SET {count} = {table.name}.{count} + excluded.{count}",
        given,
    )


def rows_among(
    conn: Connection, table: Table, names: tuple[str, ...], key: str, among: Sequence[Any], **also: Any
) -> list[tuple[Any, ...]]:
    """Return columns of the rows whose key is among the given ones, in no order.

    also: further columns and the values that they must have. Instants are returned in microseconds.
    """
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(among), KEYS_PER_QUERY):
        part = list(among[start : start + KEYS_PER_QUERY])
        given = part if conn.dialect.name == "sqlite" else [part]
        statement = _select_statement(conn.dialect, table, names, key, tuple(also), len(given))
        found += map(tuple, conn.exec_driver_sql(statement, (*also.values(), *given)))
    return found


def some_rows(
    conn: Connection, table: Table, names: tuple[str, ...], key: str, among: Sequence[Any], limit: int
) -> list[tuple[Any, ...]]:
    """Return columns of up to `limit` rows whose key is among the given ones, KEYS_PER_QUERY at most."""
    given = list(among) if conn.dialect.name == "sqlite" else [list(among)]
    statement = _select_statement(conn.dialect, table, names, key, (), len(given))
    return list(map(tuple, conn.exec_driver_sql(f"{statement} LIMIT {limit:d}", tuple(given))))


@lru_cache(maxsize=512)
def _select_statement(
    dialect: Dialect, table: Table, names: tuple[str, ...], key: str, also: tuple[str, ...], count: int
) -> str:
    """Return a SELECT in the driver's SQL. count: number of keys."""
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
    """Return `count` numbers for new articles, ascending, never used before."""
    if conn.dialect.name == "sqlite":  # nobody else writes now
        last = conn.execute(_LAST_NUMBER, {"table": articles.name}).scalar() or 0
        return [last + place for place in range(1, count + 1)]
    return list(conn.execute(_NEXT_NUMBERS, {"table": articles.name, "count": count}).scalars())
