"""Details of a story: texts compared and credits merged when somebody looks at it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from unabridged.archive.analysis.sources import attributions_among
from unabridged.archive.analysis.texts import current_texts
from unabridged.archive.library.changes import list_changes
from unabridged.archive.library.stories import get_story
from unabridged.archive.records.changes import ChangeQuery
from unabridged.archive.records.stories import Story, StoryChange, StoryDetails
from unabridged.archive.search_index.places import located_tokens
from unabridged.stories.graph import Account, CreditGraph, credit_graph
from unabridged.stories.passages import MAX_TOKENS, StoryText, contributions
from unabridged.stories.timeline import Appearance, StoryEvent, timeline
from unabridged.urls import host

MOST_COMPARED = 60
"""Articles of a story whose texts are compared and whose changes are listed, the earliest ones."""

MOST_CHANGES = 10
"""Changes of one article that are listed, the first ones."""


def get_details(conn: Connection, number: int, user: int) -> StoryDetails:
    """Return a story with its details, also by an earlier number. Raises NotFound."""
    story = get_story(conn, number, user)
    compared = [one.headline.id for one in story.articles[:MOST_COMPARED]]
    stored = {article_id: article.text for article_id, _, article in current_texts(conn, compared)}
    texts = {article_id: stored[article_id] for article_id in compared if article_id in stored}
    return StoryDetails(
        story=story,
        texts=texts,
        contributions=contributions([_story_text(*one) for one in texts.items()]),
        graph=_graph(conn, story),
        events=timeline(_appearances(story), [*_changes(conn, compared, user), *_turns(story)]),
    )


def _story_text(article_id: int, text: str) -> StoryText:
    tokens, places = located_tokens(text, MAX_TOKENS)
    return StoryText(article=article_id, text=text, tokens=tokens, places=places)


def _graph(conn: Connection, story: Story) -> CreditGraph:
    credits = attributions_among(conn, [one.headline.id for one in story.articles])
    return credit_graph(
        Account(
            article=one.headline.id,
            host=host(one.headline.url),
            name=one.outlet or "",
            credits=credits.get(one.headline.id, ()),
        )
        for one in story.articles
    )


def _appearances(story: Story) -> list[Appearance]:
    return [
        Appearance(article=one.headline.id, at=one.headline.at, copy_of=one.copy_of) for one in story.articles
    ]


def _changes(conn: Connection, article_ids: Sequence[int], user: int) -> Iterator[StoryEvent]:
    """Yield what publishers did to articles after they came."""
    for article_id in article_ids:
        query = ChangeQuery(article=article_id, oldest=True, limit=MOST_CHANGES)
        for one in list_changes(conn, query, user).changes:
            yield StoryEvent(
                at=one.noticed,
                kind=one.kind,
                article=article_id,
                before=one.before,
                after=one.after,
                reason=one.reason,
            )


def _turns(story: Story) -> Iterator[StoryEvent]:
    """Yield the merges and splits of a story."""
    for one in story.changes:
        other = _other(one, story.number)
        yield StoryEvent(at=one.at, kind=one.kind, other=other, reason=one.reason)


def _other(change: StoryChange, number: int) -> int:
    return change.source if change.target == number else change.target
