"""The selected blocks as a clean body."""
