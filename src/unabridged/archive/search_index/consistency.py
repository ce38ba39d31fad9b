"""Consistency check of the full-text index against the articles, in both directions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from unabridged.archive.search_index.writer import Document, digest_of, state_of, stored_documents, tsvector
from unabridged.archive.storage.tables import LISTED, articles
from unabridged.archive.storage.tables_search import UNINDEXED, search_docs
from unabridged.errors import ArchiveError


def index_problem(conn: Connection, row: Any) -> str | None:
    """Describe what is wrong with a row of search_docs and its index entry; None if nothing."""
    try:
        found = stored_documents(conn, [row.article_id])
    except (ArchiveError, ValueError):
        return None  # unreadable versions are reported separately
    if not found:
        return _unexpected_entry(conn, row.article_id)
    [one] = found
    if (row.revision, row.place) != (one.revision, one.place):
        return f"the index has version {row.revision}, but {one.revision} is current"
    if row.digest != digest_of(one.columns()):
        return "the index has other words than its text"
    return None if _has_entry(conn, one) else "its index entry is missing or has another length"


def _unexpected_entry(conn: Connection, article_id: int) -> str | None:
    """Say why an article should not be indexed; None if its version is missing (reported elsewhere)."""
    kept = conn.execute(select(articles.c.same_as).where(articles.c.id == article_id)).scalar()
    return None if kept is None else f"it is a duplicate of article {kept}, but indexed"


def _has_entry(conn: Connection, one: Document) -> bool:
    """Tell if the index has an entry of the right length."""
    if conn.dialect.name == "sqlite":
        query = text("SELECT sz FROM search_index_docsize WHERE id = :place")
        sizes = conn.execute(query, {"place": one.place}).scalar()
        return sizes is not None and _varints(sizes) == [len(column.split()) for column in one.columns()]
    tokens, _ = tsvector(one)
    query = text("SELECT 1 FROM search_index WHERE place = :place AND tokens = CAST(:tokens AS tsvector)")
    return conn.execute(query, {"place": one.place, "tokens": tokens}).first() is not None


def _varints(data: bytes) -> list[int]:
    """Decode SQLite's integers of one to nine bytes, seven bits each. https://sqlite.org/fileformat2.html#varint"""
    found, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            found.append(value)
            value = 0
    return found


def missing(conn: Connection, limit: int) -> Sequence[int]:
    """Return articles that should be indexed and are not."""
    absent = ~select(search_docs.c.place).where(search_docs.c.article_id == articles.c.id).exists()
    query = select(articles.c.id).where(absent, LISTED)
    query = query.where(articles.c.id > (state_of(conn, UNINDEXED) or 0))
    return list(conn.execute(query.order_by(articles.c.id).limit(limit)).scalars())


def count_orphans(conn: Connection) -> int:
    """Count index entries without an article."""
    table, place = (
        ("search_index_docsize", "id") if conn.dialect.name == "sqlite" else ("search_index", "place")
    )
    query = f"SELECT count(*) FROM {table} WHERE {place} NOT IN (SELECT place FROM search_docs)"
    return int(conn.execute(text(query)).scalar_one())


def check_fts(conn: Connection) -> None:
    """Run the integrity check of FTS5, whose exception becomes an ArchiveError."""
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
