"""Stored articles as subjects of rules and searches, and rules prepared for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Row, select

from unabridged.archive.records.query_tree import Tree
from unabridged.archive.records.rules import Rule
from unabridged.archive.rules.matching import FeedNames, Subject
from unabridged.archive.rules.verdicts import PreparedRule
from unabridged.archive.search import query_language
from unabridged.archive.search.executor import feeds_named
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, items, revisions, sightings, subscriptions
from unabridged.archive.storage.tables_library import item_tags, tags
from unabridged.archive.storage.tables_rules import rules
from unabridged.errors import BadQuery

CHUNK = 200
"""Articles that are read at once: their texts are in memory."""


def parsed(query: str, now: datetime, *, rule: bool) -> Tree:
    """Return a stored query as a tree, to the hour: before:7d begins with the hour. Raises BadQuery."""
    return _parsed(query, now.replace(minute=0, second=0, microsecond=0), rule)


@lru_cache(maxsize=4096)
def _parsed(query: str, hour: datetime, rule: bool) -> Tree:
    return query_language.parse(query, now=hour, rule=rule)


def names_in(conn: Connection, user: int, tree: Tree) -> FeedNames:
    """Return the feeds that the conditions feed: of a tree name."""
    found = query_language.conditions_named(tree, ["feed"])
    return {one.value: frozenset(feeds_named(conn, user, one.value)) for one in found}


def rule_of(row: Row[tuple[object, ...]]) -> Rule:
    return Rule(
        id=row.id,
        action=row.action,
        query=row.query,
        feed_id=row.feed_id,
        folder_id=row.folder_id,
        created=row.created,
    )


def rules_of(conn: Connection, user: int) -> tuple[Rule, ...]:
    """Return a user's rules, oldest first."""
    query = select(rules).where(rules.c.user_id == user).order_by(rules.c.id)
    return tuple(map(rule_of, conn.execute(query)))


def has_rules(conn: Connection, user: int) -> bool:
    """Say whether a user has a rule."""
    return conn.execute(select(rules.c.id).where(rules.c.user_id == user).limit(1)).first() is not None


def prepared(conn: Connection, user: int, given: Iterable[Rule], now: datetime) -> list[PreparedRule]:
    """Parse rules. One that a later version of the language refuses is passed over."""
    found = []
    for rule in given:
        try:
            tree = parsed(rule.query, now, rule=True)
        except BadQuery:
            continue
        found.append(PreparedRule(rule=rule, tree=tree, feeds=names_in(conn, user, tree)))
    return found


def subjects(conn: Connection, user: int, article_ids: Sequence[int]) -> Iterator[tuple[int, Subject]]:
    """Yield the current versions of articles as subjects for a user, in no order, without damaged ones."""
    for start in range(0, len(article_ids), CHUNK):
        yield from _subjects(conn, user, article_ids[start : start + CHUNK])


def _subjects(conn: Connection, user: int, numbers: Sequence[int]) -> Iterator[tuple[int, Subject]]:
    shown = _feeds_of(conn, user, numbers)
    own = _tags_of(conn, user, numbers)
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, articles.c.sort_at, revisions.c.record).join(revisions, current)
    for row in conn.execute(query.where(articles.c.id.in_(numbers))).all():
        article = article_of(row.record, f"article {row.id}")
        if article is not None:
            feeds, subscribed = shown.get(row.id, ((), {}))
            yield (
                row.id,
                Subject(
                    article, at=row.sort_at, feeds=feeds, subscribed=subscribed, tags=own.get(row.id, ())
                ),
            )


def _feeds_of(
    conn: Connection, user: int, numbers: Sequence[int]
) -> Mapping[int, tuple[list[int], dict[int, int | None]]]:
    """Map articles to the feeds that showed them, and to those that the user subscribes to, with folder."""
    mine = (subscriptions.c.feed_id == sightings.c.feed_id) & (subscriptions.c.user_id == user)
    query = select(
        sightings.c.article_id, sightings.c.feed_id, subscriptions.c.user_id, subscriptions.c.folder_id
    ).outerjoin(subscriptions, mine)
    found: dict[int, tuple[list[int], dict[int, int | None]]] = {}
    for row in conn.execute(query.where(sightings.c.article_id.in_(numbers))):
        feeds, subscribed = found.setdefault(row.article_id, ([], {}))
        feeds.append(row.feed_id)
        if row.user_id is not None:
            subscribed[row.feed_id] = row.folder_id
    return found


def _tags_of(conn: Connection, user: int, numbers: Sequence[int]) -> Mapping[int, list[str]]:
    query = select(items.c.article_id, tags.c.name).join(item_tags, item_tags.c.item_id == items.c.id)
    query = query.join(tags, tags.c.id == item_tags.c.tag_id)
    found: dict[int, list[str]] = {}
    for number, name in conn.execute(query.where(items.c.user_id == user, items.c.article_id.in_(numbers))):
        found.setdefault(number, []).append(name)
    return found
