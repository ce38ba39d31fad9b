"""Folders that stay without feeds, as apps make them; what was saved since a time, which apps ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("folders", sa.Column("kept", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_revisions_saved_article_id", "revisions", ["saved", "article_id"])
