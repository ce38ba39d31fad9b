"""Whether the index of search agrees with the articles: row by row, both ways."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from unabridged.archive.search_index.writer import Document, digest_of, state_of, stored_documents, tsvector
from unabridged.archive.storage.tables import LISTED, articles
from unabridged.archive.storage.tables_search import UNINDEXED, search_docs
from unabridged.errors import ArchiveError


def index_trouble(conn: Connection, row: Any) -> str | None:
    """What is wrong with an article's row in the index (one of search_docs); None: nothing."""
    try:
        found = stored_documents(conn, [row.article_id])
    except (ArchiveError, ValueError):
        return None  # a version that cannot be read is reported as that
    if not found:
        return _needless(conn, row.article_id)
    [one] = found
    if (row.revision, row.place) != (one.revision, one.place):
        return f"version {row.revision} is in the index, {one.revision} is current"
    if row.digest != digest_of(one.columns()):
        return "other words are in the index than in its text"
    return None if _is_there(conn, one) else "its row of the index is missing or has another length"


def _needless(conn: Connection, article_id: int) -> str | None:
    """Why an article has nothing to put into the index; None: its version is missing, reported as that."""
    kept = conn.execute(select(articles.c.same_as).where(articles.c.id == article_id)).scalar()
    return None if kept is None else f"it is the same article as number {kept}, and in the index beside it"


def _is_there(conn: Connection, one: Document) -> bool:
    """Whether the index itself has a row of the right length."""
    if conn.dialect.name == "sqlite":
        query = text("SELECT sz FROM search_index_docsize WHERE id = :place")
        sizes = conn.execute(query, {"place": one.place}).scalar()
        return sizes is not None and _varints(sizes) == [len(column.split()) for column in one.columns()]
    tokens, _ = tsvector(one)
    query = text("SELECT 1 FROM search_index WHERE place = :place AND tokens = CAST(:tokens AS tsvector)")
    return conn.execute(query, {"place": one.place, "tokens": tokens}).first() is not None


def _varints(data: bytes) -> list[int]:
    """SQLite's numbers of one to nine bytes, seven bits in each. https://sqlite.org/fileformat2.html#varint"""
    found, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            found.append(value)
            value = 0
    return found


def missing(conn: Connection, limit: int) -> Sequence[int]:
    """Articles that should be in the index and are not."""
    absent = ~select(search_docs.c.place).where(search_docs.c.article_id == articles.c.id).exists()
    query = select(articles.c.id).where(absent, LISTED)
    query = query.where(articles.c.id > (state_of(conn, UNINDEXED) or 0))
    return list(conn.execute(query.order_by(articles.c.id).limit(limit)).scalars())


def count_ghosts(conn: Connection) -> int:
    """Rows of the index that belong to no article."""
    table, place = (
        ("search_index_docsize", "id") if conn.dialect.name == "sqlite" else ("search_index", "place")
    )
    query = f"SELECT count(*) FROM {table} WHERE {place} NOT IN (SELECT place FROM search_docs)"
    return int(conn.execute(text(query)).scalar_one())


def check_fts(conn: Connection) -> None:
    """Have FTS5 check its own tables; it raises what becomes an ArchiveError."""
    conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
