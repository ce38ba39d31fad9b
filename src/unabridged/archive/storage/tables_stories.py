"""Tables of what is read out of articles after they are saved: near-duplicates, credited sources, stories.

They are derived from the current versions, and computed again if they are missing; so none of them is copied
from one database to another.
"""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table
from sqlalchemy import Text as String

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata


def _article() -> Column[int]:
    return Column(
        "article_id",
        ROW_ID,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


analysis_queue = Table("analysis_queue", metadata, _article())
"""Articles with a text that is not analysed yet; a row is written in the transaction that saves the text."""

article_analyses = Table(
    "article_analyses",
    metadata,
    _article(),
    Column("revision", Integer, nullable=False),
    # keys of the text as 8-byte integers, to remove their rows; empty for a text that is too short
    Column("keys", LargeBinary, nullable=False),
    # number of the group of near-duplicates, the smallest article number that it ever had
    Column("copy_group", ROW_ID),
)

IN_GROUP = article_analyses.c.copy_group.is_not(None)
Index(
    "ix_article_analyses_copy_group",
    article_analyses.c.copy_group,
    sqlite_where=IN_GROUP,
    postgresql_where=IN_GROUP,
)

copy_keys = Table(
    "copy_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    # without a foreign key: its index would be as big as the table
    Column("article_id", ROW_ID, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

attributions = Table(
    "attributions",
    metadata,
    _article(),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("source", String, nullable=False),
    Column("mention", String, nullable=False),
    Column("domain", String),
    Column("country", String),
    Column("relation", String, nullable=False),
    # place of the attribution that it was taken from, none for the article itself
    Column("parent", SmallInteger),
    Column("evidence", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("times", Integer, nullable=False),
    Index("ix_attributions_domain", "domain", "article_id"),
)

stories = Table(
    "stories",
    metadata,
    # the number of its first article, if no earlier story had it
    Column("id", ROW_ID, primary_key=True, autoincrement=False),
    # the story that it went into; numbers are never used again
    Column("forward", ROW_ID, index=True),
)

story_articles = Table(
    "story_articles",
    metadata,
    _article(),
    Column("story_id", ROW_ID),
    # the article's time in lists
    Column("at", Instant, nullable=False),
    Column("language", String, nullable=False),
    # its terms with their weights, see stories/profiles.py
    Column("terms", LargeBinary, nullable=False),
)

IN_STORY = story_articles.c.story_id.is_not(None)
Index(
    "ix_story_articles_story_id",
    story_articles.c.story_id,
    sqlite_where=IN_STORY,
    postgresql_where=IN_STORY,
)

story_keys = Table(
    "story_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    # without a foreign key, as in copy_keys
    Column("article_id", ROW_ID, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

term_counts = Table(
    "term_counts",
    metadata,
    # hash of a language and a term
    Column("bucket", ROW_ID, primary_key=True, autoincrement=False),
    # in how many articles
    Column("count", Integer, nullable=False),
)

story_changes = Table(
    "story_changes",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("source", ROW_ID, nullable=False, index=True),
    Column("target", ROW_ID, nullable=False, index=True),
    Column("reason", String, nullable=False),
)

STORY_TABLES = (stories, story_articles, story_keys, term_counts, story_changes)

DERIVED_TABLES = (analysis_queue, article_analyses, copy_keys, attributions, *STORY_TABLES)
"""All tables of this module, to be emptied and filled again."""
