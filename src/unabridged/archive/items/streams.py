"""Streams of a user's items for apps: numbers by feed, folder, tag and mark; origins; newest of each feed.

SQLite plans without statistics. A stream of some feeds or tags collects their items and sorts them; others
follow an index in the order of numbers. Expressions such as `id + 0` keep an index out of the wrong plan:
with it the 100 unread items of one feed took 40 ms among 200,000, and 0.2 ms without.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    false,
    func,
    or_,
    select,
    true,
    type_coerce,
)

from unabridged.archive.articles.queries import articles_by_id
from unabridged.archive.articles.versions import CHUNK
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.items import (
    ItemList,
    ItemOrigin,
    ItemPage,
    ItemRef,
    ItemStream,
    StreamPart,
    split_stamp,
    stamp_of,
)
from unabridged.archive.storage.tables import (
    LISTED,
    articles,
    feeds,
    folders,
    items,
    observations,
    sightings,
    subscriptions,
)
from unabridged.archive.storage.tables_library import item_tags
from unabridged.urls import web_address

_NARROW = frozenset({"feed", "folder", "no_folder", "tag", "starred", "other"})
"""Parts that hold few of a user's items as a rule."""


_DELIVERED = type_coerce(items.c.delivered, BigInteger)
"""Microseconds: making times of 10,000 of them takes 10 ms."""


def list_items(conn: Connection, user: int, stream: ItemStream) -> ItemPage:
    number, most = _number(stream), None if stream.limit is None else stream.limit + 1
    order = number if stream.oldest else number.desc()
    found = select(items.c.id, _DELIVERED)
    if is_narrow(stream):  # sort numbers alone, then look up the times of a page
        query = select(items.c.id).where(*conditions(stream, user)).order_by(order).limit(most)
        found = found.where(items.c.id.in_(query)).order_by(order)
    else:
        found = found.where(*conditions(stream, user)).order_by(order).limit(most)
    rows = [ItemRef(id=number, stamp=stamp_of(number, at)) for number, at in conn.execute(found)]
    return ItemPage(refs=tuple(rows[: stream.limit]), more=len(rows) > (stream.limit or len(rows)))


def all_numbers(conn: Connection, user: int, stream: ItemStream) -> list[int]:
    """Return the numbers of all items of a stream, ascending."""
    query = select(items.c.id).where(*conditions(stream, user)).order_by(_number(stream))
    return list(conn.execute(query).scalars())


def count_items(conn: Connection, user: int, stream: ItemStream) -> int:
    counted = select(func.count()).select_from(items).where(*conditions(stream, user))
    return int(conn.execute(counted).scalar_one())


def conditions(stream: ItemStream, user: int) -> list[ColumnElement[bool]]:
    """Return the conditions of a stream on an item, without its limit."""
    return [*selection(stream, user), items.c.article_id.not_in(DUPLICATES)]


DUPLICATES = select(articles.c.id).where(~LISTED)


def selection(stream: ItemStream, user: int) -> list[ColumnElement[bool]]:
    """Return the conditions of a stream on an item that may be of a duplicate."""
    found: list[ColumnElement[bool]] = [items.c.user_id == user]
    narrow = is_narrow(stream)
    found.append(_any_of(stream.parts, user, narrow))
    found += [_any_of((part,), user, narrow) for part in stream.only]
    found += [~_any_of((part,), user, narrow=True) for part in stream.without if part.kind not in _MARKS]
    found += [
        _any_of((_OPPOSITES[part.kind],), user, narrow) for part in stream.without if part.kind in _MARKS
    ]
    return found + _bounds(stream)


_MARKS = frozenset({"read", "unread"})
_OPPOSITES = {"read": StreamPart(kind="unread"), "unread": StreamPart(kind="read")}
"""Selection without a mark: said so that an index is of use."""


def is_narrow(stream: ItemStream | ItemList) -> bool:
    """Say whether to collect and sort the items, rather than to follow their numbers."""
    whole = bool(stream.parts) and all(part.kind in _NARROW for part in stream.parts)
    return whole or any(part.kind in _NARROW for part in stream.only)


def _number(stream: ItemStream) -> ColumnElement[int]:
    return items.c.id + 0 if is_narrow(stream) else items.c.id


