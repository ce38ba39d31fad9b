"""Unabridged: the whole text of any feed's articles, kept in an archive.

    from unabridged import Archive, Fetcher, diff, extract, parse_feed, read

Each is imported when it is first used, so that extraction needs no database or network library, and the
command line's help none of them.
"""

from unabridged.processes.programs import leave_current_folder

leave_current_folder()  # before anything is imported that could lie there
# isort: split

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unabridged.archive.facade.archive import Archive
    from unabridged.extraction.article import extract
    from unabridged.feeds.parsing.parse import parse_feed
    from unabridged.fetch.client import Fetcher
    from unabridged.poll.one_off import read
    from unabridged.text.diff import compare as diff

    __version__: str

__all__ = ["Archive", "Fetcher", "diff", "extract", "parse_feed", "read"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    match name:
        case "__version__":
            from importlib.metadata import version

            return version("unabridged")
        case "Archive":
            from unabridged.archive.facade.archive import Archive

            return Archive
        case "Fetcher":
            from unabridged.fetch.client import Fetcher

            return Fetcher
        case "diff":
            from unabridged.text.diff import compare

            return compare
        case "extract":
            from unabridged.extraction.article import extract

            return extract
        case "parse_feed":
            from unabridged.feeds.parsing.parse import parse_feed

            return parse_feed
        case "read":
            from unabridged.poll.one_off import read

            return read
    raise AttributeError(f"module 'unabridged' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
