"""Saved searches in the reader: their counts, kept for a while."""
