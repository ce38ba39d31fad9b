"""Page to Article, pure: no network, no clock, no database.

The names below are imported when they are first used: site rules are read without a page's parser.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unabridged.extraction.article import article_from_entry, extract

__all__ = ["article_from_entry", "extract"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in __all__:
        from unabridged.extraction import article

        return getattr(article, name)
    raise AttributeError(f"module 'unabridged.extraction' has no attribute {name!r}")
