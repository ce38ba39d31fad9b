"""Page to Article, pure: no network, no clock, no database.

What is named here is loaded when it is first used: the rules of sites are read without a page's parser.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unabridged.extraction.article import article_from_entry, extract

__all__ = ["article_from_entry", "extract"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("unabridged.extraction.article"), name)
    raise AttributeError(f"module 'unabridged.extract' has no attribute {name!r}")
