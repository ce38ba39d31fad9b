"""The library: tags, tokens, mute rules, tombstones, images, replays; take-downs and rechecks of pages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    _extend()
    _create_tags()
    _create_tokens()
    _create_mute_rules()
    _create_tombstones()
    _create_images()
    _create_replays()


def _extend() -> None:
    op.add_column("folders", sa.Column("retain", sa.BigInteger(), nullable=True))
    op.add_column("items", sa.Column("muted", sa.Text(), nullable=True))
    op.add_column("items", sa.Column("changed", INSTANT, nullable=True))
    op.add_column("articles", sa.Column("page_etag", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("page_last_modified", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("taken_down", INSTANT, nullable=True))
    op.add_column("articles", sa.Column("images_at", INSTANT, nullable=True))
    op.create_index("ix_articles_images_at", "articles", ["images_at"])


def _parent(table: str, column: str, target: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE" if cascade else None
    )


def _create_tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _parent("tags", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("user_id", "name", name="uq_tags_user_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item_tags",
        sa.Column("tag_id", ROW_ID, nullable=False),
        sa.Column("item_id", ROW_ID, nullable=False),
        _parent("item_tags", "tag_id", "tags.id"),
        _parent("item_tags", "item_id", "items.id"),
        sa.PrimaryKeyConstraint("tag_id", "item_id", name="pk_item_tags"),
    )
    op.create_index("ix_item_tags_item_id", "item_tags", ["item_id"])


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("fever_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_used", INSTANT, nullable=True),
        _parent("tokens", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
        sa.UniqueConstraint("fever_hash", name="uq_tokens_fever_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])


def _create_mute_rules() -> None:
    op.create_table(
        "mute_rules",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        _parent("mute_rules", "user_id", "users.id"),
        _parent("mute_rules", "feed_id", "feeds.id"),
        sa.PrimaryKeyConstraint("id", name="pk_mute_rules"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mute_rules_user_id", "mute_rules", ["user_id"])


def _create_tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("erased", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_article_id", "tombstones", ["article_id"])


def _create_images() -> None:
    op.create_table(
        "blobs",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_blobs"),
    )
    op.create_table(
        "images",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("blob_hash", sa.LargeBinary(), nullable=True),
        sa.Column("fetched", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        _parent("images", "blob_hash", "blobs.hash", cascade=False),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.UniqueConstraint("url_hash", name="uq_images_url_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_images_next_try_at", "images", ["next_try_at"])
    op.create_index("ix_images_blob_hash", "images", ["blob_hash"])
    _create_image_links()


def _create_image_links() -> None:
    op.create_table(
        "article_images",
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("image_id", ROW_ID, nullable=False),
        _parent("article_images", "article_id", "articles.id"),
        _parent("article_images", "image_id", "images.id"),
        sa.PrimaryKeyConstraint("article_id", "image_id", name="pk_article_images"),
    )
    op.create_index("ix_article_images_image_id", "article_images", ["image_id"])
    op.create_table(
        "feed_icons",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("image_id", ROW_ID, nullable=False),
        _parent("feed_icons", "feed_id", "feeds.id"),
        _parent("feed_icons", "image_id", "images.id"),
        sa.PrimaryKeyConstraint("feed_id", name="pk_feed_icons"),
    )
    op.create_index("ix_feed_icons_image_id", "feed_icons", ["image_id"])


def _create_replays() -> None:
    op.create_table(
        "replays",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("finished", INSTANT, nullable=True),
        sa.Column("undone", INSTANT, nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "replay_changes",
        sa.Column("replay_id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        _parent("replay_changes", "replay_id", "replays.id"),
        _parent("replay_changes", "article_id", "articles.id"),
        sa.PrimaryKeyConstraint("replay_id", "article_id", name="pk_replay_changes"),
    )
    op.create_index("ix_replay_changes_article_id", "replay_changes", ["article_id"])
