"""Deletion of articles by hand or by age, and the tombstones that keep polls from bringing them back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Connection, delete, func, select, type_coerce, update

from unabridged.archive.articles.duplicates import duplicates_of, resolve_duplicates
from unabridged.archive.articles.stored_images import release_images
from unabridged.archive.articles.versions import CHUNK, delete_article_rows
from unabridged.archive.feeds.feeds import delete_unused_feed
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.identity import address_key, digest
from unabridged.archive.storage.tables import (
    LISTED,
    addresses,
    articles,
    entries,
    feeds,
    folders,
    items,
    sightings,
    subscriptions,
    to_microseconds,
)
from unabridged.archive.storage.tables_library import article_images, item_tags, tombstones
from unabridged.errors import NotFound

EXPIRY_BATCH = 200
"""Articles deleted by age in one transaction, so that other writers wait only a moment."""


def address_tombstone(key: bytes) -> bytes:
    """Return the tombstone of an address, given its hash."""
    return digest("buried address", key.hex())  # a stored hash: the label must not change


def entry_tombstone(feed_id: int, key: bytes) -> bytes:
    """Return the tombstone of a feed's entry, given one of its keys; a guid is unique in its feed only."""
    return digest("buried entry", str(feed_id), key.hex())  # likewise


def delete_articles(conn: Connection, article_ids: Sequence[int], now: datetime | None) -> int:
    """Delete articles with everything that refers to them. Returns how many there were.

    An article and its duplicates are deleted together, whichever is given, and count as one.

    now: time of the tombstones that keep polls from bringing them back; None: no tombstones.
    """
    originals = resolve_duplicates(conn, article_ids)
    duplicates = duplicates_of(conn, originals)
    everything = [*duplicates, *originals]
    if now is None:
        _ask_again(conn, everything)
    else:
        _add_tombstones(conn, everything, now)
    image_ids = _image_ids(conn, everything)
    deleted = delete_article_rows(conn, everything) - len(duplicates)
    release_images(conn, image_ids)
    return deleted


def purge(conn: Connection, feed_id: int) -> int:
    """Delete the articles that only this feed showed, unless it has subscribers. Returns how many.

    Articles that another feed shows lose their link to this one: purging that feed deletes them.
    """
    readers = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feed_id)
    if conn.execute(readers).first() is not None:
        return 0
    deleted = delete_articles(conn, _articles_only_in(conn, feed_id), None)
    for table in (entries, sightings):
        shared = _shown_elsewhere(table.c.article_id, feed_id)
        conn.execute(delete(table).where(table.c.feed_id == feed_id, shared))
    delete_unused_feed(conn, feed_id)
    return deleted


def _articles_only_in(conn: Connection, feed_id: int) -> Sequence[int]:
    """Return the articles that no other feed showed and nobody starred or tagged."""
    query = select(sightings.c.article_id).join(articles, articles.c.id == sightings.c.article_id)
    query = query.where(
        sightings.c.feed_id == feed_id,
        LISTED,
        ~_shown_elsewhere(sightings.c.article_id, feed_id),
        *_unmarked(),
    )
    return conn.execute(query).scalars().all()


def _unmarked() -> list[ColumnElement[bool]]:
    """Conditions that nobody starred or tagged an article."""
    own = select(items.c.id).where(items.c.article_id == articles.c.id)
    tagged = own.join(item_tags, item_tags.c.item_id == items.c.id)
    return [~own.where(items.c.starred.is_(True)).exists(), ~tagged.exists()]


def _shown_elsewhere(article: ColumnElement[int], feed_id: int) -> ColumnElement[bool]:
    other = sightings.alias()
    query = select(other.c.article_id).where(other.c.article_id == article, other.c.feed_id != feed_id)
    return query.exists()


def _add_tombstones(conn: Connection, article_ids: Sequence[int], now: datetime) -> None:
    tombstone_keys: dict[bytes, int] = {}
    for start in range(0, len(article_ids), CHUNK):
        part = article_ids[start : start + CHUNK]
        found_addresses = select(addresses.c.hash, addresses.c.article_id).where(
            addresses.c.article_id.in_(part)
        )
        tombstone_keys.update(
            (address_tombstone(key), number) for key, number in conn.execute(found_addresses)
        )
        shown = select(entries).where(entries.c.article_id.in_(part))
        tombstone_keys.update(
            (entry_tombstone(row.feed_id, row.key_hash), row.article_id) for row in conn.execute(shown)
        )
    rows = [
        {"hash": key, "article_id": number, "erased": now} for key, number in sorted(tombstone_keys.items())
    ]
    if rows:
        conn.execute(insert_or_skip(conn, tombstones), rows)


