"""Records of what publishers did to articles after they came, and the time from which a version counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from unabridged.archive.records.core import Headline, Query, RevisionLine

ArticleChangeKind = Literal["edited", "taken_down", "restored"]
"""edited: a version with other words; taken_down: the page answered 404 or 410 for the first time;
restored: a page that was taken down answers with the article again."""

ARTICLE_CHANGE_KINDS: tuple[ArticleChangeKind, ...] = get_args(ArticleChangeKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuery:
    """Conditions of a list of changes, newest first unless `oldest`. All of them must hold.

    scope: the articles, as in a list of them; its cursor, order and limit do not count. article: one article
    instead of a scope. since, until: bounds of the time at which a change was noticed, until excluded.
    before: the `next` of the previous page, in the same order. limit: 1-1000.
    """

    scope: Query = field(default_factory=Query)
    article: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    kinds: tuple[ArticleChangeKind, ...] = ARTICLE_CHANGE_KINDS
    oldest: bool = False
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChange:
    """One change of an article by its publisher.

    id: stays the same for ever ("42-edited-3"). noticed: when the page that shows the change was fetched (an
    edit of a feed's own text: when it was saved). before, after: numbers of versions; after a take-down there
    is none, before a restoration neither. reason: what changed, in words ("3 words and marks added, …").
    headline: of the article now.
    """

    id: str
    article_id: int
    kind: ArticleChangeKind
    noticed: datetime
    before: int | None
    after: int | None
    reason: str
    headline: Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChanges:
    """A page of changes. next: cursor for the page after it, None at the end."""

    changes: tuple[ArticleChange, ...]
    next: str | None = None


def seen_at(line: RevisionLine) -> datetime:
    """Return when the text of a version was seen: its page was fetched, or else it was saved.

    A page that was read again later, or that a web archive had, counts from its fetch or capture.
    """
    return line.fetched or line.saved


def version_at(lines: Sequence[RevisionLine], first_seen: datetime, at: datetime) -> RevisionLine | None:
    """Return the version that was current at a time; None before the first.

    lines: of all versions, oldest first. The first one counts from when the article was first seen, which an
    import may say.
    """

    def seen(line: RevisionLine) -> datetime:
        return min(seen_at(line), first_seen) if line is lines[0] else seen_at(line)

    past = [line for line in lines if seen(line) <= at]
    return max(past, key=lambda line: (seen(line), line.number), default=None)
