"""Footnotes and their marks."""
