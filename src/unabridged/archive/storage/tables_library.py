"""Tables of the library and beside the texts: tags, preferences, tokens, links, highlights, images."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata

tags = Table(
    "tags",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("user_id", "name"),
    sqlite_autoincrement=True,
)

item_tags = Table(
    "item_tags",
    metadata,
    Column("tag_id", ROW_ID, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", ROW_ID, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
)

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("fever_hash", LargeBinary, nullable=False, unique=True),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
    sqlite_autoincrement=True,
)

# subscribers of our own feeds, at our hub
hub_subscribers = Table(
    "hub_subscribers",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # it goes when its token is revoked
    Column("token_id", ROW_ID, ForeignKey("tokens.id", ondelete="CASCADE"), index=True),
    Column("callback", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("secret", Text),
    Column("lease_until", Instant, nullable=False),
    Column("sent", Text, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    sqlite_autoincrement=True,
)

shares = Table(
    "shares",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("created", Instant, nullable=False),
    sqlite_autoincrement=True,
)

highlights = Table(
    "highlights",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("exact", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Index("ix_highlights_user_id_article_id", "user_id", "article_id"),
    sqlite_autoincrement=True,
)

positions = Table(
    "positions",
    metadata,
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("media", Text, primary_key=True),
    Column("seconds", Integer, nullable=False),
    Column("length", Integer),
    Column("updated", Instant, nullable=False),
    Index("ix_positions_user_id_updated", "user_id", "updated"),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("article_id", BigInteger, nullable=False, index=True),
    Column("erased", Instant, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("url_hash", LargeBinary, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("blob_hash", LargeBinary, ForeignKey("blobs.hash"), index=True),
    Column("fetched", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("failure", Text),
    Column("bucket", SmallInteger, nullable=False, server_default="0"),
    Index("ix_images_next_try_at", "next_try_at"),
    Index("ix_images_bucket_next_try_at", "bucket", "next_try_at"),
    sqlite_autoincrement=True,
)

article_images = Table(
    "article_images",
    metadata,
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("image_id", ROW_ID, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True, index=True),
)

feed_icons = Table(
    "feed_icons",
    metadata,
    Column("feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("image_id", ROW_ID, ForeignKey("images.id", ondelete="CASCADE"), nullable=False, index=True),
)

replays = Table(
    "replays",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("started", Instant, nullable=False),
    Column("finished", Instant),
    Column("undone", Instant),
    Column("asked", Text, nullable=False),
    sqlite_autoincrement=True,
)

replay_changes = Table(
    "replay_changes",
    metadata,
    Column("replay_id", ROW_ID, ForeignKey("replays.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ROW_ID, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("number", Integer, nullable=False),
    Column("before", LargeBinary, nullable=False),
)
