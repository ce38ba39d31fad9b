"""Reference from a duplicate to its article; `duplicates.join_recorded` sets it after the migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    kept = sa.ForeignKey("articles.id", name="fk_articles_same_as")
    op.add_column("articles", sa.Column("same_as", ROW_ID, kept), inline_references=True)
    joined = sa.text("same_as IS NOT NULL")
    op.create_index(
        "ix_articles_same_as", "articles", ["same_as"], sqlite_where=joined, postgresql_where=joined
    )
