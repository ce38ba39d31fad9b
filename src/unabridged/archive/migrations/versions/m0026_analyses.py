"""Near-duplicates and credited sources; every article waits to be analysed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create(
        "article_analyses",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("copy_group", ROW_ID),
    )
    in_group = sa.text("copy_group IS NOT NULL")
    op.create_index(
        "ix_article_analyses_copy_group",
        "article_analyses",
        ["copy_group"],
        sqlite_where=in_group,
        postgresql_where=in_group,
    )
    op.create_table(
        "copy_keys",
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", ROW_ID, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_copy_keys"),
        sqlite_with_rowid=False,
    )
    _create(
        "attributions",
        sa.Column("place", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mention", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("parent", sa.SmallInteger()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        key=("article_id", "place"),
    )
    op.create_index("ix_attributions_domain", "attributions", ["domain", "article_id"])
    _create("analysis_queue")
    op.execute("INSERT INTO analysis_queue (article_id) SELECT id FROM articles")


def _create(name: str, *columns: "sa.Column[object]", key: tuple[str, ...] = ("article_id",)) -> None:
    """Create a table of rows that belong to an article and go with it."""
    op.create_table(
        name,
        sa.Column("article_id", ROW_ID, nullable=False, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=f"fk_{name}_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
    )
