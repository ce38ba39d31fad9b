"""Rules in the query language, in place of mute rules of a field and words; saved searches."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


PUNCTUATION = "-'’.,:!?"
"""Signs between words, which a phrase passes over."""


def upgrade() -> None:
    _create_rules()
    _create_searches()
    conn = op.get_bind()
    columns = "user_id, feed_id, field, kind, pattern, created"
    for row in conn.execute(sa.text(f"SELECT {columns} FROM mute_rules ORDER BY id")).all():
        conn.execute(
            sa.text(
                "INSERT INTO rules (user_id, action, query, feed_id, created)"
                " VALUES (:user_id, 'mute', :query, :feed_id, :created)"
            ),
            {
                "user_id": row.user_id,
                "query": query_of(row.field, row.kind, row.pattern),
                "feed_id": row.feed_id,
                "created": row.created,
            },
        )
    op.drop_table("mute_rules")


def query_of(field: str, kind: str, pattern: str) -> str:
    """Return a former mute rule in the query language.

    Words become a phrase of the field, words of the text a phrase of anything. The language has no words of
    addresses or with signs ("c++"): those become regular expressions.
    """
    if kind == "regex":
        return f"{field}:/{_without_slashes(pattern)}/"
    kinds = {unicodedata.category(sign)[0] for sign in pattern if sign not in PUNCTUATION}
    if field == "url" or not kinds & {"L", "N"} or not kinds <= {"L", "M", "N", "Z"}:
        return f"{field}:/{_without_slashes(_expression(pattern))}/"
    return f'"{pattern}"' if field == "text" else f'{field}:"{pattern}"'


def _without_slashes(expression: str) -> str:
    return re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", expression)


def _expression(words: str) -> str:
    """Return the regular expression of words: whole ones, with any white space between."""
    signs = (re.sub(r"([^\w\s])", r"\\\1", word) for word in words.split())
    joined = r"\s+".join(signs)
    before = r"(?:^|[^\pL\pN])" if words[0].isascii() and words[0].isalnum() else ""
    after = r"(?:$|[^\pL\pN])" if words[-1].isascii() and words[-1].isalnum() else ""
    return f"{before}{joined}{after}"


def _create_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("feed_id", ROW_ID),
        sa.Column("folder_id", ROW_ID),
        sa.Column("created", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_rules_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_rules_feed_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_rules_folder_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rules_user_id", "rules", ["user_id"])
    op.create_table(
        "rule_passes",
        sa.Column("user_id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_rule_passes_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_rule_passes"),
    )


def _create_searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("unread_only", sa.Boolean(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("next", sa.Text()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_saved_searches_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_searches_user_id", "saved_searches", ["user_id"])
    op.create_table(
        "search_items",
        sa.Column("search_id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("sort_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_searches.id"], name="fk_search_items_search_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_search_items_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search_id", "article_id", name="pk_search_items"),
    )
    op.create_index("ix_search_items_article_id", "search_items", ["article_id"])
    op.create_index(
        "ix_search_items_search_id_sort_at_article_id", "search_items", ["search_id", "sort_at", "article_id"]
    )
