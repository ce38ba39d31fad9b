"""Checking everything that an archive holds: hashes of versions and pages, references, the file itself."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select, text, tuple_

from unabridged.archive.codec import decode_article, decode_entry, decompress
from unabridged.archive.copying import Watch, tables
from unabridged.archive.db import Database
from unabridged.archive.index_checks import check_fts, count_ghosts, index_trouble, missing
from unabridged.archive.rawpages import dictionary_data, joined_page
from unabridged.archive.schema import articles, dictionaries, revisions, snapshots
from unabridged.archive.schema_library import blobs
from unabridged.archive.schema_search import search_docs
from unabridged.errors import ArchiveError

BATCH = 200
REINDEX = "`unabridged search --reindex` makes the index anew"
MOST_PROBLEMS = 1000
"""Damage beyond this is counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something broken. kind: file, revision, snapshot, dictionary, blob, reference or search."""

    kind: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check found. counts: kind -> how many were checked. broken: how many problems in all."""

    counts: dict[str, int]
    problems: tuple[Problem, ...]
    broken: int


@dataclass(slots=True)
class _Findings:
    watch: Watch
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: int = 0

    def report(self, kind: str, what: str, why: str) -> None:
        self.broken += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(kind=kind, what=what, why=why))


def verify(db: Database, watch: Watch) -> Verified:
    """Recompute every hash and follow every reference. What cannot be read is named, the rest is checked."""
    found = _Findings(watch)
    for step in (_check_file, _check_references, _check_revisions, _check_dictionaries, _check_snapshots):
        _guarded(found, step, db)
    _guarded(found, _check_blobs, db)
    _guarded(found, _check_search, db)
    return Verified(counts=found.counts, problems=tuple(found.problems), broken=found.broken)


def _guarded(found: _Findings, step: Callable[[Database, _Findings], None], db: Database) -> None:
    try:
        step(db, found)
    except ArchiveError as exc:
        found.report("file", step.__name__.removeprefix("_check_"), str(exc))


def _check_file(db: Database, found: _Findings) -> None:
    """SQLite's own check of its pages and indexes; PostgreSQL keeps its own by checksums."""
    if not db.on_sqlite:
        return
    found.watch("the file", 0, 1)
    with db.reading() as conn:
        for (line,) in conn.execute(text("PRAGMA integrity_check(100)")):
            if line != "ok":
                found.report("file", db.where, str(line))
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
            found.report("reference", f"article {number}", "its current version is missing")
        found.counts["articles"] = _count(conn, articles)


def _check_link(conn: Connection, found: _Findings, table: Table, column: Column[Any]) -> None:
    [key] = column.foreign_keys
    target = key.column.table.alias("target")
    lost = ~select(target.c[key.column.name]).where(target.c[key.column.name] == column).exists()
    query = select(func.count()).select_from(table).where(column.is_not(None), lost)
    missing = conn.execute(query).scalar_one()
    if missing:
        what = f"{table.name}.{column.name}"
        found.report(
            "reference", what, f"{missing} rows refer to a row of {key.column.table.name} that is gone"
        )


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _pages(db: Database, table: Table, *columns: ColumnElement[Any]) -> Iterator[list[Any]]:
    """A table in small transactions, by its key, so that no check holds one for hours."""
    key = list(table.primary_key.columns)
    place: ColumnElement[bool] | None = None
    while True:
        query = select(*key, *columns).order_by(*key).limit(BATCH)
        with db.reading() as conn:
            rows = list(conn.execute(query if place is None else query.where(place)))
        if not rows:
            return
        yield rows
        last = tuple(rows[-1][: len(key)])
        place = tuple_(*key) > tuple_(*last, types=[column.type for column in key])


def _total(db: Database, table: Table) -> int:
    with db.reading() as conn:
        return _count(conn, table)


def _check_revisions(db: Database, found: _Findings) -> None:
    total, done = _total(db, revisions), 0
    for rows in _pages(db, revisions, revisions.c.content_hash, revisions.c.record, revisions.c.entry):
        for row in rows:
            why = _revision_trouble(row)
            if why:
                found.report("revision", f"article {row.article_id}, version {row.number}", why)
        done += len(rows)
        found.watch("versions", done, total)
    found.counts["revisions"] = done


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
    with db.reading() as conn:
        numbers = list(conn.execute(select(dictionaries.c.id).order_by(dictionaries.c.id)).scalars())
    for number in numbers:
        with db.reading() as conn:
            try:
                dictionary_data(conn, number)
            except ArchiveError as exc:
                found.report("dictionary", f"dictionary {number}", str(exc))
    found.counts["dictionaries"] = len(numbers)


def _check_snapshots(db: Database, found: _Findings) -> None:
    total, done = _total(db, snapshots), 0
    for rows in _pages(db, snapshots, snapshots.c.url):
        with db.reading() as conn:
            for row in rows:
                try:
                    joined_page(conn, row.hash)
                except ArchiveError as exc:
                    found.report("snapshot", f"{row.hash.hex()} ({row.url[:200]})", str(exc))
        done += len(rows)
        found.watch("raw pages", done, total)
    found.counts["snapshots"] = done


def _check_blobs(db: Database, found: _Findings) -> None:
    total, done = _total(db, blobs), 0
    for rows in _pages(db, blobs, blobs.c.body):
        for row in rows:
            if hashlib.sha256(row.body).digest() != row.hash:
                found.report("blob", row.hash.hex(), "the picture's bytes fail their hash")
        done += len(rows)
        found.watch("pictures", done, total)
    found.counts["images"] = done


def _check_search(db: Database, found: _Findings) -> None:
    """Whether the index holds what the versions say, and nothing else."""
    total, done = _total(db, search_docs), 0
    columns = (search_docs.c.place, search_docs.c.revision, search_docs.c.digest)
    for rows in _pages(db, search_docs, *columns):
        with db.reading() as conn:
            for row in rows:
                if (why := index_trouble(conn, row)) is not None:
                    found.report("search", f"article {row.article_id}", f"{why}; {REINDEX}")
        done += len(rows)
        found.watch("the index", done, total)
    with db.reading() as conn:
        for number in missing(conn, MOST_PROBLEMS):
            found.report("search", f"article {number}", f"it is not in the index; {REINDEX}")
        ghosts = count_ghosts(conn)
    if ghosts:
        found.report("search", "the index", f"{ghosts} rows are of no article; {REINDEX}")
    if db.on_sqlite:
        try:
            db.writing(check_fts)
        except ArchiveError as exc:
            found.report("search", "the index", f"{exc} {REINDEX}")
    found.counts["indexed"] = done
