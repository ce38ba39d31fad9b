"""Merge of two feeds that are one: a publisher moved it, and people subscribed to both addresses.

Everything of the feed that goes is given to the one that stays, for all people, in one transaction: its
subscriptions, entries, sightings, articles, rules and former addresses. Marks, tags and highlights
belong to articles, which stay; where the two feeds had an article under two addresses, the two are merged as
duplicates, and what a person marked on either is marked on the one that is listed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from unabridged.archive.articles.duplicates import merge_articles, resolve_duplicates
from unabridged.archive.articles.versions import deliver_newest
from unabridged.archive.feeds.feeds import feed_key, get_feed
from unabridged.archive.rules.saved_searches import start_over_with
from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.tables import (
    articles,
    entries,
    feed_moves,
    feed_settings,
    feeds,
    hub_subscriptions,
    merged_feeds,
    quarantine,
    sightings,
    sources,
    subscriptions,
)
from unabridged.archive.storage.tables_events import channels, events
from unabridged.archive.storage.tables_library import feed_icons
from unabridged.archive.storage.tables_rules import rules
from unabridged.archive.storage.tables_sites import page_lists, page_versions
from unabridged.errors import InvalidValue

GIVEN_WHOLE: tuple[Table, ...] = (rules, articles, feed_moves, merged_feeds)
"""Tables whose rows are given to the feed that stays as they are."""

WITHOUT_KEYS: tuple[Table, ...] = (events, channels)
"""Tables that name a feed without a foreign key; they are given to the feed that stays, too."""

KEPT_ONCE: tuple[Table, ...] = (feed_settings, sources)
"""Tables with at most one row for a feed: given to the feed that stays if it has none."""

MERGED_BY_ROW: tuple[Table, ...] = (entries, sightings, subscriptions)
"""Tables whose rows are merged one by one."""

LEFT: tuple[Table, ...] = (hub_subscriptions, quarantine, feed_icons, page_lists, page_versions)
"""Tables whose rows are of use for one address alone, and go with the feed."""


def merge_feeds(conn: Connection, feed_id: int, into: int, now: datetime) -> bool:
    """Merge a feed into another one. Returns False if that was done before.

    Raises NotFound; InvalidValue for a feed with itself.
    """
    if feed_id == into:
        raise InvalidValue("A feed cannot be merged with itself.")
    if into in _merged_into(conn, feed_id):
        return False
    conn.execute(
        select(feeds.c.id).where(feeds.c.id.in_((feed_id, into))).order_by(feeds.c.id).with_for_update()
    )
    gone, kept = get_feed(conn, feed_id), get_feed(conn, into)
    doubled = _doubled_articles(conn, feed_id, into)
    _merge_entries(conn, feed_id, into)
    _merge_sightings(conn, feed_id, into)
    readers = _merge_subscriptions(conn, feed_id, into)
    for table in GIVEN_WHOLE:
        conn.execute(update(table).where(table.c.feed_id == feed_id).values(feed_id=into))
    for table in WITHOUT_KEYS:
        conn.execute(update(table).where(table.c.feed_id == feed_id).values(feed_id=into))
    for table in KEPT_ONCE:
        if conn.execute(select(table.c.feed_id).where(table.c.feed_id == into)).first() is None:
            conn.execute(update(table).where(table.c.feed_id == feed_id).values(feed_id=into))
    _keep_interval(conn, feed_id, into)
    move = {"feed_id": into, "old_url": gone.url, "old_hash": feed_key(gone.url), "new_url": kept.url}
    conn.execute(insert(feed_moves), move | {"status": 0, "at": now})
    conn.execute(delete(feeds).where(feeds.c.id == feed_id))
    conn.execute(insert(merged_feeds), {"id": feed_id, "feed_id": into, "at": now})
    # Items are numbered from here on, which locks their counter: last, as in every write.
    _merge_doubled_articles(conn, doubled, now)
    for user in _readers_of(conn, into):
        start_over_with(conn, user, "feed")
    for user in readers:
        deliver_newest(conn, user, [into], now)
    return True


def _readers_of(conn: Connection, feed_id: int) -> Sequence[int]:
    query = select(subscriptions.c.user_id).where(subscriptions.c.feed_id == feed_id)
    return conn.execute(query.order_by(subscriptions.c.user_id)).scalars().all()


def _merged_into(conn: Connection, feed_id: int) -> Sequence[int]:
    query = select(merged_feeds.c.feed_id).where(merged_feeds.c.id == feed_id)
    return conn.execute(query).scalars().all()


def _merge_doubled_articles(conn: Connection, pairs: Sequence[tuple[int, int]], now: datetime) -> None:
    """Merge the articles that the two feeds have under two addresses; the one whose page was read is kept."""
    for one, other in pairs:
        [mine], [kept] = resolve_duplicates(conn, [one]), resolve_duplicates(conn, [other])
        if mine == kept:
            continue
        read = dict(rows_among(conn, articles, ("id", "page_state"), "id", [mine, kept]))
        if read[mine] == "read" != read[kept]:
            mine, kept = kept, mine
        merge_articles(conn, mine, kept, f"two feeds that are one had it, the other as number {kept}", now)


def _doubled_articles(conn: Connection, feed_id: int, into: int) -> list[tuple[int, int]]:
    """Return pairs of articles, one of each feed, that have two of these in common: guid, title, date."""
    one, other = _by_identity(conn, feed_id), _by_identity(conn, into)
    pairs = {(one[key], other[key]) for key in one.keys() & other.keys() if one[key] != other[key]}
    return sorted(pairs)


def _by_identity(conn: Connection, feed_id: int) -> dict[tuple[object, ...], int]:
    """Map each two of guid, title and date to the article of a feed, where only one article has them."""
    columns = (articles.c.id, articles.c.title, sightings.c.guid, sightings.c.sort_at)
    query = select(*columns).join(sightings, sightings.c.article_id == articles.c.id)
    found: dict[tuple[object, ...], int] = {}
    repeated: set[tuple[object, ...]] = set()
    for number, title, guid, at in conn.execute(query.where(sightings.c.feed_id == feed_id)):
        words = " ".join(title.split()).casefold()
        for key in (("guid", guid, "title", words), ("guid", guid, "date", at), ("title", words, "date", at)):
            if not key[1] or not key[3]:
                continue
            if found.setdefault(key, number) != number:
                repeated.add(key)
    return {key: number for key, number in found.items() if key not in repeated}


def _merge_entries(conn: Connection, feed_id: int, into: int) -> None:
    known = select(entries.c.key_hash).where(entries.c.feed_id == into)
    mine = entries.c.feed_id == feed_id
    conn.execute(delete(entries).where(mine, entries.c.key_hash.in_(known)))
    conn.execute(update(entries).where(mine).values(feed_id=into))


def _merge_sightings(conn: Connection, feed_id: int, into: int) -> None:
    """Give sightings to the feed that stays; of an article that both showed, the earlier one counts."""
    mine = sightings.c.feed_id == feed_id
    seen: list[dict[str, Any]] = [dict(row) for row in conn.execute(select(sightings).where(mine)).mappings()]
    names, numbers = ("article_id", "seen"), [row["article_id"] for row in seen]
    conn.execute(delete(sightings).where(mine))
    insert_rows(conn, sightings, [row | {"feed_id": into} for row in seen], skip=True)
    held = {number for number, _ in rows_among(conn, sightings, names, "article_id", numbers, feed_id=into)}
    for row in seen:
        if row["article_id"] in held:
            here = (sightings.c.feed_id == into) & (sightings.c.article_id == row["article_id"])
            earlier = update(sightings).where(here, sightings.c.seen > row["seen"])
            conn.execute(earlier.values(seen=row["seen"]))


def _merge_subscriptions(conn: Connection, feed_id: int, into: int) -> list[int]:
    """Subscribe the readers of a feed to the one that stays; return those who did not subscribe to it.

    Who subscribes to both keeps the title and folder of the one that stays, or else of the other.
    """
    mine = select(subscriptions).where(subscriptions.c.feed_id == feed_id).order_by(subscriptions.c.user_id)
    readers: list[int] = []
    for row in conn.execute(mine).all():
        own = (subscriptions.c.user_id == row.user_id) & (subscriptions.c.feed_id == into)
        held = conn.execute(select(subscriptions).where(own)).first()
        old = (subscriptions.c.user_id == row.user_id) & (subscriptions.c.feed_id == feed_id)
        if held is None:
            readers.append(row.user_id)
            conn.execute(update(subscriptions).where(old).values(feed_id=into))
            continue
        both = {
            "title": held.title or row.title,
            "folder_id": held.folder_id or row.folder_id,
            "added": min(held.added, row.added),
        }
        conn.execute(update(subscriptions).where(own).values(**both))
        conn.execute(delete(subscriptions).where(old))
    return readers


def _keep_interval(conn: Connection, feed_id: int, into: int) -> None:
    """Keep the interval that a person chose for the feed that goes, if the other has none."""
    chosen = select(feeds.c.poll_interval).where(feeds.c.id == feed_id).scalar_subquery()
    mine = (feeds.c.id == into) & feeds.c.poll_interval.is_(None)
    conn.execute(update(feeds).where(mine).values(poll_interval=chosen))


def former_ids(conn: Connection, feed_id: int) -> tuple[int, ...]:
    """Return the numbers of the feeds that were merged into this one."""
    query = select(merged_feeds.c.id).where(merged_feeds.c.feed_id == feed_id).order_by(merged_feeds.c.id)
    return tuple(conn.execute(query).scalars())


def merged_into(conn: Connection, feed_id: int) -> int | None:
    """Return the number of the feed that a feed was merged into, None if it was not."""
    return next(iter(_merged_into(conn, feed_id)), None)
