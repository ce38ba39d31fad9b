"""View-models of what belongs to an article: its copies elsewhere, and the sources that it names. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import StoryMark
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import Moment, StoryLink
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
class CopyLine:
    """Another article with nearly the same text. when: its date, "" if unknown."""

    href: str
    source: str
    title: str
    language: str | None
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source that the article names. through: the source that it was taken from, "" for the article."""

    name: str
    relation: str
    through: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Copies of an article, the first ones and the rest, the sources that it names, and its story."""

    copies: tuple[CopyLine, ...]
    more: tuple[CopyLine, ...]
    sources: tuple[SourceLine, ...]
    story: StoryLink | None


def related(
    copies: Sequence[Headline], credits: Sequence[Attribution], moment: Moment, *, story: StoryMark | None
) -> Related:
    """Build the lines about an article's copies, the oldest first, its sources and its story."""
    dated = sorted(copies, key=lambda line: (line.at, line.id))
    lines = tuple(_copy_line(line, moment) for line in dated)
    return Related(
        copies=lines[:FEW],
        more=lines[FEW:],
        sources=tuple(_source_line(one, credits) for one in credits),
        story=lists.story_link(story),
    )


def _copy_line(line: Headline, moment: Moment) -> CopyLine:
    return CopyLine(
        href=f"/a/{line.id}",
        source=line.feed_title or urls.host(line.url).removeprefix("www."),
        title=line.title or lists.fallback_title(line.summary, line.url),
        language=formatting.language_of(line.language, line.title),
        when=formatting.zoned_time(line.published, moment.zone) if line.published else "",
    )


def _source_line(one: Attribution, others: Sequence[Attribution]) -> SourceLine:
    return SourceLine(
        name=one.source,
        relation=gettext(RELATIONS[one.relation]),
        through="" if one.parent is None else others[one.parent].source,
        sentence=one.evidence,
    )
