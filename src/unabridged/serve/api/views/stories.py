"""Stories as records of the API."""

from collections.abc import Mapping, Sequence

from unabridged.api_records import stories as records
from unabridged.archive.records.stories import StoryArticle, StoryDetails, StoryLine
from unabridged.serve.api.views import articles as views
from unabridged.stories.graph import CreditGraph, Edge
from unabridged.stories.passages import Contribution
from unabridged.stories.timeline import StoryEvent

Tags = Mapping[int, Sequence[str]]
"""Number of an article -> the person's tags."""


def story_line(line: StoryLine, tags: Tags) -> records.StoryLine:
    return records.StoryLine(
        number=line.number,
        title=line.first.title,
        articles=line.articles,
        feeds=line.outlets,
        first=views.headline(line.first, tags.get(line.first.id, ())),
        newest=views.headline(line.newest, tags.get(line.newest.id, ())),
    )


def story(details: StoryDetails, tags: Tags, *, link: str) -> records.Story:
    """Return a story with its details. link: its address in the reader."""
    made = {one.article: one for one in details.contributions}
    return records.Story(
        number=details.story.number,
        title=details.story.first.title,
        articles=[
            _article(one, made.get(one.headline.id), details.texts.get(one.headline.id, ""), tags)
            for one in details.story.articles
        ],
        credits=[_credit(one, details.graph) for one in details.graph.edges],
        events=[_event(one) for one in details.events],
        link=link,
    )


def _article(one: StoryArticle, made: Contribution | None, text: str, tags: Tags) -> records.StoryArticle:
    compared = made is not None and made.compared
    return records.StoryArticle(
        article=views.headline(one.headline, tags.get(one.headline.id, ())),
        outlet=one.outlet,
        domain=one.domain,
        country=one.country,
        copy_of=one.copy_of,
        compared=compared,
        share=round(made.share, 3) if made else 0.0,
        repeated=[
            records.Passage(text=text[part.start : part.end], source=part.source) for part in made.repeated
        ]
        if made
        else [],
        added=[text[start:end] for start, end in made.added] if made else [],
    )


def _credit(edge: Edge, graph: CreditGraph) -> records.StoryCredit:
    return records.StoryCredit(
        by=graph.nodes[edge.by].name,
        source=graph.nodes[edge.source].name,
        sentences=edge.sentences,
        confidence=edge.confidence,
        cycle=edge.back,
        evidence=[
            records.StoryEvidence(
                article=one.article,
                sentence=one.sentence,
                relation=one.relation.value,
                confidence=one.confidence,
            )
            for one in edge.evidence
        ],
    )


def _event(event: StoryEvent) -> records.StoryEvent:
    return records.StoryEvent(
        at=event.at,
        kind=event.kind,
        article=event.article,
        other=event.other,
        before=event.before,
        after=event.after,
        reason=event.reason,
    )
