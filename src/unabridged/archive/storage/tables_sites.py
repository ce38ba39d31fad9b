"""Table of what was learnt about sites."""

from sqlalchemy import Column, Integer, SmallInteger, Table, Text

from unabridged.archive.storage.tables import Instant, metadata

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
