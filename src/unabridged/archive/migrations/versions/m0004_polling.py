"""Polling: publishers' hints, failures, settings of a feed, cookies, robots.txt, hubs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    _widen_feeds()
    _create_feed_settings()
    _create_site_cookies()
    _create_hosts()
    _create_hub_subscriptions()
    _create_quarantine()


def _widen_feeds() -> None:
    for name, kind in (
        ("skip_hours", sa.Text()),
        ("skip_days", sa.Text()),
        ("usual_gap", sa.Integer()),
        ("last_post", INSTANT),
        ("notes", sa.Text()),
        ("failed_at", INSTANT),
        ("failing_since", INSTANT),
    ):
        op.add_column("feeds", sa.Column(name, kind, nullable=True))


def _create_feed_settings() -> None:
    op.create_table(
        "feed_settings",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("proxy", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_feed_settings_feed_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_id", name="pk_feed_settings"),
    )


def _create_site_cookies() -> None:
    op.create_table(
        "site_cookies",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("cookie", sa.Text(), nullable=False),
        sa.Column("added", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_site_cookies"),
    )


def _create_hosts() -> None:
    op.create_table(
        "silences",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_silences"),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("fetched", INSTANT, nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
    )


def _create_hub_subscriptions() -> None:
    op.create_table(
        "hub_subscriptions",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested", INSTANT, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_push", INSTANT, nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_hub_subscriptions_feed_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_id", name="pk_hub_subscriptions"),
        sa.UniqueConstraint("token", name="uq_hub_subscriptions_token"),
    )
    op.create_index("ix_hub_subscriptions_next_try_at", "hub_subscriptions", ["next_try_at"], unique=False)


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_quarantine_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name="pk_quarantine"),
    )
