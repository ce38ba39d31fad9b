"""Tables of rules that set articles aside, and of saved searches with their articles."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata

rules = Table(
    "rules",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="CASCADE")),
    Column("folder_id", ROW_ID, ForeignKey("folders.id", ondelete="CASCADE")),
    Column("created", Instant, nullable=False),
    sqlite_autoincrement=True,
)

rule_passes = Table(
    "rule_passes",
    metadata,
    Column(
        "user_id",
        ROW_ID,
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("before", BigInteger, nullable=False),
    Column("checked", BigInteger, nullable=False),
    Column("of", BigInteger, nullable=False),
)
"""Rules that are being applied to what is there: items of the user below `before` are still to be checked."""

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("unread_only", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("next", Text),
    sqlite_autoincrement=True,
)
"""next: cursor of the search for articles that are still to be added, "" for the newest; NULL: complete."""

search_items = Table(
    "search_items",
    metadata,
    Column("search_id", ROW_ID, ForeignKey("saved_searches.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("sort_at", Instant, nullable=False),
    Index("ix_search_items_search_id_sort_at_article_id", "search_id", "sort_at", "article_id"),
)
