"""The first schema: feeds and subscriptions, articles with versions, snapshots, items, documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    _create_counters()
    _create_feeds()
    _create_snapshots()
    _create_users()
    _create_feed_moves()
    _create_folders()
    _create_sources()
    _create_articles()
    _create_subscriptions()
    _create_addresses()
    _create_documents()
    _create_entries()
    _create_items()
    _create_observations()
    _create_revisions()
    _create_sightings()


def _create_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("site_url", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("hubs", sa.Text(), nullable=False),
        sa.Column("ttl", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("added", INSTANT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=True),
        sa.Column("next_poll_at", INSTANT, nullable=True),
        sa.Column("last_polled", INSTANT, nullable=True),
        sa.Column("last_ok", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("failure_advice", sa.Text(), nullable=True),
        sa.Column("redirect_to", sa.Text(), nullable=True),
        sa.Column("redirect_hits", sa.Integer(), nullable=True),
        sa.Column("redirect_since", INSTANT, nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url_hash", name="uq_feeds_url_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_next_poll_at", "feeds", ["next_poll_at"], unique=False)


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("fetched", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_snapshots"),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )


def _create_feed_moves() -> None:
    op.create_table(
        "feed_moves",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("old_url", sa.Text(), nullable=False),
        sa.Column("old_hash", sa.LargeBinary(), nullable=False),
        sa.Column("new_url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_feed_moves_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_moves"),
    )
    op.create_index("ix_feed_moves_feed_id", "feed_moves", ["feed_id"], unique=False)
    op.create_index("ix_feed_moves_old_hash", "feed_moves", ["old_hash"], unique=False)


def _create_folders() -> None:
    op.create_table(
        "folders",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_folders_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        sa.UniqueConstraint("user_id", "name", name="uq_folders_user_id_name"),
        sqlite_autoincrement=True,
    )


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_sources_feed_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("feed_id", name="uq_sources_feed_id"),
        sa.UniqueConstraint("slug", name="uq_sources_slug"),
    )


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("lead_image", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("sort_at", INSTANT, nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=True),
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("page_state", sa.Text(), nullable=False),
        sa.Column("page_attempts", sa.Integer(), nullable=False),
        sa.Column("page_tried", INSTANT, nullable=True),
        sa.Column("page_next_try_at", INSTANT, nullable=True),
        sa.Column("page_failure_kind", sa.Text(), nullable=True),
        sa.Column("page_failure_message", sa.Text(), nullable=True),
        sa.Column("page_failure_advice", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_articles_feed_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_articles_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_feed_id", "articles", ["feed_id"], unique=False)
    op.create_index("ix_articles_page_next_try_at", "articles", ["page_next_try_at"], unique=False)
    op.create_index("ix_articles_source_id", "articles", ["source_id"], unique=False)


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("folder_id", ROW_ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("added", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_subscriptions_feed_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["folders.id"], name="fk_subscriptions_folder_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_subscriptions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "feed_id", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_feed_id", "subscriptions", ["feed_id"], unique=False)


def _create_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_addresses_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_addresses"),
    )
    op.create_index("ix_addresses_article_id", "addresses", ["article_id"], unique=False)


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_documents_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_documents_source_id"),
        sa.PrimaryKeyConstraint("source_id", "number", name="pk_documents"),
        sa.UniqueConstraint("article_id", name="uq_documents_article_id"),
    )


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_entries_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_entries_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "key_hash", name="pk_entries"),
    )
    op.create_index("ix_entries_article_id", "entries", ["article_id"], unique=False)


def _create_items() -> None:
    op.create_table(
        "items",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("sort_at", INSTANT, nullable=False),
        sa.Column("delivered", INSTANT, nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("starred_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_items_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_items_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("user_id", "article_id", name="uq_items_user_id_article_id"),
    )
    op.create_index("ix_items_article_id", "items", ["article_id"], unique=False)
    op.create_index("ix_items_user_id_id", "items", ["user_id", "id"], unique=False)
    op.create_index(
        "ix_items_user_id_read_sort_at_article_id",
        "items",
        ["user_id", "read", "sort_at", "article_id"],
        unique=False,
    )
    op.create_index(
        "ix_items_user_id_sort_at_article_id", "items", ["user_id", "sort_at", "article_id"], unique=False
    )
    op.create_index(
        "ix_items_user_id_starred_sort_at_article_id",
        "items",
        ["user_id", "starred", "sort_at", "article_id"],
        unique=False,
    )


def _create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_observations_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
    )
    op.create_index("ix_observations_article_id", "observations", ["article_id"], unique=False)


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("saved", INSTANT, nullable=False),
        sa.Column("fetched", INSTANT, nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=True),
        sa.Column("snapshot_hash", sa.LargeBinary(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_revisions_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["snapshot_hash"], ["snapshots.hash"], name="fk_revisions_snapshot_hash"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_revisions"),
    )
    op.create_index("ix_revisions_snapshot_hash", "revisions", ["snapshot_hash"], unique=False)


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("sort_at", INSTANT, nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_sightings_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_sightings_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "article_id", name="pk_sightings"),
    )
    op.create_index("ix_sightings_article_id", "sightings", ["article_id"], unique=False)
    op.create_index(
        "ix_sightings_feed_id_sort_at_article_id",
        "sightings",
        ["feed_id", "sort_at", "article_id"],
        unique=False,
    )
