"""Unabridged: the whole story from any feed, kept for ever."""
