"""Rows of feeds and articles are cleaned: `row_repair.repair` does it after the migrations."""

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    """Change no table."""