def _ask_again(conn: Connection, article_ids: Sequence[int]) -> None:
    """Forget the last documents of the feeds that show articles: the next poll may store them again."""
    for start in range(0, len(article_ids), CHUNK):
        part = entries.c.article_id.in_(article_ids[start : start + CHUNK])
        showing = feeds.c.id.in_(select(entries.c.feed_id).where(part))
        conn.execute(update(feeds).where(showing).values(_NO_VALIDATORS))


_NO_VALIDATORS = {"etag": None, "last_modified": None, "body_sha256": None}


def _image_ids(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    found: set[int] = set()
    for start in range(0, len(article_ids), CHUNK):
        part = article_images.c.article_id.in_(article_ids[start : start + CHUNK])
        found.update(conn.execute(select(article_images.c.image_id).where(part)).scalars())
    return sorted(found)


def has_tombstones(conn: Connection) -> bool:
    """Say whether there is any tombstone; most archives have none."""
    return conn.execute(select(tombstones.c.hash).limit(1)).first() is not None


def existing_tombstones(conn: Connection, tombstone_keys: Iterable[bytes]) -> set[bytes]:
    """Return those of the tombstones that the archive has."""
    wanted = list(dict.fromkeys(tombstone_keys))
    found: set[bytes] = set()
    for start in range(0, len(wanted), CHUNK):
        part = tombstones.c.hash.in_(wanted[start : start + CHUNK])
        found.update(conn.execute(select(tombstones.c.hash).where(part)).scalars())
    return found


def remove_tombstones(conn: Connection, keys: Iterable[bytes]) -> int:
    """Remove all tombstones of articles that had these addresses (hashes). Returns how many there were."""
    tombstone_keys = [address_tombstone(key) for key in keys]
    theirs = select(tombstones.c.article_id).where(tombstones.c.hash.in_(tombstone_keys))
    return conn.execute(delete(tombstones).where(tombstones.c.article_id.in_(theirs))).rowcount


def remove_tombstone_of(conn: Connection, url: str) -> None:
    """Let a deleted article come back with the next poll. Raises NotFound if none was deleted there.

    Its feeds are not known any more, so every feed is asked for its whole document once.
    """
    key = address_key(url)
    if key is None or remove_tombstones(conn, [key]) == 0:
        raise NotFound(f"No article of the address {url[:200]} was deleted here.")
    conn.execute(update(feeds).values(_NO_VALIDATORS))


# By age


def set_retention(conn: Connection, user: int, folder: str, seconds: int | None) -> None:
    mine = (folders.c.user_id == user) & (func.lower(folders.c.name) == folder.lower())
    if conn.execute(update(folders).where(mine).values(retain=seconds)).rowcount == 0:
        raise NotFound(f"There is no folder {folder!r}. `unabridged retain` lists the folders.")


def has_retention(conn: Connection) -> bool:
    """Say whether any folder has a retention time."""
    return (
        conn.execute(select(folders.c.id).where(folders.c.retain.is_not(None)).limit(1)).first() is not None
    )


def delete_expired(conn: Connection, now: datetime) -> int:
    """Delete some articles that are past the retention of every folder that shows them. Returns how many.

    Age counts from when the archive first saw an article. Articles stay that anybody starred or tagged,
    that a feed outside such folders shows, or that no subscription shows any more.
    """
    shortest = conn.execute(select(func.min(folders.c.retain))).scalar()
    if shortest is None:
        return 0
    query = (
        select(articles.c.id)
        .where(articles.c.first_seen <= now - timedelta(seconds=shortest), *_has_expired(now))
        .order_by(articles.c.id)
        .limit(EXPIRY_BATCH)
    )
    found = list(conn.execute(query).scalars())
    return delete_articles(conn, found, now) if found else 0


def _has_expired(now: datetime) -> list[ColumnElement[bool]]:
    shown = (
        select(sightings.c.article_id)
        .join(subscriptions, subscriptions.c.feed_id == sightings.c.feed_id)
        .outerjoin(folders, folders.c.id == subscriptions.c.folder_id)
        .where(sightings.c.article_id == articles.c.id)
    )
    came: ColumnElement[int] = type_coerce(articles.c.first_seen, BigInteger)
    keeps = folders.c.retain.is_(None) | (came + folders.c.retain * 1_000_000 > to_microseconds(now))
    return [LISTED, shown.exists(), ~shown.where(keeps).exists(), *_unmarked()]
