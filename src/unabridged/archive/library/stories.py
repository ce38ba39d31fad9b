"""Stories as one user sees them: lists, the articles of one, and its merges and splits."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from unabridged.archive.articles.permissions import check_feed
from unabridged.archive.articles.queries import headlines_among
from unabridged.archive.library.story_marks import count_articles
from unabridged.archive.records.core import Headline, Query
from unabridged.archive.records.stories import (
    LEAST_ARTICLES,
    Stories,
    Story,
    StoryArticle,
    StoryChange,
    StoryLine,
    StoryQuery,
    source_of,
)
from unabridged.archive.storage.bulk_rows import rows_among
from unabridged.archive.storage.tables import (
    LISTED,
    articles,
    from_microseconds,
    holds_instant,
    items,
    sightings,
    to_microseconds,
)
from unabridged.archive.storage.tables_stories import (
    article_analyses,
    stories,
    story_articles,
    story_changes,
)
from unabridged.errors import NotFound
from unabridged.stories.attributions.outlets import outlet_of
from unabridged.urls import host

MAX_LIMIT = 200
_CURSOR = re.compile(r"(-?\d{1,18})_(\d{1,18})")


# Lists


def list_stories(conn: Connection, query: StoryQuery, user: int) -> Stories:
    """List stories by their newest article. Raises NotFound for an unknown cursor or a feed of others."""
    if query.feed is not None:
        check_feed(conn, user, query.feed)
    limit = max(1, min(query.limit, MAX_LIMIT))
    rows = conn.execute(_newest_of_stories(query, user).limit(limit + 1)).all()
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return Stories(
        stories=tuple(_lines(conn, [row.story_id for row in page], user)),
        next=None if last is None else f"{to_microseconds(last.sort_at)}_{last.article_id}",
    )


def _newest_of_stories(query: StoryQuery, user: int) -> Select[Any]:
    """Select the newest article of every story, in the order of the user's list."""
    place = tuple_(items.c.sort_at, items.c.article_id)
    listed, other_members, others = _others(user)
    newer = tuple_(listed.c.sort_at, listed.c.id) > place  # items would be found by time, not by story
    chosen = (
        select(story_articles.c.story_id, items.c.sort_at, items.c.article_id)
        .select_from(items)
        .join(story_articles, story_articles.c.article_id == items.c.article_id)
        .join(articles, articles.c.id == items.c.article_id)
        .where(items.c.user_id == user, story_articles.c.story_id.is_not(None), LISTED)
        .where(~others.where(newer).exists(), _is_story(user))
        .order_by(items.c.sort_at.desc(), items.c.article_id.desc())
    )
    if query.since is not None:
        chosen = chosen.where(items.c.sort_at >= query.since)
    if query.articles > LEAST_ARTICLES:
        counted = others.with_only_columns(func.count()).scalar_subquery()
        chosen = chosen.where(counted >= query.articles)
    if query.feed is not None:
        shown = (sightings.c.article_id == other_members.c.article_id) & (sightings.c.feed_id == query.feed)
        chosen = chosen.where(others.join(sightings, shown).exists())
    if query.before is not None:
        chosen = chosen.where(
            place
            < tuple_(*_parse_cursor(query.before), types=(items.c.sort_at.type, items.c.article_id.type))
        )
    return chosen


def _others(user: int) -> tuple[Any, Any, Select[Any]]:
    """Return a select of the user's articles in the story of the outer query, with its tables of articles."""
    own, member, listed = items.alias("other_items"), story_articles.alias("others"), articles.alias("other")
    found = (
        select(member.c.article_id)
        .join(own, (own.c.article_id == member.c.article_id) & (own.c.user_id == user))
        .join(listed, (listed.c.id == member.c.article_id) & listed.c.same_as.is_(None))
        .where(member.c.story_id == story_articles.c.story_id)
        .correlate(story_articles, items, articles)
    )
    return listed, member, found


def _is_story(user: int) -> ColumnElement[bool]:
    """Condition that another article of the story is no copy of this one in the same feed."""
    _, member, others = _others(user)
    mine, theirs = article_analyses.alias("mine"), article_analyses.alias("theirs")
    feed = articles.alias("other_feed")
    group = select(mine.c.copy_group).where(mine.c.article_id == items.c.article_id)
    group = group.correlate(items)
    copy = (
        select(theirs.c.article_id)
        .join(feed, feed.c.id == theirs.c.article_id)
        .where(theirs.c.article_id == member.c.article_id)
        .where(theirs.c.copy_group == group.scalar_subquery(), feed.c.feed_id == articles.c.feed_id)
        .correlate(member, items, articles)
    )
    return others.where(member.c.article_id != items.c.article_id, ~copy.exists()).exists()


