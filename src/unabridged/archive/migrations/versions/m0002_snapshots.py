"""Dictionaries of snapshots, and references to previous versions of a page."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns only: copying a table of raw pages would take hours; existing rows stay unchanged."""
    _create_dictionaries()
    _add("encoding", sa.Text(), nullable=False, server_default="zstd")
    _add("dictionary_id", ROW_ID, sa.ForeignKey("dictionaries.id", name="fk_snapshots_dictionary_id"))
    _add("base", sa.LargeBinary(), sa.ForeignKey("snapshots.hash", name="fk_snapshots_base"))
    _add("depth", sa.Integer(), nullable=False, server_default="0")
    _add("site", sa.Text())
    op.create_index("ix_snapshots_dictionary_id_fetched", "snapshots", ["dictionary_id", "fetched"])
    op.create_index("ix_snapshots_base", "snapshots", ["base"])
    op.create_index("ix_snapshots_site_fetched", "snapshots", ["site", "fetched"])


def _add(name: str, kind: Any, *more: sa.ForeignKey, **options: Any) -> None:
    op.add_column("snapshots", sa.Column(name, kind, *more, **options), inline_references=True)


def _create_dictionaries() -> None:
    op.create_table(
        "dictionaries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dictionaries"),
        sa.UniqueConstraint("site", "number", name="uq_dictionaries_site_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dictionaries_retired", "dictionaries", ["retired"])
