"""The archive: every version of every article, the raw page it came from, and people's marks.

Public names are imported when they are first used: a command that only reads a page needs no database.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unabridged.archive.facade.archive import Archive
    from unabridged.archive.records.core import (
        OWNER,
        Articles,
        Change,
        Counts,
        Failure,
        FeedMove,
        FeedStatus,
        Folder,
        Headline,
        Headlines,
        LeasedFeed,
        ListedFeed,
        NumberedArticle,
        Observation,
        PageRecord,
        PendingPage,
        PendingRedirect,
        Query,
        RevisionLine,
        Snapshot,
        Source,
        StoredArticle,
        StoredFeed,
        StoredRevision,
        Subscription,
        Validators,
    )
    from unabridged.archive.records.imports import Imported, ImportedPage
    from unabridged.archive.records.polling import (
        Finished,
        HubSubscription,
        Plan,
        PollOutcome,
        Quarantined,
        RobotsFile,
        SavedEntries,
    )
    from unabridged.archive.records.search import HighlightSpan, Hit, HitIds, Hits, Sort
    from unabridged.archive.search_index.rebuild import IndexState

__all__ = [
    "OWNER",
    "Archive",
    "Articles",
    "Change",
    "Counts",
    "Failure",
    "FeedMove",
    "FeedStatus",
    "Finished",
    "Folder",
    "Headline",
    "Headlines",
    "HighlightSpan",
    "Hit",
    "HitIds",
    "Hits",
    "HubSubscription",
    "Imported",
    "ImportedPage",
    "IndexState",
    "LeasedFeed",
    "ListedFeed",
    "NumberedArticle",
    "Observation",
    "PageRecord",
    "PendingPage",
    "PendingRedirect",
    "Plan",
    "PollOutcome",
    "Quarantined",
    "Query",
    "RevisionLine",
    "RobotsFile",
    "SavedEntries",
    "Snapshot",
    "Sort",
    "Source",
    "StoredArticle",
    "StoredFeed",
    "StoredRevision",
    "Subscription",
    "Validators",
]


def _modules() -> Iterator[ModuleType]:
    """Import the modules that define the public names one by one, the cheapest first."""
    from unabridged.archive.records import core

    yield core
    from unabridged.archive.records import imports

    yield imports
    from unabridged.archive.records import polling

    yield polling
    from unabridged.archive.search import highlight

    yield highlight
    from unabridged.archive.search import executor

    yield executor
    from unabridged.archive.search_index import rebuild

    yield rebuild
    from unabridged.archive.facade.library import search

    yield search
    from unabridged.archive.facade import archive

    yield archive


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in __all__:
        for module in _modules():
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module 'unabridged.archive' has no attribute {name!r}")
