"""Messages between the extractor and its child processes.

They are separate from the child's own code, so that the poller does not load it.
"""

from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.records.sites import HeldPage
from unabridged.errors import ExtractError, HeadlineNotFound, ListVanished
from unabridged.extraction.multipage.parts import Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.outcome import KnownPart, Trial
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.feeds.lists.profile import ListReading, ListState
from unabridged.model import Article, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTask:
    """The parts of one article so far: join them, or name the next page to fetch."""

    parts: tuple[PagePart, ...]
    failed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesTask:
    """Make an article from the feed's own text of each entry."""

    feed: Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTask:
    """Read the list of articles on a page without a feed as a feed, by what is known about it."""

    html: bytes
    url: str
    state: ListState
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTask:
    """Extract a page of a known site. profile: as stored. compare: extract it the general way too."""

    request: ExtractRequest
    profile: str
    compare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTask:
    """Read a page by a profile, and say what that is worth. profile: as stored."""

    request: ExtractRequest
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnTask:
    """Learn a site from its pages."""

    site: str
    pages: tuple[HeldPage, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectTask:
    """Make a feed of the items that selectors find on a page."""

    html: bytes
    url: str
    selectors: ItemSelectors
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SanitiseTask:
    """Sanitise a whole page for display, without selecting its article."""

    html: bytes
    url: str
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error, in a form that can be sent through the pipe."""

    kind: type[ExtractError] | type[HeadlineNotFound] | type[ListVanished]
    message: str


Task = (
    ExtractRequest
    | JoinTask
    | EntriesTask
    | ListTask
    | SelectTask
    | SanitiseTask
    | KnownTask
    | TrialTask
    | LearnTask
)
Result = PagePart | KnownPart | Trial | Fetch | Done | tuple[Article, ...] | Feed | ListReading | str | None
Reply = Result | Failure


def subject_of(task: Task) -> str:
    """Return the URL that a task is about."""
    if isinstance(task, JoinTask):
        return task.parts[0].article.url
    if isinstance(task, EntriesTask):
        return task.feed.url
    if isinstance(task, KnownTask | TrialTask):
        return task.request.url or "a page"
    if isinstance(task, LearnTask):
        return f"the pages of {task.site}"
    return task.url or "a page"
