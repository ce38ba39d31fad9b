"""The verdict on an article: full, truncated, paywalled, blocked."""
