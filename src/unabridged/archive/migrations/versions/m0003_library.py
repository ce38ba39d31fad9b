"""The library: tags, tokens, mute rules, retention, pictures, replays."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change nothing yet."""
