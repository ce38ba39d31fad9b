"""Polling: settings per feed, robots.txt, hubs."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change nothing yet."""
