"""Table of events: what happened to articles, feeds and sites, in the order of commits."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata

events = Table(
    "events",
    metadata,
    # from the counter "events", whose row is locked until the transaction ends
    Column("number", ROW_ID, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # without foreign keys: their indexes would cost more than the rows, and no number is used again
    Column("feed_id", ROW_ID),
    Column("article_id", ROW_ID),
    # versions of the article before and after
    Column("revision_before", Integer),
    Column("revision_after", Integer),
    # JSON object
    Column("details", Text, nullable=False),
    # the only person who sees it; NULL: everybody who has the article or the feed
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE")),
)
