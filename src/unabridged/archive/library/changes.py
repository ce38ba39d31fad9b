"""Lists of changes by publishers: edits of texts, pages taken down, pages that came back.

An edit is a version with the mark `edit`; the other two are observations with the mark `change`, of which
there is one each time that a page goes or comes back. Both marks have partial indexes in the order of time,
so that a list of changes reads neither the other versions nor the other observations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, Select, literal_column, or_, select, tuple_

from unabridged.archive.articles.edits import EDITABLE, NOTICED, noticed_of
from unabridged.archive.articles.list_conditions import conditions, joined_list
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.articles.queries import MAX_LIMIT, headlines_by_id
from unabridged.archive.records.changes import ArticleChange, ArticleChangeKind, ArticleChanges, ChangeQuery
from unabridged.archive.records.core import Query
from unabridged.archive.storage.tables import (
    MARKED_CHANGE,
    MARKED_EDIT,
    articles,
    from_microseconds,
    holds_instant,
    items,
    observations,
    revisions,
    sources,
    to_microseconds,
)
from unabridged.errors import NotFound

_CURSOR = re.compile(r"(-?\d{1,18})_([01])_(\d{1,18})_(\d{1,18})")


class _Place(NamedTuple):
    """Place of a change in the order of time. table: 0: an edit, 1: an observation; number: of its row."""

    at: datetime
    table: int
    article: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A change without the headline of its article."""

    place: _Place
    kind: ArticleChangeKind
    before: int | None
    after: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """A page of changes that a user asks for. start: place after which it begins; most: rows to read."""

    query: ChangeQuery
    user: int
    start: _Place | None
    most: int


def list_changes(conn: Connection, query: ChangeQuery, user: int) -> ArticleChanges:
    """Return a page of changes. Raises NotFound for an article of others and for a wrong cursor."""
    if query.article is not None:
        check_article(conn, user, query.article)
    size = max(1, min(query.limit, MAX_LIMIT))
    start = None if query.before is None else _parse_cursor(query.before)
    request = _Request(query=query, user=user, start=start, most=size + 1)
    found = [*_edits(conn, request), *_page_turns(conn, request)]
    found.sort(key=lambda one: one.place, reverse=not query.oldest)
    return ArticleChanges(
        changes=tuple(_with_headlines(conn, found[:size], user)),
        next=_cursor(found[size - 1].place) if len(found) > size else None,
    )


def _with_headlines(conn: Connection, found: Sequence[_Found], user: int) -> Iterator[ArticleChange]:
    """Yield changes with the headlines of their articles; those of damaged rows are left out."""
    numbers = list({one.place.article for one in found})
    headlines = headlines_by_id(conn, numbers, user) if numbers else {}
    for one in found:
        if one.place.article in headlines:
            yield ArticleChange(
                id=f"{one.place.article}-{one.kind}-{one.place.number}",
                article_id=one.place.article,
                kind=one.kind,
                noticed=one.place.at,
                before=one.before,
                after=one.after,
                reason=one.reason,
                headline=headlines[one.place.article][0],
            )


def _parse_cursor(text: str) -> _Place:
    match = _CURSOR.fullmatch(text)
    if match is None or not holds_instant(int(match[1])):
        raise NotFound(f"{text[:40]!r} is not a place in a list of changes. Start from the first page.")
    return _Place(from_microseconds(int(match[1])), int(match[2]), int(match[3]), int(match[4]))


def _cursor(place: _Place) -> str:
    return f"{to_microseconds(place.at)}_{place.table}_{place.article}_{place.number}"


# Edits


def _edits(conn: Connection, request: _Request) -> Iterator[_Found]:
    if "edited" not in request.query.kinds:
        return
    order = _Order(NOTICED, 0, revisions.c.article_id, revisions.c.number)
    columns = (revisions.c.article_id, revisions.c.number, revisions.c.reason)
    edited = select(*columns, NOTICED.label("at"), _version_before().label("before")).where(MARKED_EDIT)
    for row in conn.execute(_page_of(edited, order, request)):
        place = _Place(row.at, 0, row.article_id, row.number)
        yield _Found(place=place, kind="edited", before=row.before, after=row.number, reason=row.reason)


