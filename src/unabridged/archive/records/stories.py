"""Records of stories: articles on one event, as one user sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from unabridged.archive.records.core import Headline
from unabridged.urls import host

if TYPE_CHECKING:
    from unabridged.stories.attributions import Attribution
    from unabridged.stories.graph import CreditGraph
    from unabridged.stories.passages import Contribution
    from unabridged.stories.timeline import StoryEvent

LEAST_ARTICLES = 2
"""Articles of a story; they are not all copies of one another in one feed."""

StoryChangeKind = Literal["merged", "split"]
"""merged: a story went into another one; split: a part of a story became a story of its own."""

StoryChangeReason = Literal["reports_on_both", "copies", "too_different"]
"""reports_on_both: an article that came belongs to both stories, and they are alike; copies: an article is a
near-duplicate of articles in both; too_different: the parts have little in common."""


def source_of(feed: int | None, url: str) -> int | str:
    """Return what counts as the source of an article: its feed, or the host of a page that was saved."""
    return feed if feed is not None else host(url) or url


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuery:
    """Conditions of a list of stories, the one with the newest article first. All of them must hold.

    since: the newest article is of this time or later. articles: at least so many. feed: a feed's number, of
    which at least one article is. before: the `next` of the previous page. limit: 1-200.
    """

    since: datetime | None = None
    articles: int = LEAST_ARTICLES
    feed: int | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a list. All counts and headlines are of the articles that the user has.

    number: permanent; that of the first article with which the story was found, if no earlier story took it.
    first, newest: by the time that orders lists (`Headline.at`). outlets: how many different feeds,
    and hosts of pages that were saved.
    """

    number: int
    first: Headline
    newest: Headline
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """A page of stories. next: cursor for the page after it, None at the end."""

    stories: tuple[StoryLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story.

    `headline` has when it was published and first seen, and the number and time of later edits. outlet: name
    of the listed outlet of its address, else the title of its feed; None if there is neither. domain: host of
    its address without "www."; country: ISO 3166 code of a listed outlet. copy_of: number of the story's
    earliest article with nearly the same text, None for an article with a text of its own.
    """

    headline: Headline
    outlet: str | None
    domain: str
    country: str | None
    copy_of: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChange:
    """A merge or split of stories.

    at: when the version that caused it was saved. source: number of the story that went into
    another one, or of which a part left. target: number of the other one.
    """

    at: datetime
    kind: StoryChangeKind
    source: int
    target: int
    reason: StoryChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story with the articles of it that the user has, the earliest first (`Headline.at`, then number).

    changes: merges and splits of it and of the stories that went into it, the earliest first.
    """

    number: int
    articles: tuple[StoryArticle, ...]
    changes: tuple[StoryChange, ...] = ()

    @property
    def first(self) -> Headline:
        return self.articles[0].headline

    @property
    def newest(self) -> Headline:
        return self.articles[-1].headline

    @property
    def outlets(self) -> int:
        """Count the sources as `StoryLine.outlets` does."""
        return len({source_of(one.headline.feed_id, one.headline.url) for one in self.articles})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDetails:
    """A story with what its articles repeat, add and credit, and what happened when.

    texts: article number -> current text, of those that were compared, the earliest ones; contributions: of
    these, in their order. graph: outlets that name each other. events: the earliest first.
    """

    story: Story
    texts: Mapping[int, str]
    contributions: "tuple[Contribution, ...]"
    graph: "CreditGraph"
    events: "tuple[StoryEvent, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMark:
    """The story that an article is in. articles: how many of it the user has."""

    number: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReadings:
    """Readings of an article for an export.

    story: number of its story. copies: number of its group of near-duplicates. None: in none.
    """

    story: int | None = None
    copies: int | None = None
    credits: "tuple[Attribution, ...]" = ()
