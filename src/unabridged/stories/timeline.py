"""Timeline of a story: who was first, who followed, what was changed later, as one list. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

EventKind = Literal["first", "followed", "copied", "edited", "taken_down", "restored", "merged", "split"]
"""first: the earliest article that the user has; followed: a later one with a text of its own; copied: a
later one with nearly the same text as an earlier one; edited: the publisher changed words of an article;
merged: two stories became one; split: a part of a story became a story of its own."""

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
"""Kinds in the order in which events of one moment are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEvent:
    """One event. article: its number, None for merges and splits.

    other: of a copy, the number of the earlier article; of a merge or split, of the other story. before,
    after: versions of an edit. reason: what changed, in words of the archive; of a merge or split, a code.
    """

    at: datetime
    kind: EventKind
    article: int | None = None
    other: int | None = None
    before: int | None = None
    after: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """An article of a story. at: the time that orders lists. copy_of: earliest one with nearly its text."""

    article: int
    at: datetime
    copy_of: int | None = None


def timeline(appearances: Sequence[Appearance], later: Iterable[StoryEvent]) -> tuple[StoryEvent, ...]:
    """Return the appearances of articles and what came later as one list, the earliest event first.

    later: edits, take-downs, restorations, merges and splits, in any order.
    """
    ordered = sorted(appearances, key=lambda one: (one.at, one.article))
    events = [_event(one, first=place == 0) for place, one in enumerate(ordered)]
    events += later
    return tuple(sorted(events, key=lambda one: (one.at, EVENT_KINDS.index(one.kind), one.article or 0)))


def _event(one: Appearance, *, first: bool) -> StoryEvent:
    kind: EventKind = "first" if first else "followed" if one.copy_of is None else "copied"
    return StoryEvent(at=one.at, kind=kind, article=one.article, other=None if first else one.copy_of)
