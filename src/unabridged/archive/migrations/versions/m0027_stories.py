"""Stories; every article waits to be analysed again."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("forward", ROW_ID),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_forward", "stories", ["forward"])
    op.create_table(
        "story_articles",
        sa.Column("article_id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("story_id", ROW_ID),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_story_articles_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_articles"),
    )
    in_story = sa.text("story_id IS NOT NULL")
    op.create_index(
        "ix_story_articles_story_id",
        "story_articles",
        ["story_id"],
        sqlite_where=in_story,
        postgresql_where=in_story,
    )
    op.create_table(
        "story_keys",
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", ROW_ID, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_story_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "term_counts",
        sa.Column("bucket", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_term_counts"),
    )
    op.create_table(
        "story_changes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", ROW_ID, nullable=False),
        sa.Column("target", ROW_ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_story_changes"),
    )
    op.create_index("ix_story_changes_source", "story_changes", ["source"])
    op.create_index("ix_story_changes_target", "story_changes", ["target"])
    for table in ("article_analyses", "copy_keys", "attributions", "analysis_queue"):
        op.execute(f"DELETE FROM {table}")
    op.execute("INSERT INTO analysis_queue (article_id) SELECT id FROM articles")
