"""Page to Article, pure: no network, no clock, no database."""

from unabridged.extract.article import article_from_entry, extract

__all__ = ["article_from_entry", "extract"]
