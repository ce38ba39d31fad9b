"""Unabridged: the whole story from any feed, kept for ever.

    from unabridged import extract, parse_feed, Archive, Fetcher

Each is loaded when it is first used, so that extraction needs no database or network library, and
the command line's help none of them.
"""

import sys

from unabridged.processes.programs import leave_current_folder

leave_current_folder()  # before anything is imported that could lie there
# isort: split

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unabridged.archive.facade.archive import Archive
    from unabridged.extraction.article import extract
    from unabridged.feeds.parsing.parse import parse_feed
    from unabridged.fetch.client import Fetcher

__all__ = ["Archive", "Fetcher", "extract", "parse_feed"]

_HOMES = {
    "Archive": "unabridged.archive.facade.archive",
    "Fetcher": "unabridged.fetch.client",
    "extract": "unabridged.extraction.article",
    "parse_feed": "unabridged.feeds.parsing.parse",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'unabridged' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package itself, where `extract` is the function.

    Python puts every room that is imported into its package, and one has the function's name:
    https://docs.python.org/3/reference/datamodel.html#customizing-module-attribute-access
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
