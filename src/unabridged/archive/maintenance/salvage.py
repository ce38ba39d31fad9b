"""Recovery of the readable rows of a damaged SQLite file into a new one.

SQLite fails every query that touches a damaged page. Rows are therefore queried by ranges of their
numbers; a range that fails is halved until only the rows on damaged pages are left out.
"""

import html
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from unabridged.archive.articles.versions import NewVersion, add_versions
from unabridged.archive.feeds.unread_counts import RECOUNT
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.maintenance import Watch
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import articles, name_key, revisions
from unabridged.model import Article

RANGE = 256
"""Row numbers in one query."""
MAX_UNREADABLE = 20_000
"""Consecutive unreadable row numbers after which the rest is skipped: more than one inner page covers."""


INDEX = ("search_index", "search_docs", "search_state")
"""Tables of search, which stay empty: the index is rebuilt from the versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """Result of a recovery. rows: table -> rows read; gaps: table -> unreadable ranges."""

    rows: dict[str, int]
    gaps: dict[str, int]


def is_intact(file: Path) -> bool:
    """Say whether a file passes SQLite's integrity check."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


def salvage(damaged: Path, repaired: Path, watch: Watch) -> Salvaged:
    """Write every readable row into a new file, and repair or drop references to lost rows.

    Raises sqlite3.DatabaseError if not even the list of tables can be read.
    """
    rows: dict[str, int] = {}
    gaps: dict[str, int] = {}
    with closing(sqlite3.connect(damaged)) as source, closing(sqlite3.connect(repaired)) as target:
        made = list(source.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        tables = [(name, sql) for kind, name, sql in made if kind == "table" and _is_created(name)]
        for place, (name, sql) in enumerate(tables):
            watch("salvaging", place, len(tables))
            target.execute(sql)
            if name not in INDEX:
                rows[name], gaps[name] = _copy_readable(source, target, name)
        for kind, _, sql in made:
            if kind == "index":
                target.execute(sql)
        _repair_references(target)
        if "unread_counts" in rows:
            for statement in RECOUNT:
                target.execute(statement)
        for kind, _, sql in made:
            if kind == "trigger":
                target.execute(sql)
        target.commit()
    return Salvaged(rows=rows, gaps={name: count for name, count in gaps.items() if count})


def _is_created(table: str) -> bool:
    """Say whether a table must be created; SQLite makes its own, and those of its index, by itself."""
    return table != "sqlite_sequence" and not table.startswith("search_index_")


def _copy_readable(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> tuple[int, int]:
    """Copy a table's readable rows; returns their number and the number of unreadable ranges."""
    columns = len(list(source.execute(f'PRAGMA table_info("{table}")')))
    put = f'INSERT OR IGNORE INTO "{table}" (rowid, {_names(source, table)}) VALUES ({_marks(columns + 1)})'
    count = gaps = 0
    in_gap = False
    for found in _ranges(source, table):
        gaps += found is None and not in_gap
        in_gap = found is None
        if found:
            target.executemany(put, found)
            count += len(found)
    return count, gaps


def _names(connection: sqlite3.Connection, table: str) -> str:
    return ", ".join(f'"{row[1]}"' for row in connection.execute(f'PRAGMA table_info("{table}")'))


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _ranges(source: sqlite3.Connection, table: str) -> Iterator[list[tuple[Any, ...]] | None]:
    """Yield the rows of every readable range, in order; None for an unreadable row number."""
    last = _last_number(source, table)
    start, unreadable = 1, 0
    while unreadable < MAX_UNREADABLE and (last is None or start <= last):
        found = list(_halved(source, table, start, start + RANGE - 1))
        yield from found
        if any(found):
            unreadable = 0
        elif last is None or None in found:
            unreadable += RANGE
        start += RANGE


def _halved(
    source: sqlite3.Connection, table: str, first: int, last: int
) -> Iterator[list[tuple[Any, ...]] | None]:
    query = f'SELECT rowid, {_names(source, table)} FROM "{table}" WHERE rowid BETWEEN ? AND ?'
    try:
        found = source.execute(query, (first, last)).fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError):
        if first == last:
            yield None
            return
        middle = (first + last) // 2
        yield from _halved(source, table, first, middle)
        yield from _halved(source, table, middle + 1, last)
    else:
        yield found


def _last_number(source: sqlite3.Connection, table: str) -> int | None:
    """Return the highest row number of a table, None if it cannot be read any more."""
    for query in (
        f'SELECT max(rowid) FROM "{table}"',
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
    ):
        try:
            row = source.execute(query).fetchone()
        except sqlite3.DatabaseError:
            continue
        return int(row[0] or 0) if row is not None else None
    return None


# References to lost rows


def _repair_references(target: sqlite3.Connection) -> None:
    """Set articles to versions that exist, and remove references to lost rows."""
    present = {name for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if {"articles", "revisions", "sources", "users", "counters", "items"} <= present:
        _repair_articles(target)
    if present.issuperset(INDEX):
        waiting = "SELECT 'unindexed', coalesce(max(id), 0) FROM articles"
        target.execute(f"INSERT INTO search_state (name, value) {waiting}")
    for _ in range(20):
        broken = list(target.execute("PRAGMA foreign_key_check"))
        if not broken:
            break
        for table, row, _parent, key in broken:
            _drop_reference(target, table, row, key)


def _repair_articles(target: sqlite3.Connection) -> None:
    versions = "SELECT number FROM revisions WHERE article_id = articles.id"
    target.execute(
        f"UPDATE articles SET revision = (SELECT coalesce(max(number), 0) FROM ({versions})) "
        f"WHERE revision NOT IN ({versions})"
    )
    if "edit" in {line[1] for line in target.execute("PRAGMA table_info(revisions)")}:
        marked = "FROM revisions WHERE article_id = articles.id AND edit = 1"
        last = f"(SELECT max(coalesce(fetched, saved)) {marked})"
        target.execute(f"UPDATE articles SET edits = (SELECT count(*) {marked}), edited = {last}")
    target.execute(
        "INSERT OR IGNORE INTO sources (id, slug, title, last_number) "
        "SELECT DISTINCT source_id, 'recovered-' || source_id, 'Recovered', 0 FROM articles "
        "WHERE source_id NOT IN (SELECT id FROM sources)"
    )
    _add_owner(target)
    highest = "(SELECT coalesce(max(id), 0) FROM items)"
    _restore_counter(target, "items", highest)
    for table, column in (("events", "number"), ("channels", "cursor")):
        if target.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            _restore_counter(target, "events", f"(SELECT coalesce(max({column}), 0) FROM {table})")


def _restore_counter(target: sqlite3.Connection, name: str, highest: str) -> None:
    """Set a counter to at least the highest number that it gave. highest: SQL."""
    target.execute(f"INSERT OR IGNORE INTO counters (name, value) VALUES ('{name}', {highest})")
    target.execute(f"UPDATE counters SET value = max(value, {highest}) WHERE name = '{name}'")


def _add_owner(target: sqlite3.Connection) -> None:
    """Add the owner if their row is lost: an administrator, found by the name "owner"."""
    made = target.execute(
        "INSERT OR IGNORE INTO users (id, name, created) VALUES (?, 'owner', 0)", (OWNER,)
    ).rowcount
    known = {line[1] for line in target.execute("PRAGMA table_info(users)")}
    for column, value in (("role", "admin"), ("name_key", name_key("owner"))):
        if made and column in known:
            target.execute(f"UPDATE users SET {column} = ? WHERE id = ?", (value, OWNER))


def add_placeholder_versions(db: Database, now: datetime) -> int:
    """Give articles that lost every version one made of their row, and schedule their pages again.

    Returns how many there were.
    """
    there = select(revisions.c.number).where(revisions.c.article_id == articles.c.id)

    def work(conn: Connection) -> int:
        rows = list(conn.execute(select(articles).where(~there.exists())).mappings())
        add_versions(conn, [_placeholder_version(row, now) for row in rows])
        again = {"page_state": "waiting", "page_attempts": 0, "page_next_try_at": now}
        for row in rows:
            conn.execute(update(articles).where(articles.c.id == row["id"]).values(**again))
        return len(rows)

    return db.writing(work)


def _placeholder_version(row: RowMapping, now: datetime) -> NewVersion:
    summary = row["summary"]
    return NewVersion(
        article_id=row["id"],
        number=0,
        source="feed",
        article=Article(
            url=row["url"],
            title=row["title"],
            summary=summary,
            html=f"<p>{html.escape(summary, quote=False)}</p>" if summary else "",
            text=summary,
            markdown=summary,
        ),
        saved=now,
        reason="its versions could not be read; this is the summary of the list",
    )


def _drop_reference(target: sqlite3.Connection, table: str, row: int, key: int) -> None:
    """Clear a reference to a lost row if it may be NULL; delete a row that needs it."""
    columns = [line[3] for line in target.execute(f'PRAGMA foreign_key_list("{table}")') if line[0] == key]
    needed = {line[1] for line in target.execute(f'PRAGMA table_info("{table}")') if line[3] or line[5]}
    dependent = table == "snapshots"  # a page that depends on a lost one cannot be read any more
    if dependent or needed.intersection(columns):
        target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))
    else:
        cleared = ", ".join(f'"{column}" = NULL' for column in columns)
        target.execute(f'UPDATE "{table}" SET {cleared} WHERE rowid = ?', (row,))
