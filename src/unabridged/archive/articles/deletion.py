"""What goes from an archive: articles erased by hand or by age, and what keeps them from coming back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Connection, delete, func, select, type_coerce, update

from unabridged.archive.articles.duplicates import joined_to, kept_numbers
from unabridged.archive.articles.images import release_images
from unabridged.archive.articles.versions import CHUNK, erase
from unabridged.archive.feeds.feeds import forget_feed
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.identity import address_key, digest
from unabridged.archive.storage.tables import (
    LISTED,
    addresses,
    articles,
    entries,
    folders,
    items,
    sightings,
    subscriptions,
    to_microseconds,
)
from unabridged.archive.storage.tables_library import article_images, item_tags, tombstones
from unabridged.errors import NotFound

EXPIRED_AT_ONCE = 200
"""Articles erased by age in one transaction, so that other writers wait a moment at most."""


def grave_of_address(key: bytes) -> bytes:
    """The tombstone of an address, given its hash."""
    return digest("buried address", key.hex())


def grave_of_entry(feed_id: int, key: bytes) -> bytes:
    """The tombstone of a feed's entry, given one of its keys: a guid means something in its feed only."""
    return digest("buried entry", str(feed_id), key.hex())


def erase_articles(conn: Connection, article_ids: Sequence[int], now: datetime | None) -> int:
    """Erase articles with all that hangs on them. Returns how many there were.

    Those that are one article go together, whichever was named, and count as one.

    now: leaves tombstones, by which polls know not to bring them back; None: leaves none.
    """
    kept = kept_numbers(conn, article_ids)
    joined = joined_to(conn, kept)
    everything = [*joined, *kept]
    if now is not None:
        _bury(conn, everything, now)
    pictures = _pictures(conn, everything)
    erased = erase(conn, everything) - len(joined)
    release_images(conn, pictures)
    return erased


def purge(conn: Connection, feed_id: int) -> int:
    """Erase the articles that only this feed showed, unless somebody reads it. Returns how many.

    Of those that another feed shows, it is forgotten that this one did: when that one is purged, they go.
    """
    readers = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feed_id)
    if conn.execute(readers).first() is not None:
        return 0
    erased = erase_articles(conn, _only_in(conn, feed_id), None)
    for table in (entries, sightings):
        shared = _shown_elsewhere(table.c.article_id, feed_id)
        conn.execute(delete(table).where(table.c.feed_id == feed_id, shared))
    forget_feed(conn, feed_id)
    return erased


def _only_in(conn: Connection, feed_id: int) -> Sequence[int]:
    """Articles that no other feed showed and nobody starred or tagged."""
    query = select(sightings.c.article_id).join(articles, articles.c.id == sightings.c.article_id)
    query = query.where(
        sightings.c.feed_id == feed_id,
        LISTED,
        ~_shown_elsewhere(sightings.c.article_id, feed_id),
        *_unmarked(),
    )
    return conn.execute(query).scalars().all()


def _unmarked() -> list[ColumnElement[bool]]:
    """That nobody starred or tagged an article."""
    own = select(items.c.id).where(items.c.article_id == articles.c.id)
    tagged = own.join(item_tags, item_tags.c.item_id == items.c.id)
    return [~own.where(items.c.starred.is_(True)).exists(), ~tagged.exists()]


def _shown_elsewhere(article: ColumnElement[int], feed_id: int) -> ColumnElement[bool]:
    other = sightings.alias()
    query = select(other.c.article_id).where(other.c.article_id == article, other.c.feed_id != feed_id)
    return query.exists()


def _bury(conn: Connection, article_ids: Sequence[int], now: datetime) -> None:
    graves: dict[bytes, int] = {}
    for start in range(0, len(article_ids), CHUNK):
        part = article_ids[start : start + CHUNK]
        here = select(addresses.c.hash, addresses.c.article_id).where(addresses.c.article_id.in_(part))
        graves.update((grave_of_address(key), number) for key, number in conn.execute(here))
        shown = select(entries).where(entries.c.article_id.in_(part))
        graves.update(
            (grave_of_entry(row.feed_id, row.key_hash), row.article_id) for row in conn.execute(shown)
        )
    rows = [{"hash": key, "article_id": number, "erased": now} for key, number in sorted(graves.items())]
    if rows:
        conn.execute(insert_or_skip(conn, tombstones), rows)


