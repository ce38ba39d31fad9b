"""Integrity check: hashes of versions and pages, references, the search index, the file itself."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select, text, tuple_

from unabridged.archive.feeds.unread_counts import wrong_counts
from unabridged.archive.maintenance.copy_archive import tables
from unabridged.archive.raw_pages.store import dictionary_data, joined_page
from unabridged.archive.records.encoding import decode_article, decode_entry
from unabridged.archive.records.maintenance import Problem, Verified, Watch
from unabridged.archive.search_index.consistency import check_fts, count_orphans, index_problem, missing
from unabridged.archive.storage.codec import decompress
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import articles, dictionaries, revisions, snapshots
from unabridged.archive.storage.tables_library import blobs
from unabridged.archive.storage.tables_search import search_docs
from unabridged.errors import ArchiveError, ArchiveUnwritable

BATCH = 200
REINDEX = "`unabridged search --reindex` rebuilds the index"
MOST_PROBLEMS = 1000
"""Problems beyond this number are counted, not listed."""


@dataclass(slots=True)
class _Findings:
    watch: Watch
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: int = 0
    unchecked: list[str] = field(default_factory=list)

    def report(self, problem: Problem) -> None:
        self.broken += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def verify(db: Database, watch: Watch) -> Verified:
    """Recompute every hash and follow every reference. Unreadable parts are reported, the rest is checked."""
    found = _Findings(watch)
    for step in (_check_file, _check_references, _check_revisions, _check_dictionaries, _check_snapshots):
        _run_step(found, step, db)
    _run_step(found, _check_blobs, db)
    _run_step(found, _check_search, db)
    return Verified(
        counts=found.counts,
        problems=tuple(found.problems),
        broken=found.broken,
        unchecked=tuple(found.unchecked),
    )


def _run_step(found: _Findings, step: Callable[[Database, _Findings], None], db: Database) -> None:
    try:
        step(db, found)
    except ArchiveUnwritable as exc:  # locked, read-only or a full disk: no damage
        found.unchecked.append(f"{step.__name__.removeprefix('_check_')}: {exc}")
    except ArchiveError as exc:
        found.report(Problem(kind="file", what=step.__name__.removeprefix("_check_"), why=str(exc)))


def _check_file(db: Database, found: _Findings) -> None:
    """Run SQLite's check of its pages and indexes; PostgreSQL has checksums of its own."""
    if not db.on_sqlite:
        return
    found.watch("the file", 0, 1)
    with db.reading() as conn:
        for (line,) in conn.execute(text("PRAGMA integrity_check(100)")):
            if line != "ok":
                found.report(Problem(kind="file", what=db.where, why=str(line)))
    found.watch("the file", 1, 1)


def _check_references(db: Database, found: _Findings) -> None:
    links = [(table, column) for table in tables() for column in table.c if column.foreign_keys]
    for place, (table, column) in enumerate(links):
        found.watch("references", place, len(links))
        with db.reading() as conn:
            _check_link(conn, found, table, column)
    found.counts["references"] = len(links)
    with db.reading() as conn:
        there = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
        query = select(articles.c.id).where(~select(revisions.c.number).where(there).exists())
        for number in conn.execute(query.limit(MOST_PROBLEMS)).scalars():
            what = f"article {number}"
            found.report(Problem(kind="reference", what=what, why="its current version is missing"))
        found.counts["articles"] = _count(conn, articles)
        if wrong := wrong_counts(conn):
            why = f"{wrong} of the kept counts of unread articles are wrong"
            found.report(Problem(kind="reference", what="unread_counts", why=why))


