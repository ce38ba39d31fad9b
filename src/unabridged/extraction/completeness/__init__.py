"""Completeness of an article: full, truncated, paywalled, blocked."""
