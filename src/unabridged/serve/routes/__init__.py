"""HTTP routes of the reader and of the full-text feeds."""
