"""Tables of the archive, one schema for SQLite and PostgreSQL.

Instants are microseconds since 1970, UTC: one type that sorts the same everywhere. Texts that must be
unique are indexed by hash, since an address may be longer than an index entry of PostgreSQL may be.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.types import TypeDecorator

from unabridged.archive.storage.identity import digest

HEAD = "0030"
"""Version of the schema: the revision of the last migration."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FIRST = datetime(1, 1, 3, tzinfo=UTC)
LAST = datetime(9999, 12, 29, tzinfo=UTC)
"""First and last instants that a column takes: every time zone can represent those between them."""

_FIRST, _LAST = (FIRST - EPOCH) // _MICROSECOND, (LAST - EPOCH) // _MICROSECOND


def to_microseconds(at: datetime) -> int:
    """Return microseconds since 1970 of an aware time, clamped to [FIRST, LAST]."""
    return max(_FIRST, min((at - EPOCH) // _MICROSECOND, _LAST))


def from_microseconds(value: int) -> datetime:
    """Return the UTC time of a number of microseconds since 1970, clamped to [FIRST, LAST]."""
    return EPOCH + timedelta(microseconds=max(_FIRST, min(value, _LAST)))


def holds_instant(value: int) -> bool:
    """Say whether a number of microseconds since 1970 is within [FIRST, LAST]."""
    return _FIRST <= value <= _LAST


class Instant(TypeDecorator[datetime]):
    """An aware time, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


ROW_ID = BigInteger().with_variant(Integer, "sqlite")
"""Type of row numbers: SQLite assigns them only for INTEGER PRIMARY KEY."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _parent(column: str, *, cascade: bool = False) -> ForeignKey:
    return ForeignKey(column, ondelete="CASCADE" if cascade else None)


def name_key(name: str) -> bytes:
    """Return the key by which a name is found in any case of its letters."""
    return digest("user", name.casefold())


def _key_of_row(context: DefaultExecutionContext) -> bytes:
    """Return the key of the name in the row that is inserted."""
    return name_key(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


users = Table(
    "users",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("name_key", LargeBinary, index=True, default=_key_of_row),
    Column("created", Instant, nullable=False),
    Column("role", Text, nullable=False, server_default="reader"),
    Column("password_hash", Text),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("url_hash", LargeBinary, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("site_url", Text),
    Column("description", Text, nullable=False),
    Column("language", Text),
    Column("icon", Text),
    Column("hubs", Text, nullable=False),
    Column("ttl", Integer),
    Column("status", Text, nullable=False),
    Column("bucket", SmallInteger, nullable=False),
    Column("added", Instant, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_sha256", Text),
    Column("next_poll_at", Instant),
    Column("last_polled", Instant),
    Column("last_ok", Instant),
    Column("failures", Integer, nullable=False),
    Column("failure_kind", Text),
    Column("failure_message", Text),
    Column("failure_advice", Text),
    Column("redirect_to", Text),
    Column("redirect_hits", Integer),
    Column("redirect_since", Instant),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    Column("skip_hours", Text),
    Column("skip_days", Text),
    Column("usual_gap", Integer),
    Column("last_post", Instant),
    Column("notes", Text),
    Column("failed_at", Instant),
    Column("failing_since", Instant),
    # seconds between polls that a person chose; without a value, the poller learns them
    Column("poll_interval", Integer),
    # 0: its articles' pages are not fetched
    Column("full_text", SmallInteger, nullable=False, server_default="1"),
    Index("ix_feeds_next_poll_at", "next_poll_at"),
    Index("ix_feeds_bucket_next_poll_at", "bucket", "next_poll_at"),
    sqlite_autoincrement=True,
)

feed_settings = Table(
    "feed_settings",
    metadata,
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True, autoincrement=False),
    Column("user_agent", Text),
    Column("headers", Text, nullable=False),
    Column("username", Text),
    Column("password", Text),
    Column("proxy", Text),
    Column("origin", Text),
)

site_rules = Table(
    "site_rules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved", Instant, nullable=False),
)

merged_feeds = Table(
    "merged_feeds",
    metadata,
    # number of a feed that is no more; never used again
    Column("id", ROW_ID, primary_key=True, autoincrement=False),
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), nullable=False, index=True),
    Column("at", Instant, nullable=False),
)

site_cookies = Table(
    "site_cookies",
    metadata,
    Column("site", Text, primary_key=True),
    Column("cookie", Text, nullable=False),
    Column("added", Instant, nullable=False),
)

silences = Table(
    "silences",
    metadata,
    Column("host", Text, primary_key=True),
    Column("until", Instant, nullable=False),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("fetched", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("status", Integer),
    Column("body", Text, nullable=False),
)

hub_subscriptions = Table(
    "hub_subscriptions",
    metadata,
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True, autoincrement=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested", Instant),
    Column("lease_until", Instant),
    Column("next_try_at", Instant, index=True),
    Column("attempts", Integer, nullable=False),
    Column("last_push", Instant),
    Column("message", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("content_type", Text),
    Column("why", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

feed_moves = Table(
    "feed_moves",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), nullable=False, index=True),
    Column("old_url", Text, nullable=False),
    Column("old_hash", LargeBinary, nullable=False, index=True),
    Column("new_url", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

folders = Table(
    "folders",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, _parent("users.id", cascade=True), nullable=False),
    Column("name", Text, nullable=False),
    Column("retain", BigInteger),
    # 1: made by itself; it stays when no feed is in it
    Column("kept", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("user_id", "name"),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("user_id", ROW_ID, _parent("users.id", cascade=True), primary_key=True),
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True, index=True),
    Column("folder_id", ROW_ID, ForeignKey("folders.id", ondelete="SET NULL")),
    Column("title", Text),
    Column("added", Instant, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="SET NULL"), unique=True),
    Column("last_number", BigInteger, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("lead_image", Text),
    Column("language", Text),
    Column("words", Integer, nullable=False),
    Column("published", Text),
    Column("sort_at", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="SET NULL"), index=True),
    Column("source_id", ROW_ID, _parent("sources.id"), nullable=False, index=True),
    Column("page_state", Text, nullable=False),
    Column("page_attempts", Integer, nullable=False),
    Column("page_tried", Instant),
    Column("page_next_try_at", Instant),
    Column("page_failure_kind", Text),
    Column("page_failure_message", Text),
    Column("page_failure_advice", Text),
    Column("page_etag", Text),
    Column("page_last_modified", Text),
    Column("taken_down", Instant),
    Column("images_at", Instant, index=True),
    Column("bucket", SmallInteger, nullable=False, server_default="0"),
    Column("same_as", ROW_ID, _parent("articles.id")),
    # how many of its versions are edits by the publisher, and when the last was noticed
    Column("edits", Integer, nullable=False, server_default="0"),
    Column("edited", Instant),
    Index("ix_articles_page_next_try_at", "page_next_try_at"),
    Index("ix_articles_bucket_page_next_try_at", "bucket", "page_next_try_at"),
    sqlite_autoincrement=True,
)

LISTED = articles.c.same_as.is_(None)
"""Condition of lists, counts, search and exports: articles that are no duplicate of another one."""

Index(
    "ix_articles_same_as", articles.c.same_as, sqlite_where=~LISTED, postgresql_where=~LISTED
)  # a partial index of the few duplicates, so that saving an article costs nothing more

addresses = Table(
    "addresses",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), nullable=False, index=True),
    Column("url", Text, nullable=False),
)

dictionaries = Table(
    "dictionaries",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("site", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("pages", LargeBinary, nullable=False),
    Column("made", Instant, nullable=False),
    Column("retired", Boolean, nullable=False, index=True),
    UniqueConstraint("site", "number"),
    sqlite_autoincrement=True,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("fetched", Instant, nullable=False),
    Column("encoding", Text, nullable=False, server_default="zstd"),
    Column("dictionary_id", ROW_ID, _parent("dictionaries.id")),
    Column("base", LargeBinary, _parent("snapshots.hash"), index=True),
    Column("depth", Integer, nullable=False, server_default="0"),
    Column("site", Text),
    Index("ix_snapshots_dictionary_id_fetched", "dictionary_id", "fetched"),
    Index("ix_snapshots_site_fetched", "site", "fetched"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("saved", Instant, nullable=False),
    Column("fetched", Instant),
    Column("content_hash", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("entry", LargeBinary),
    Column("snapshot_hash", LargeBinary, _parent("snapshots.hash"), index=True),
    Column("title", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("completeness", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # 1: an edit by the publisher of the version before it
    Column("edit", SmallInteger, nullable=False, server_default="0"),
    # address at a web archive from which its page was fetched
    Column("origin", Text),
    Index("ix_revisions_saved_article_id", "saved", "article_id"),
)

MARKED_EDIT = revisions.c.edit != literal_column("0")
Index(
    "ix_revisions_edits",
    func.coalesce(revisions.c.fetched, revisions.c.saved),
    revisions.c.article_id,
    revisions.c.number,
    sqlite_where=MARKED_EDIT,
    postgresql_where=MARKED_EDIT,
)

observations = Table(
    "observations",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("status", Integer),
    Column("revision", Integer),
    Column("body_hash", LargeBinary),
    # "taken_down": the first fetch that found the page gone; "restored": the first that found it again
    Column("change", Text),
)

MARKED_CHANGE = observations.c.change.is_not(None)
Index(
    "ix_observations_changes",
    observations.c.at,
    observations.c.article_id,
    observations.c.id,
    sqlite_where=MARKED_CHANGE,
    postgresql_where=MARKED_CHANGE,
)

entries = Table(
    "entries",
    metadata,
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True),
    Column("key_hash", LargeBinary, primary_key=True),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), nullable=False, index=True),
    # hash of the text last given by the feed; for version 0 often of the raw text
    Column("text_hash", LargeBinary, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("feed_id", ROW_ID, _parent("feeds.id", cascade=True), primary_key=True),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), primary_key=True),
    Column("sort_at", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("url", Text, nullable=False),
    Column("guid", Text),
    Index("ix_sightings_feed_id_sort_at_article_id", "feed_id", "sort_at", "article_id"),
    Index("ix_sightings_article_id", "article_id"),
)

items = Table(
    "items",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=False),
    Column("user_id", ROW_ID, _parent("users.id", cascade=True), nullable=False),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), nullable=False, index=True),
    Column("sort_at", Instant, nullable=False),
    Column("delivered", Instant, nullable=False),
    Column("read", Boolean, nullable=False),
    Column("read_at", Instant),
    Column("starred", Boolean, nullable=False),
    Column("starred_at", Instant),
    Column("muted", Text),
    Column("changed", Instant),
    # number of the near-duplicate with which it was marked read; not a key, as that one may be deleted
    Column("read_with", BigInteger),
    UniqueConstraint("user_id", "article_id"),
    Index("ix_items_user_id_sort_at_article_id", "user_id", "sort_at", "article_id"),
    Index("ix_items_user_id_read_sort_at_article_id", "user_id", "read", "sort_at", "article_id"),
    Index("ix_items_user_id_starred_sort_at_article_id", "user_id", "starred", "sort_at", "article_id"),
    Index("ix_items_user_id_id", "user_id", "id"),
    Index("ix_items_user_id_read_id", "user_id", "read", "id"),
)

documents = Table(
    "documents",
    metadata,
    Column("source_id", ROW_ID, _parent("sources.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("article_id", ROW_ID, _parent("articles.id", cascade=True), nullable=False, unique=True),
)
