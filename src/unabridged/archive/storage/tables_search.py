"""The tables of search: which version of an article is in the index, and the index itself.

The index is made of the versions, and made anew where it is not there; so neither table is copied from
one database to another. It is an FTS5 table on SQLite and a column of tsvector on PostgreSQL, which the
migration makes by hand.
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
"""place: the row in the index, which rises with the time that orders lists. digest: of the tokens there."""

search_state = Table(
    "search_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

DERIVED = frozenset({"search_docs", "search_state"})
"""Tables that are made of others."""

UNINDEXED = "unindexed"
"""Of the state: articles up to this number may not be in the index yet; 0: all are."""

MERGING = "merging"
"""Of the state: 1 when erased words are still in pieces of the index and are to be merged away; 2: begun."""

ANALYSIS = "analysis"
"""Of the state: the analysis that the index was made with."""
