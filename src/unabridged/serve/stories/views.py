"""View-models of stories: rows of the list, and the page of one. Pure.

Nothing here is a fact: which articles belong together, who was first and who names whom are read out of texts
and times by rules. The words say so, and the sentences stand beside what was read out of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.records.stories import StoryArticle, StoryDetails, StoryLine
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.stories.graph_svg import Picture, picture
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import ArticleRow, Icons, Moment, Monogram
from unabridged.stories.graph import CreditGraph, Edge
from unabridged.stories.passages import Contribution, Passage
from unabridged.stories.timeline import EventKind, StoryEvent
from unabridged.text.scripts import direction as direction_of

SENTENCES, PASSAGES = 5, 4
"""Sentences that an article adds, and passages that it repeats, which are shown."""
LENGTH = 320
"""Characters of a sentence or passage that are shown."""
CREDITS = 40
"""Lines of the list of who names whom."""
ARTICLES, EVENTS_SHOWN = 100, 200
"""Articles and events that the page of a story has, the earliest ones."""

EVENTS: Mapping[EventKind, str] = {
    "first": later("{outlet} is the first that is here."),
    "followed": later("{outlet} followed."),
    "copied": later("{outlet} carried nearly the text of {other}."),
    "edited": later("{outlet} edited its article."),
    "taken_down": later("{outlet} took its article down."),
    "restored": later("{outlet} shows its article again."),
    "merged": later("Two stories were put together."),
    "split": later("A part became a story of its own."),
}
"""Kind of an event -> the sentence about it."""

REASONS: Mapping[str, str] = {
    "reports_on_both": later("An article reports on both."),
    "copies": later("They have nearly the same texts."),
    "too_different": later("The parts have little in common."),
}
"""Reason of a merge or split -> what it is in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story in the list. facts: "5 articles · 3 sources". newest: title of the newest article, "" if there
    is no other than the first."""

    number: int
    href: str
    title: str
    language: str | None
    direction: str
    source: str
    monogram: Monogram
    facts: str
    newest: str
    newest_language: str | None
    newest_source: str
    time: str
    datetime: str
    when: str
    thumb: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDay:
    name: str
    rows: tuple[StoryRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words of an article. source: outlet that had them earlier, "" for new words; href: its article."""

    words: str
    source: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticleView:
    """An article on the page of a story. outlet: its name; note: how it stands to the earlier ones.

    added, repeated: the first ones; more_added, more_repeated: how many are left out.
    """

    row: ArticleRow
    outlet: str
    note: str
    added: tuple[Quotation, ...] = ()
    more_added: int = 0
    repeated: tuple[Quotation, ...] = ()
    more_repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """An outlet that names another one. sentence: the surest evidence; href: of the article that has it."""

    by: str
    source: str
    sentence: str
    href: str
    score: str
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """An event of the timeline. title: of the article, or ""; detail: what changed, or why; href: to it."""

    kind: EventKind
    when: str
    datetime: str
    text: str
    detail: str
    title: str
    language: str | None
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """The page of a story. more_articles, more_credits, more_events: how many are left out."""

    number: int
    path: str
    title: str
    language: str | None
    direction: str
    facts: str
    articles: tuple[StoryArticleView, ...]
    more_articles: int
    picture: Picture | None
    picture_text: str
    credits: tuple[CreditLine, ...]
    more_credits: int
    left_out: int
    events: tuple[EventLine, ...]
    more_events: int


# The list


def story_row(line: StoryLine, moment: Moment, thumb: str | None, icons: Icons) -> StoryRow:
    """Build the row of a story."""
    first, newest = line.first, line.newest
    language = formatting.language_of(first.language, first.title)
    source = first.feed_title or first.source
    other = "" if newest.id == first.id else newest.title
    return StoryRow(
        number=line.number,
        href=lists.story_path(line.number),
        title=first.title or formatting.fallback_title(first.summary, first.url),
        language=language,
        direction=direction_of(language, first.title),
        source=source,
        monogram=lists.monogram(source, first.feed_id, icons),
        facts=_facts(line.articles, line.outlets),
        newest=other,
        newest_language=formatting.language_of(newest.language, newest.title),
        newest_source=newest.feed_title or newest.source,
        time=formatting.short_time(newest.at, moment.now, moment.zone),
        datetime=newest.at.isoformat(),
        when=formatting.zoned_time(newest.at, moment.zone),
        thumb=thumb,
    )


def _facts(articles: int, outlets: int) -> str:
    return " · ".join(
        (
            formatting.counted("{n} article", "{n} articles", articles),
            formatting.counted("{n} source", "{n} sources", outlets),
        )
    )


def by_day(rows: Sequence[tuple[datetime, StoryRow]], moment: Moment) -> tuple[StoryDay, ...]:
    """Group the rows of stories by the day of their newest article."""
    days: dict[str, list[StoryRow]] = {}
    for at, row in rows:
        days.setdefault(formatting.period_heading(at, moment.now, moment.zone), []).append(row)
    return tuple(StoryDay(name=name, rows=tuple(found)) for name, found in days.items())


# The page