def _pictures(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    found: set[int] = set()
    for start in range(0, len(article_ids), CHUNK):
        part = article_images.c.article_id.in_(article_ids[start : start + CHUNK])
        found.update(conn.execute(select(article_images.c.image_id).where(part)).scalars())
    return sorted(found)


def anything_buried(conn: Connection) -> bool:
    """Whether any tombstone stands at all: in most archives none does."""
    return conn.execute(select(tombstones.c.hash).limit(1)).first() is not None


def buried(conn: Connection, graves: Iterable[bytes]) -> set[bytes]:
    """Those of the tombstones that stand."""
    wanted = list(dict.fromkeys(graves))
    found: set[bytes] = set()
    for start in range(0, len(wanted), CHUNK):
        part = tombstones.c.hash.in_(wanted[start : start + CHUNK])
        found.update(conn.execute(select(tombstones.c.hash).where(part)).scalars())
    return found


def lift(conn: Connection, keys: Iterable[bytes]) -> int:
    """Take the tombstones away of articles that had these addresses (hashes). Returns how many stood."""
    graves = [grave_of_address(key) for key in keys]
    theirs = select(tombstones.c.article_id).where(tombstones.c.hash.in_(graves))
    return conn.execute(delete(tombstones).where(tombstones.c.article_id.in_(theirs))).rowcount


def allow_again(conn: Connection, url: str) -> None:
    """Let an erased article come back with the next poll. Raises NotFound where none was erased."""
    key = address_key(url)
    if key is None or lift(conn, [key]) == 0:
        raise NotFound(f"No article of the address {url[:200]} was erased here.")


# By age


def set_retention(conn: Connection, user: int, folder: str, seconds: int | None) -> None:
    mine = (folders.c.user_id == user) & (func.lower(folders.c.name) == folder.lower())
    if conn.execute(update(folders).where(mine).values(retain=seconds)).rowcount == 0:
        raise NotFound(f"There is no folder {folder!r}. `unabridged retain` lists those there are.")


def lets_go(conn: Connection) -> bool:
    """Whether any folder lets articles go."""
    return (
        conn.execute(select(folders.c.id).where(folders.c.retain.is_not(None)).limit(1)).first() is not None
    )


def expire(conn: Connection, now: datetime) -> int:
    """Erase some articles that are older than every folder that shows them keeps. Returns how many.

    Age counts from when an article came here. Those stay that anybody starred or tagged, that a feed
    outside of such folders shows, and that no subscription shows any more.
    """
    shortest = conn.execute(select(func.min(folders.c.retain))).scalar()
    if shortest is None:
        return 0
    query = (
        select(articles.c.id)
        .where(articles.c.first_seen <= now - timedelta(seconds=shortest), *_expired(now))
        .order_by(articles.c.id)
        .limit(EXPIRED_AT_ONCE)
    )
    found = list(conn.execute(query).scalars())
    return erase_articles(conn, found, now) if found else 0


def _expired(now: datetime) -> list[ColumnElement[bool]]:
    shown = (
        select(sightings.c.article_id)
        .join(subscriptions, subscriptions.c.feed_id == sightings.c.feed_id)
        .outerjoin(folders, folders.c.id == subscriptions.c.folder_id)
        .where(sightings.c.article_id == articles.c.id)
    )
    came: ColumnElement[int] = type_coerce(articles.c.first_seen, BigInteger)
    keeps = folders.c.retain.is_(None) | (came + folders.c.retain * 1_000_000 > to_microseconds(now))
    return [LISTED, shown.exists(), ~shown.where(keeps).exists(), *_unmarked()]
