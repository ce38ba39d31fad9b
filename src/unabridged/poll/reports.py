"""Reports of polling: one record for each feed polled and each page read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from unabridged.archive.records.core import Change, Failure, Subscription
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.model import Article, Feed, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """Outcome of one poll. kind: "news" (new or changed entries), "unchanged", "failed", "gone" (410),
    "postponed" (not requested: its host is blocked by a Retry-After).

    new, updated: IDs of articles. entries: how many the document has. moved_to: its new URL after a
    permanent redirect.
    """

    feed_id: int
    url: str
    title: str
    kind: Literal["news", "unchanged", "failed", "gone", "postponed"]
    new: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    entries: int = 0
    failure: Failure | None = None
    next_poll_at: datetime | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """Outcome of reading one page. kind: "read" (a version was saved), "kept" (not better than the stored
    text), "failed" (the stored text stays; `next_try_at` is None if the page is given up), "postponed" (not
    requested: its host is blocked by a Retry-After)."""

    article_id: int
    url: str
    kind: Literal["read", "kept", "failed", "postponed"]
    change: Change | None = None
    failure: Failure | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of polling: `done` of `total` feeds or pages.

    report: of the item just done; None if items were only claimed. total grows as items are claimed.
    """

    stage: Literal["feeds", "pages"]
    done: int
    total: int
    report: PollReport | PageReport | None = None


Watch = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """Do nothing with the progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Summary of one pass: every feed polled and every page read.

    pictures: images saved. expired: articles deleted by the retention of their folders.
    """

    feeds: tuple[PollReport, ...] = ()
    pages: tuple[PageReport, ...] = ()
    pictures: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A fetched page and the article extracted from it; nothing is saved.

    alone: the article has no further pages, so that the page's validators hold for all of it.
    """

    article: Article
    page: Page
    alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextFeed:
    """A feed with the full texts of its pages, ready to be written, in the order of the feed.

    size: memory that its articles take, in bytes.
    """

    feed: Feed
    document: FeedDocument
    items: tuple[FeedItem, ...]
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Result of subscribing. report: of the first poll; None if the feed was known already."""

    subscription: Subscription
    report: PollReport | None
