"""Plain text: scripts, labels, differences, slugs."""
