"""Names of accounts by hash, for logins; user handles of passkeys; positions in audio and video."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("name_key", sa.LargeBinary()))
    conn = op.get_bind()
    for number, name in conn.execute(sa.text("SELECT id, name FROM users")).all():
        key = hashlib.sha256(f"user\0{name.casefold()}".encode("utf-8", "replace")).digest()[:16]
        conn.execute(sa.text("UPDATE users SET name_key = :key WHERE id = :id"), {"key": key, "id": number})
    op.create_index("ix_users_name_key", "users", ["name_key"])
    op.add_column("passkeys", sa.Column("handle", sa.LargeBinary()))
    op.create_table(
        "positions",
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer()),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_positions_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_positions_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "article_id", "media", name="pk_positions"),
    )
    op.create_index("ix_positions_article_id", "positions", ["article_id"])
    op.create_index("ix_positions_user_id_updated", "positions", ["user_id", "updated"])
