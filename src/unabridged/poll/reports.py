"""What polling tells its caller: one record for each feed asked and each page read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from unabridged.archive.records.core import Change, Failure
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.model import Article, Feed, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """One feed, asked once. kind: "news" (new or changed entries), "unchanged", "failed", "gone" (410),
    "postponed" (not asked: its host wants silence).

    new, updated: numbers of articles. entries: how many the document held. moved_to: its new address,
    where it moved for good.
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
    """One article's page, read once. kind: "read" (a version saved), "kept" (no better than what is
    there), "failed" (the feed's text stays; `next_try_at` None: for good), "postponed" (not asked for:
    its host wants silence)."""

    article_id: int
    url: str
    kind: Literal["read", "kept", "failed", "postponed"]
    change: Change | None = None
    failure: Failure | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a round of polling is: `done` of `total` feeds or pages, and what just happened.

    report: None when work was only found. total grows while work is found.
    """

    stage: Literal["feeds", "pages"]
    done: int
    total: int
    report: PollReport | PageReport | None = None


Watch = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One round: every feed that was due and every page that was read.

    pictures: how many were kept. expired: articles erased, older than their folders keep.
    """

    feeds: tuple[PollReport, ...] = ()
    pages: tuple[PageReport, ...] = ()
    pictures: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page fetched and what was made of it; nothing is kept.

    alone: the article is this one page, so that the page's validators speak for all of it.
    """

    article: Article
    page: Page
    alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextFeed:
    """A feed as read, and as it is to be written: in its own order, whole where a page gave the text.

    size: memory that its articles take, in bytes.
    """

    feed: Feed
    document: FeedDocument
    items: tuple[FeedItem, ...]
    size: int = 0
