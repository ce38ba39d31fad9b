"""Search: the indexed version of each article, and the index of either database.

Existing articles are indexed afterwards, in batches; search_state records the progress.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FTS = (
    "CREATE VIRTUAL TABLE search_index USING fts5"
    "(text, title, author, tag, fact, past, content='', tokenize='ascii')"
)
"""An index without the texts. The ASCII tokenizer splits at spaces only, if all others are letters."""

PENDING = 16_000_000
"""Bytes of tokens that FTS5 buffers in a transaction: fewer, larger segments to merge."""

TSVECTOR = (
    "CREATE TABLE search_index (place BIGINT NOT NULL CONSTRAINT pk_search_index PRIMARY KEY"
    " CONSTRAINT fk_search_index_place REFERENCES search_docs (place) ON DELETE CASCADE,"
    " article_id BIGINT NOT NULL, tokens TSVECTOR NOT NULL, clipped BOOLEAN NOT NULL)",
    "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)",
    # So that the planner knows which words are rare, and asks the index for those.
    "ALTER TABLE search_index ALTER COLUMN tokens SET STATISTICS 2000",
)


def upgrade() -> None:
    op.create_table(
        "search_docs",
        sa.Column("article_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_search_docs_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_search_docs"),
        sa.UniqueConstraint("place", name="uq_search_docs_place"),
    )
    op.create_table(
        "search_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_search_state"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS)
        op.execute(f"INSERT INTO search_index (search_index, rank) VALUES ('hashsize', {PENDING})")
    else:
        for statement in TSVECTOR:
            op.execute(statement)
    op.execute(
        "INSERT INTO search_state (name, value) SELECT 'unindexed', max(id) FROM articles HAVING max(id) > 0"
    )
