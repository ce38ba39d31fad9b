"""Records of what is read out of a story's articles when somebody looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unabridged.archive.records.stories import Story

if TYPE_CHECKING:
    from unabridged.stories.attributions import Attribution
    from unabridged.stories.graph import CreditGraph
    from unabridged.stories.passages import Contribution
    from unabridged.stories.timeline import StoryEvent


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
    """What is read out of an article for an export.

    story: number of its story. copies: number of its group of near-duplicates. None: in none.
    """

    story: int | None = None
    copies: int | None = None
    credits: "tuple[Attribution, ...]" = ()
