"""What rows show of feeds and articles is cleaned: `mending.mend` does it afterwards."""

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    """Change no table."""