def story_view(
    details: StoryDetails, rows: Sequence[ArticleRow], moment: Moment, *, linked: Collection[int]
) -> StoryView:
    """Build the page of a story. rows: of its first articles; linked: other stories that may be opened."""
    story = details.story
    articles = {one.headline.id: one for one in story.articles}
    first = story.first
    language = formatting.language_of(first.language, first.title)
    made = {one.article: one for one in details.contributions}
    shown = tuple(
        _article_view(one, row, made.get(one.headline.id), details, articles)
        for one, row in zip(story.articles[: len(rows)], rows, strict=True)
    )
    credits = tuple(_credit_line(one, details.graph) for one in details.graph.edges[:CREDITS])
    return StoryView(
        number=story.number,
        path=lists.story_path(story.number),
        title=first.title or formatting.fallback_title(first.summary, first.url),
        language=language,
        direction=direction_of(language, first.title),
        facts=_facts(len(story.articles), story.outlets),
        articles=shown,
        more_articles=len(story.articles) - len(shown),
        picture=picture(details.graph) if details.graph.edges else None,
        picture_text=_picture_text(details.graph),
        credits=credits,
        more_credits=len(details.graph.edges) - len(credits),
        left_out=details.graph.left_out,
        events=tuple(_event_line(one, articles, moment, linked) for one in details.events[:EVENTS_SHOWN]),
        more_events=max(0, len(details.events) - EVENTS_SHOWN),
    )


def outlet_name(one: StoryArticle) -> str:
    """Return the name of an article's outlet for people."""
    return one.outlet or one.domain or one.headline.source


def _article_view(
    one: StoryArticle,
    row: ArticleRow,
    made: Contribution | None,
    details: StoryDetails,
    articles: Mapping[int, StoryArticle],
) -> StoryArticleView:
    note = _note(one, made, articles, is_first=one is details.story.articles[0])
    if made is None or one is details.story.articles[0] or one.copy_of is not None:
        return StoryArticleView(row=row, outlet=outlet_name(one), note=note)
    text = details.texts[made.article]
    return StoryArticleView(
        row=row,
        outlet=outlet_name(one),
        note=note,
        added=tuple(Quotation(words=_words(text, *span)) for span in made.added[:SENTENCES]),
        more_added=max(0, len(made.added) - SENTENCES),
        repeated=tuple(_repeated(text, passage, articles) for passage in made.repeated[:PASSAGES]),
        more_repeated=max(0, len(made.repeated) - PASSAGES),
    )


def _note(
    one: StoryArticle,
    made: Contribution | None,
    articles: Mapping[int, StoryArticle],
    *,
    is_first: bool,
) -> str:
    """Say how an article stands to the earlier ones."""
    if is_first:
        return gettext("The first that is here, by the times that are known.")
    if one.copy_of is not None and one.copy_of in articles:
        return gettext("Nearly the text of {outlet}.").format(outlet=outlet_name(articles[one.copy_of]))
    if made is None or not made.compared:
        return gettext("Its text was not compared: the story is too long.")
    if not made.repeated:
        return gettext("No passage of it stands in an earlier article.")
    share = number(round(100 * made.share))
    return gettext("{n} percent of its words stand in earlier articles.").format(n=share)


def _words(text: str, start: int, end: int) -> str:
    return formatting.shorten(text[start:end], LENGTH)


def _repeated(text: str, passage: Passage, articles: Mapping[int, StoryArticle]) -> Quotation:
    source = articles.get(passage.source)
    return Quotation(
        words=_words(text, passage.start, passage.end),
        source="" if source is None else outlet_name(source),
        href=f"/a/{passage.source}",
    )


# Credits


def _credit_line(edge: Edge, graph: CreditGraph) -> CreditLine:
    surest = edge.evidence[0]
    return CreditLine(
        by=graph.nodes[edge.by].name,
        source=graph.nodes[edge.source].name,
        sentence=formatting.shorten(surest.sentence, LENGTH),
        href=f"/a/{surest.article}",
        score=number(edge.confidence, 2),
        more=edge.sentences - 1,
    )


def _picture_text(graph: CreditGraph) -> str:
    """Return what the picture shows, in words."""
    named = (
        gettext("{by} names {source}.").format(
            by=graph.nodes[one.by].name, source=graph.nodes[one.source].name
        )
        for one in graph.edges[:CREDITS]
    )
    return sentences(*named)


# Timeline


def _event_line(
    event: StoryEvent, articles: Mapping[int, StoryArticle], moment: Moment, linked: Collection[int]
) -> EventLine:
    one = None if event.article is None else articles.get(event.article)
    headline = None if one is None else one.headline
    text = gettext(EVENTS[event.kind])
    if one is not None:
        earlier = articles.get(event.other) if event.other is not None else None
        other = "" if earlier is None else outlet_name(earlier)
        text = text.format(outlet=outlet_name(one), other=other)
    return EventLine(
        kind=event.kind,
        when=formatting.zoned_time(event.at, moment.zone),
        datetime=event.at.isoformat(),
        text=text,
        detail=_detail(event),
        title="" if headline is None else headline.title,
        language=None if headline is None else formatting.language_of(headline.language, headline.title),
        href=_event_href(event, linked),
    )


def _detail(event: StoryEvent) -> str:
    if event.kind in ("merged", "split"):
        return gettext(REASONS.get(event.reason, ""))
    return reported(event.reason) if event.kind == "edited" else ""


def _event_href(event: StoryEvent, linked: Collection[int]) -> str:
    if event.article is None:
        return lists.story_path(event.other) if event.other in linked and event.other is not None else ""
    article = f"/a/{event.article}"
    if event.kind == "edited" and event.before is not None and event.after is not None:
        return f"{article}/diff/{event.before}..{event.after}"
    version = event.before if event.kind == "taken_down" else event.after
    return article if version is None else f"{article}/v/{version}"
