"""Unabridged: the whole story from any feed, kept for ever.

    from unabridged import extract, parse_feed, Archive, Fetcher

`extract` is there at once (it is the function, also where its room of the same name was imported
first); the others are loaded when they are first used, so that extraction alone needs no database or
network library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from unabridged.extract import extract

if TYPE_CHECKING:
    from unabridged.archive.store import Archive
    from unabridged.feeds.parse import parse_feed
    from unabridged.fetch.client import Fetcher

__all__ = ["Archive", "Fetcher", "extract", "parse_feed"]

_HOMES = {
    "Archive": "unabridged.archive.store",
    "Fetcher": "unabridged.fetch.client",
    "parse_feed": "unabridged.feeds.parse",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'unabridged' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
