"""View-models of what belongs to an article: its copies elsewhere, and the sources that it names. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import StoryMark
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.views import lists
from unabridged.serve.views.lists import CopyLine, Moment, StoryLink, copy_line
from unabridged.stories.attributions import Attribution, Relation

RELATIONS = {
    Relation.report: later("reported it"),
    Relation.told: later("was told"),
    Relation.cites: later("is cited"),
    Relation.dateline: later("wrote the text"),
    Relation.credit: later("is credited"),
    Relation.unnamed: later("has no name"),
}
"""Relation of a named source to the article, in words."""

FEW = 5
"""Copies that are shown at once; more are folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source that the article names. through: the source that it was taken from, "" for the article."""

    name: str
    relation: str
    through: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Copies of an article, the first ones and the rest, the sources that it names, and its story.

    read_with: the copy with which it was marked read, None if it was not.
    """

    copies: tuple[CopyLine, ...]
    more: tuple[CopyLine, ...]
    sources: tuple[SourceLine, ...]
    story: StoryLink | None
    read_with: CopyLine | None = None


def related(
    copies: Sequence[Headline],
    credits: Sequence[Attribution],
    moment: Moment,
    *,
    story: StoryMark | None,
    read_with: Headline | None = None,
) -> Related:
    """Build the lines about an article's copies, the oldest first, its sources and its story."""
    dated = sorted(copies, key=lambda line: (line.at, line.id))
    lines = tuple(copy_line(line, moment) for line in dated)
    return Related(
        copies=lines[:FEW],
        more=lines[FEW:],
        sources=tuple(_source_line(one, credits) for one in credits),
        story=lists.story_link(story),
        read_with=None if read_with is None else copy_line(read_with, moment),
    )


def _source_line(one: Attribution, others: Sequence[Attribution]) -> SourceLine:
    return SourceLine(
        name=one.source,
        relation=gettext(RELATIONS[one.relation]),
        through="" if one.parent is None else others[one.parent].source,
        sentence=one.evidence,
    )