def _bounds(stream: ItemStream) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    number = _number(stream)
    if stream.since is not None:
        found.append(items.c.delivered >= stream.since)
    if stream.until is not None:
        found.append(items.c.delivered < stream.until)
    if stream.place is not None:
        found.append(number > stream.place if stream.oldest else number < stream.place)
    if stream.stamped is not None:
        second, rest = split_stamp(stream.stamped)
        same = (items.c.delivered < second + timedelta(seconds=1)) & (items.c.id % 1_000_000 <= rest)
        found.append((items.c.delivered < second) | same)
    return found


def _any_of(parts: Sequence[StreamPart], user: int, narrow: bool) -> ColumnElement[bool]:
    """Return the condition of being in one of the parts."""
    if any(part.kind == "all" for part in parts):
        return true()
    found: list[ColumnElement[bool]] = []
    shown = [part.number for part in parts if part.kind == "feed"]
    if shown:
        found.append(items.c.article_id.in_(_shown_by(subscriptions.c.feed_id.in_(shown), user)))
    inside = [part.number for part in parts if part.kind == "folder"]
    if inside:
        found.append(items.c.article_id.in_(_shown_by(subscriptions.c.folder_id.in_(inside), user)))
    if any(part.kind == "no_folder" for part in parts):
        found.append(items.c.article_id.in_(_shown_by(subscriptions.c.folder_id.is_(None), user)))
    tagged = [part.number for part in parts if part.kind == "tag"]
    if tagged:
        found.append(items.c.id.in_(select(item_tags.c.item_id).where(item_tags.c.tag_id.in_(tagged))))
    read = func.coalesce(items.c.read, false()) if narrow else items.c.read
    marks = {"read": read.is_(True), "unread": read.is_(False), "starred": items.c.starred.is_(True)}
    found += [marks[part.kind] for part in parts if part.kind in marks]
    if any(part.kind == "other" for part in parts):
        found.append(items.c.article_id.in_(_shown_by_none(user)))
    return or_(*found) if found else false()


def _shown_by(which: ColumnElement[bool], user: int) -> Select[Any]:
    """Select the articles that subscriptions of a user show."""
    own = select(subscriptions.c.feed_id).where(subscriptions.c.user_id == user, which)
    return select(sightings.c.article_id).where(sightings.c.feed_id.in_(own))


def _shown_by_none(user: int) -> Select[Any]:
    """Select the articles that no subscription of a user shows."""
    own = select(subscriptions.c.feed_id).where(subscriptions.c.user_id == user)
    shown = select(sightings.c.feed_id).where(
        sightings.c.article_id == articles.c.id, (sightings.c.feed_id + 0).in_(own)
    )
    foreign = articles.c.feed_id.is_(None) | articles.c.feed_id.not_in(own)
    return select(articles.c.id).where(foreign, ~shown.exists())


def has_others(conn: Connection, user: int) -> bool:
    """Say whether a user has items that no subscription of theirs shows."""
    mine = (items.c.user_id == user) & (items.c.article_id == articles.c.id)
    query = _shown_by_none(user).where(LISTED, select(items.c.id).where(mine).exists()).limit(1)
    return conn.execute(query).first() is not None


JOINED = 200
"""Items that joined a feed late, of which a document shows the newest."""


def joined_late(conn: Connection, user: int, part: StreamPart, number: int) -> tuple[int, ...]:
    """Return items up to a number that a feed or folder showed only after that item was delivered.

    Another feed had them first. Newest first, JOINED at most.
    """
    columns = {"feed": subscriptions.c.feed_id, "folder": subscriptions.c.folder_id}
    if part.kind not in columns:
        return ()
    mine = (items.c.id == number, items.c.user_id == user)
    at = conn.execute(select(items.c.delivered).where(*mine)).scalar()
    if at is None:
        return ()
    own = select(subscriptions.c.feed_id).where(
        subscriptions.c.user_id == user, columns[part.kind] == part.number
    )
    query = (
        select(items.c.id)
        .join(sightings, sightings.c.article_id == items.c.article_id)
        .join(articles, articles.c.id == items.c.article_id)
        .where(items.c.user_id == user, items.c.id <= number, LISTED)
        .where(sightings.c.feed_id.in_(own), sightings.c.seen > at)
        .group_by(items.c.id)
        .order_by(items.c.id.desc())
        .limit(JOINED)
    )
    return tuple(conn.execute(query).scalars())