def _version_before() -> ColumnElement[int]:
    """Select the number of the version that an edit changed: the last one before it that can be edited."""
    older = revisions.alias("older")
    editable = or_(
        *(
            (revisions.c.source == source) & older.c.source.in_(sorted(before))
            for source, before in EDITABLE.items()
        )
    )
    earlier = tuple_(noticed_of(older), older.c.number) < tuple_(NOTICED, revisions.c.number)
    return (
        select(older.c.number)
        .where(older.c.article_id == revisions.c.article_id, editable, earlier)
        .order_by(noticed_of(older).desc(), older.c.number.desc())
        .limit(1)
        .correlate(revisions)
        .scalar_subquery()
    )


# Pages taken down and restored


def _page_turns(conn: Connection, request: _Request) -> Iterator[_Found]:
    kinds = [kind for kind in request.query.kinds if kind != "edited"]
    if not kinds:
        return
    seen = observations.c
    order = _Order(seen.at, 1, seen.article_id, seen.id)
    columns = (seen.article_id, seen.id, seen.at, seen.change, seen.reason, seen.revision)
    turned = select(*columns).where(MARKED_CHANGE, seen.change.in_(kinds))
    for row in conn.execute(_page_of(turned, order, request)):
        gone = row.change == "taken_down"
        yield _Found(
            place=_Place(row.at, 1, row.article_id, row.id),
            kind=row.change,
            before=row.revision if gone else None,
            after=None if gone else row.revision,
            reason=row.reason,
        )


# Conditions of both


class _Order(NamedTuple):
    """Columns of a table that order its changes, as in `_Place`."""

    at: ColumnElement[datetime]
    table: int
    article: ColumnElement[int]
    number: ColumnElement[int]


def _page_of(statement: Select[Any], order: _Order, request: _Request) -> Select[Any]:
    """Narrow a select of one table to a page of a query, in its order."""
    query = request.query
    if query.article is not None:
        statement = statement.where(order.article == query.article)
    else:
        statement = statement.where(_is_listed(order.article, query.scope, request.user))
    if query.since is not None:
        statement = statement.where(order.at >= query.since)
    if query.until is not None:
        statement = statement.where(order.at < query.until)
    if request.start is not None:
        statement = statement.where(_is_beyond(order, request.start, oldest=query.oldest))
    columns = (order.at, order.article, order.number)
    place = columns if query.oldest else tuple(one.desc() for one in columns)
    return statement.order_by(*place).limit(request.most)


def _is_listed(article: ColumnElement[int], scope: Query, user: int) -> ColumnElement[bool]:
    """Return the condition that a list shows an article.

    A subquery for each change: joined, SQLite would read all items of the user first.
    """
    mine = select(literal_column("1", Integer)).select_from(items)
    mine = mine.join(articles, articles.c.id == items.c.article_id)
    listed, _ = joined_list(mine.join(sources, sources.c.id == articles.c.source_id), scope)
    listed = listed.where(*conditions(scope, user), items.c.article_id == article)
    return listed.correlate(revisions, observations).exists()


def _is_beyond(order: _Order, start: _Place, *, oldest: bool) -> ColumnElement[bool]:
    """Return the condition that a change comes after a place in the order of a query.

    The bound of the time is said on its own: SQLite follows no index for a comparison of several columns
    of which one is an expression.
    """
    bound = order.at >= start.at if oldest else order.at <= start.at
    if order.table != start.table:
        after_equal_times = (order.table > start.table) == oldest
        return bound if after_equal_times else bound & (order.at != start.at)
    here = tuple_(order.at, order.article, order.number)
    place = tuple_(
        start.at, start.article, start.number, types=(order.at.type, order.article.type, order.number.type)
    )
    return bound & (here > place if oldest else here < place)