def _parse_cursor(text: str) -> tuple[datetime, int]:
    match = _CURSOR.fullmatch(text)
    if match is None or not holds_instant(int(match[1])):
        raise NotFound(f"{text[:40]!r} is not a place in a list. Start from the first page.")
    return from_microseconds(int(match[1])), int(match[2])


def _lines(conn: Connection, numbers: Sequence[int], user: int) -> list[StoryLine]:
    members = {number: own for number in numbers if (own := _own_articles(conn, number, user))}
    ends = sorted({end for own in members.values() for end in (own[0][0], own[-1][0])})
    headlines = {line.id: line for line in headlines_among(conn, Query(), ends, user)} if ends else {}
    return [
        StoryLine(
            number=number,
            first=headlines[own[0][0]],
            newest=headlines[own[-1][0]],
            articles=len(own),
            outlets=len({source for _, source in own}),
        )
        for number, own in members.items()
        if own[0][0] in headlines and own[-1][0] in headlines
    ]


def _own_articles(conn: Connection, story: int, user: int) -> list[tuple[int, int | str]]:
    """Return number and source of the user's articles of a story, the earliest first.

    The source is the number of the feed; for a page that was saved, its host.
    """
    query = (
        select(articles.c.id, articles.c.feed_id, articles.c.url)
        .join(story_articles, story_articles.c.article_id == articles.c.id)
        .join(items, (items.c.article_id == articles.c.id) & (items.c.user_id == user))
        .where(story_articles.c.story_id == story, LISTED)
        .order_by(articles.c.sort_at, articles.c.id)
    )
    return [(number, source_of(feed, url)) for number, feed, url in conn.execute(query)]


# One story


def current_number(conn: Connection, number: int, user: int) -> int:
    """Return the number under which a story is found now: another one if it went into another story.

    A number that is no story's leads to the story of the article of that number. Raises NotFound, also for a
    story of which the user has less than two articles.
    """
    query = select(stories.c.forward).where(stories.c.id == number)
    forward = conn.execute(query).scalar()
    of_article = select(story_articles.c.story_id).where(story_articles.c.article_id == number)
    for one in (forward or number, conn.execute(of_article).scalar()):
        if one is not None and _is_seen(conn, one, user):
            return one
    raise NotFound(f"There is no story {number}.")


def _is_seen(conn: Connection, number: int, user: int) -> bool:
    return number in count_articles(conn, [number], user)


def get_story(conn: Connection, number: int, user: int) -> Story:
    """Return a story, also by an earlier number. Raises NotFound."""
    current = current_number(conn, number, user)
    own = [article for article, _ in _own_articles(conn, current, user)]
    copies = _copies(conn, own)
    lines = headlines_among(conn, Query(), own, user)
    if not lines:
        raise NotFound(f"There is no story {number}.")
    return Story(
        number=current,
        articles=tuple(_story_article(line, copies.get(line.id)) for line in lines),
        changes=_changes(conn, current),
    )


def _copies(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Map articles to the earliest near-duplicate among those given, in their order."""
    groups = dict(rows_among(conn, article_analyses, ("article_id", "copy_group"), "article_id", numbers))
    front: dict[int, int] = {}
    found = {}
    for number in numbers:
        group = groups.get(number)
        if group is not None and front.setdefault(group, number) != number:
            found[number] = front[group]
    return found


def _story_article(line: Headline, copy_of: int | None) -> StoryArticle:
    domain = host(line.url).removeprefix("www.")
    outlet = outlet_of(domain)
    return StoryArticle(
        headline=line,
        outlet=line.feed_title if outlet is None else outlet.name,
        domain=domain,
        country=None if outlet is None else outlet.country or None,
        copy_of=copy_of,
    )


def _changes(conn: Connection, number: int) -> tuple[StoryChange, ...]:
    gone = select(stories.c.id).where(stories.c.forward == number)
    mine = [
        (column == number) | column.in_(gone) for column in (story_changes.c.source, story_changes.c.target)
    ]
    rows = conn.execute(select(story_changes).where(mine[0] | mine[1]).order_by(story_changes.c.id))
    return tuple(
        StoryChange(at=row.at, kind=row.kind, source=row.source, target=row.target, reason=row.reason)
        for row in rows
    )


def story_of_article(conn: Connection, article_id: int, user: int) -> int | None:
    """Return the number of the story that an article is in, None if it is in none that the user sees."""
    query = select(story_articles.c.story_id).where(story_articles.c.article_id == article_id)
    number = conn.execute(query).scalar()
    return number if number is not None and _is_seen(conn, number, user) else None