# Items by number


def article_ids(conn: Connection, user: int, item_ids: Sequence[int]) -> dict[int, int]:
    """Map item numbers of a user to article ids; numbers of others are left out."""
    found: dict[int, int] = {}
    for start in range(0, len(item_ids), CHUNK):
        part = items.c.id.in_(item_ids[start : start + CHUNK])
        query = select(items.c.id, items.c.article_id).where(items.c.user_id + 0 == user, part)
        found.update((row.id, row.article_id) for row in conn.execute(query))
    return found


def articles_of(conn: Connection, user: int, item_ids: Sequence[int]) -> tuple[StoredArticle, ...]:
    """Return the articles of a user's items in the order given; unknown and damaged ones are left out."""
    known = article_ids(conn, user, item_ids)
    numbers = list(dict.fromkeys(known.values()))
    stored: dict[int, StoredArticle] = {}
    for start in range(0, len(numbers), CHUNK):
        stored |= articles_by_id(conn, numbers[start : start + CHUNK], user)
    return tuple(stored[known[number]] for number in item_ids if known.get(number) in stored)


def origins(conn: Connection, user: int, numbers: Sequence[int]) -> dict[int, tuple[ItemOrigin, ...]]:
    """Map article ids to the user's subscriptions that show the article, by feed number."""
    found: dict[int, tuple[ItemOrigin, ...]] = {}
    own = (subscriptions.c.feed_id == sightings.c.feed_id + 0) & (subscriptions.c.user_id == user)
    title = func.coalesce(subscriptions.c.title, func.nullif(feeds.c.title, ""), feeds.c.url)
    query = (
        select(sightings.c.article_id, feeds.c.id, feeds.c.site_url, title.label("title"), folders.c.name)
        .join(subscriptions, own)
        .join(feeds, feeds.c.id == subscriptions.c.feed_id)
        .outerjoin(folders, folders.c.id == subscriptions.c.folder_id)
    )
    for start in range(0, len(numbers), CHUNK):
        part = sightings.c.article_id.in_(numbers[start : start + CHUNK])
        for row in conn.execute(query.where(part).order_by(feeds.c.id)):
            origin = ItemOrigin(
                feed_id=row.id, title=row.title, site_url=web_address(row.site_url), folder=row.name
            )
            found[row.article_id] = (*found.get(row.article_id, ()), origin)
    return found


def newest_by_feed(conn: Connection, user: int) -> dict[int, ItemRef]:
    """Map the feeds of a user's subscriptions to the item of the newest article that each shows."""
    newest = (
        select(sightings.c.article_id)
        .where(sightings.c.feed_id == subscriptions.c.feed_id)
        .order_by(sightings.c.sort_at.desc(), sightings.c.article_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(subscriptions.c.feed_id, newest.label("article_id"))
    rows = conn.execute(query.where(subscriptions.c.user_id == user)).all()
    by_article = _refs_by_article(conn, user, [row.article_id for row in rows if row.article_id is not None])
    return {row.feed_id: by_article[row.article_id] for row in rows if row.article_id in by_article}


def _refs_by_article(conn: Connection, user: int, numbers: Sequence[int]) -> dict[int, ItemRef]:
    found: dict[int, ItemRef] = {}
    for start in range(0, len(numbers), CHUNK):
        part = items.c.article_id.in_(numbers[start : start + CHUNK])
        query = select(items.c.id, items.c.article_id, _DELIVERED)
        for number, article_id, at in conn.execute(query.where(items.c.user_id == user, part)):
            found[article_id] = ItemRef(id=number, stamp=stamp_of(number, at))
    return found


def change_stamp(conn: Connection, user: int) -> tuple[int, int]:
    """Return two numbers: one rises with each new item of a user, one with each page that was read."""
    newest = select(func.max(items.c.id)).where(items.c.user_id == user)
    read = select(func.max(observations.c.id))
    return conn.execute(newest).scalar() or 0, conn.execute(read).scalar() or 0
