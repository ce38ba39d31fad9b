"""Tables of events in the order of commits, of channels that they are delivered to, of failed deliveries."""

from sqlalchemy import Column, ForeignKey, Integer, SmallInteger, Table, Text, UniqueConstraint

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

channels = Table(
    "channels",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # "webhook"
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    # kinds of events, separated by spaces; "": all, also those of later versions
    Column("kinds", Text, nullable=False),
    # without a foreign key: a channel whose feed is gone is paused, not deleted
    Column("feed_id", ROW_ID),
    # keys of the signatures, as text: a hash cannot sign
    Column("secret", Text, nullable=False),
    Column("old_secret", Text),
    Column("old_until", Instant),
    # "active", "paused", "failing"
    Column("state", Text, nullable=False),
    # number of the last event that was delivered or given up
    Column("cursor", ROW_ID, nullable=False),
    Column("created", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    # failed attempts at the event after the cursor
    Column("attempts", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("failure_kind", Text),
    Column("failure_message", Text),
    Column("failed_at", Instant),
    Column("delivered_at", Instant),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    sqlite_autoincrement=True,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("channel_id", ROW_ID, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    # number and kind of the event, and when it happened
    Column("event", ROW_ID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("happened", Instant, nullable=False),
    Column("given_up", Instant, nullable=False),
    Column("failure_kind", Text, nullable=False),
    Column("failure_message", Text, nullable=False),
    # 1: to be sent again
    Column("again", SmallInteger, nullable=False),
    UniqueConstraint("channel_id", "event"),
    sqlite_autoincrement=True,
)
