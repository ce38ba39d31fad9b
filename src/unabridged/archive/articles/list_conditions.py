"""Conditions of a list of articles in SQL, and the table whose index a list follows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from unabridged.archive.records.core import Query
from unabridged.archive.search.item_conditions import passing_condition
from unabridged.archive.storage.tables import LISTED, articles, items, sightings, sources, subscriptions
from unabridged.archive.storage.tables_library import item_tags, tags
from unabridged.archive.storage.tables_rules import search_items


def conditions(query: Query, user: int) -> list[ColumnElement[bool]]:
    """Return the conditions of a query on an item and its article, without cursor and limit.

    The feed of a query, or else its saved search, is a condition of `joined_list`.
    """
    found: list[ColumnElement[bool]] = [items.c.user_id == user, LISTED]
    if query.folder is not None:
        shown = select(sightings.c.article_id).join(
            subscriptions, subscriptions.c.feed_id == sightings.c.feed_id
        )
        inside = (subscriptions.c.user_id == user) & (subscriptions.c.folder_id == query.folder)
        found.append(items.c.article_id.in_(shown.where(inside)))
    if query.source is not None:
        found.append(sources.c.slug == query.source)
    if query.unread:
        unread = items.c.read.is_(False)
        since = query.read_since
        found.append(unread if since is None else unread | (items.c.read_at >= since))
    if query.starred:
        found.append(items.c.starred.is_(True))
    if query.muted:
        found.append(items.c.muted.is_not(None))
    if query.tag is not None:
        tagged = select(item_tags.c.item_id).join(tags, tags.c.id == item_tags.c.tag_id)
        found.append(items.c.id.in_(tagged.where(tags.c.user_id == user, tags.c.id == query.tag)))
    if query.search is not None and query.search.passing is not None:
        found.append(passing_condition(query.search.passing))
    if query.feed is not None and query.search is not None and not query.search.is_open:
        found.append(items.c.article_id.in_(_filed(query.search.id)))  # as the list follows the feed
    if query.beyond is not None:
        found.append(items.c.id > query.beyond)
    return found + _times(query)


def _filed(search: int) -> Select[Any]:
    """Return the numbers of the articles of a saved search."""
    return select(search_items.c.article_id).where(search_items.c.search_id == search)


_ListTable = tuple[ColumnElement[datetime], ColumnElement[int]]


def joined_list(statement: Select[Any], query: Query) -> tuple[Select[Any], _ListTable]:
    """Join the table whose index a list follows; returns its columns of the time and the article, too.

    A feed and a saved search have one of their own; other lists follow the index of items.
    """
    listed: _ListTable = (items.c.sort_at, items.c.article_id)
    if query.feed is not None:
        shown = (sightings.c.article_id == articles.c.id) & (sightings.c.feed_id == query.feed)
        statement = statement.join(sightings, shown)
        listed = (sightings.c.sort_at, sightings.c.article_id)
    elif query.search is not None and not query.search.is_open:
        mine = (search_items.c.article_id == articles.c.id) & (search_items.c.search_id == query.search.id)
        statement = statement.join(search_items, mine)
        listed = (search_items.c.sort_at, search_items.c.article_id)
    return statement, (STARRED_AT, items.c.article_id) if query.lately_starred else listed


STARRED_AT = func.coalesce(items.c.starred_at, items.c.sort_at)
"""Time when an article was starred."""


def _times(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.since is not None:
        found.append(items.c.sort_at >= query.since)
    if query.until is not None:
        found.append(items.c.sort_at < query.until)
    if query.came is not None:
        found.append(items.c.delivered >= query.came)
    return found
