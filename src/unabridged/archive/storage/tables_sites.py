"""Tables of what was learnt about sites, and about the lists of pages that serve as feeds."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, SmallInteger, Table, Text

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata

site_profiles = Table(
    "site_profiles",
    metadata,
    Column("site", Text, primary_key=True),
    # what was learnt, "" for nothing yet
    Column("body", Text, nullable=False, server_default=""),
    # pages read since the site is known, and when it was learnt
    Column("seen", Integer, nullable=False, server_default="0"),
    Column("seen_learnt", Integer, nullable=False, server_default="0"),
    Column("learnt", Instant),
    # pages at which it is learnt next, and the time at which it is learnt again if it has new ones
    Column("learn_at", Integer),
    Column("again", Instant),
    # what the last pages gave; why the profile is suspect, "" if it is not
    Column("watch", Text, nullable=False, server_default=""),
    Column("alarm", Text, nullable=False, server_default=""),
    Column("alarmed", Instant),
    # 1: a person pinned or wrote it; it is not learnt again
    Column("pinned", SmallInteger, nullable=False, server_default="0"),
)

page_lists = Table(
    "page_lists",
    metadata,
    Column(
        "feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    # what was learnt about the list, "" for nothing yet
    Column("profile", Text, nullable=False, server_default=""),
    # JSON: headlines that a person pointed at; address and title of the items last read
    Column("examples", Text, nullable=False, server_default="[]"),
    Column("known", Text, nullable=False, server_default="[]"),
    Column("learnt", Instant),
)

page_versions = Table(
    "page_versions",
    metadata,
    Column(
        "feed_id", ROW_ID, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    # the higher, the newer
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