def _check_link(conn: Connection, found: _Findings, table: Table, column: Column[Any]) -> None:
    [key] = column.foreign_keys
    target = key.column.table.alias("target")
    lost = ~select(target.c[key.column.name]).where(target.c[key.column.name] == column).exists()
    query = select(func.count()).select_from(table).where(column.is_not(None), lost)
    missing = conn.execute(query).scalar_one()
    if missing:
        why = f"{missing} rows refer to a row of {key.column.table.name} that does not exist"
        found.report(Problem(kind="reference", what=f"{table.name}.{column.name}", why=why))


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _check_rows(
    db: Database,
    found: _Findings,
    label: str,
    table: Table,
    *columns: ColumnElement[Any],
    check: Callable[[Connection, Any], Problem | None],
) -> int:
    """Check a table's rows in the order of their key; returns how many there were.

    A batch is read and checked in one transaction with one snapshot, so that concurrent changes are seen
    completely or not at all; the batches are small, so that no transaction lasts for hours.
    """
    key, done, total = list(table.primary_key.columns), 0, _total(db, table)
    query = select(*key, *columns).order_by(*key).limit(BATCH)
    place: ColumnElement[bool] | None = None
    while True:
        with db.reading() as conn:
            rows = conn.execute(query if place is None else query.where(place)).all()
            for row in rows:
                problem = check(conn, row)
                if problem is not None:
                    found.report(problem)
        if not rows:
            return done
        done += len(rows)
        found.watch(label, done, total)
        last = tuple(rows[-1][: len(key)])
        place = tuple_(*key) > tuple_(*last, types=[column.type for column in key])


def _total(db: Database, table: Table) -> int:
    with db.reading() as conn:
        return _count(conn, table)


def _check_revisions(db: Database, found: _Findings) -> None:
    columns = (revisions.c.content_hash, revisions.c.record, revisions.c.entry)
    found.counts["revisions"] = _check_rows(
        db, found, "versions", revisions, *columns, check=_check_revision_row
    )


def _check_revision_row(_conn: Connection, row: Any) -> Problem | None:
    why = _revision_trouble(row)
    what = f"article {row.article_id}, version {row.number}"
    return None if why is None else Problem(kind="revision", what=what, why=why)


def _revision_trouble(row: Any) -> str | None:
    try:
        encoded = decompress(row.record)
        if hashlib.sha256(encoded).digest() != row.content_hash:
            return "it fails its hash"
        decode_article(encoded)
        if row.entry is not None:
            decode_entry(decompress(row.entry))
    except ArchiveError as exc:
        return str(exc)
    return None


def _check_dictionaries(db: Database, found: _Findings) -> None:
    found.counts["dictionaries"] = _check_rows(
        db, found, "dictionaries", dictionaries, check=_check_dictionary_row
    )


def _check_dictionary_row(conn: Connection, row: Any) -> Problem | None:
    try:
        dictionary_data(conn, row.id)
    except ArchiveError as exc:
        return Problem(kind="dictionary", what=f"dictionary {row.id}", why=str(exc))
    return None


def _check_snapshots(db: Database, found: _Findings) -> None:
    found.counts["snapshots"] = _check_rows(
        db, found, "raw pages", snapshots, snapshots.c.url, check=_check_snapshot_row
    )


def _check_snapshot_row(conn: Connection, row: Any) -> Problem | None:
    try:
        joined_page(conn, row.hash)
    except ArchiveError as exc:
        return Problem(kind="snapshot", what=f"{row.hash.hex()} ({row.url[:200]})", why=str(exc))
    return None


def _check_blobs(db: Database, found: _Findings) -> None:
    found.counts["images"] = _check_rows(db, found, "pictures", blobs, blobs.c.body, check=_check_blob_row)


def _check_blob_row(_conn: Connection, row: Any) -> Problem | None:
    if hashlib.sha256(row.body).digest() == row.hash:
        return None
    return Problem(kind="blob", what=row.hash.hex(), why="the image's bytes fail their hash")


def _check_search(db: Database, found: _Findings) -> None:
    """Check that the index has exactly the tokens of the current versions."""
    columns = (search_docs.c.place, search_docs.c.revision, search_docs.c.digest)
    found.counts["indexed"] = _check_rows(
        db, found, "the index", search_docs, *columns, check=_check_index_row
    )
    with db.reading() as conn:
        absent, ghosts = missing(conn, MOST_PROBLEMS), count_orphans(conn)
    for number in absent:
        found.report(_search_problem(f"article {number}", "it is not in the index"))
    if ghosts:
        found.report(_search_problem("the index", f"{ghosts} rows belong to no article"))
    if db.on_sqlite:
        try:
            db.writing(check_fts)
        except ArchiveUnwritable:
            raise
        except ArchiveError as exc:
            found.report(_search_problem("the index", str(exc).rstrip(".")))


def _check_index_row(conn: Connection, row: Any) -> Problem | None:
    why = index_problem(conn, row)
    return None if why is None else _search_problem(f"article {row.article_id}", why)


def _search_problem(what: str, why: str) -> Problem:
    return Problem(kind="search", what=what, why=f"{why}; {REINDEX}")
