"""Tables of search: the indexed version of each article, and the state of the index.

The index is built from the versions, and rebuilt if it is missing; so no table of it is copied from one
database to another. It is an FTS5 table on SQLite and a tsvector column on PostgreSQL, which a migration
makes with SQL.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from unabridged.archive.storage.tables import ROW_ID, metadata

search_docs = Table(
    "search_docs",
    metadata,
    Column(
        "article_id",
        ROW_ID,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("place", BigInteger, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("digest", BigInteger, nullable=False),
)
"""place: row number in the index, ascending with the time that orders lists. digest: hash of its tokens."""

search_state = Table(
    "search_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

DERIVED = frozenset({"search_docs", "search_state"})
"""Tables of search that are derived from others."""

UNINDEXED = "unindexed"
"""State: articles up to this number may not be in the index yet; 0: all are."""

MERGING = "merging"
"""State: 1 when deleted words are still in segments of the index, which must be merged; 2: merge begun."""

ANALYSIS = "analysis"
"""State: version of the tokenizer that built the index."""
