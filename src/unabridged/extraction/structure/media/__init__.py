"""Pictures, players and embedded posts."""
