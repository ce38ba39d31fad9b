"""Records of the full-text search: hits with highlighted spans, and cursors."""

from dataclasses import dataclass
from typing import Literal

from unabridged.archive.records.core import Headline

Sort = Literal["newest", "best"]


@dataclass(frozen=True, slots=True)
class HighlightSpan:
    """A part of a title or snippet. hit: it matches the search."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that matches a search: its headline, and title and snippet with the matches marked.

    version: the older version that had the words, for a search in history; else None.
    """

    headline: Headline
    title: tuple[HighlightSpan, ...]
    snippet: tuple[HighlightSpan, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of hits. next: cursor of the next page. waiting: articles that are not indexed yet."""

    hits: tuple[Hit, ...]
    next: str | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HitIds:
    """A page of hits as article numbers, in order. next: cursor of the next page."""

    article_ids: tuple[int, ...]
    next: str | None = None
