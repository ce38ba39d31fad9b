"""The archive: every version of every article, the raw page it came from, and people's marks.

What is named here is loaded when it is first used: a verb that only reads a page needs no database.
"""

from importlib import import_module
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
        Imported,
        ImportedPage,
        LeasedFeed,
        ListedFeed,
        NumberedArticle,
        Observation,
        PageRecord,
        PendingPage,
        PendingRedirect,
        Query,
        RevisionLine,
        SavedEntries,
        Snapshot,
        Source,
        StoredArticle,
        StoredFeed,
        StoredRevision,
        Subscription,
        Validators,
    )
    from unabridged.archive.records.polling import (
        Finished,
        HubSubscription,
        Plan,
        PollOutcome,
        Quarantined,
        RobotsFile,
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

_HOMES = (
    "records.core",
    "records.polling",
    "search.highlight",
    "search.executor",
    "search_index.rebuild",
    "facade.library.search",
    "facade.archive",
)


def __getattr__(name: str) -> Any:
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"unabridged.archive.{home}")
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module 'unabridged.archive' has no attribute {name!r}")
