"""Images of articles and icons of feeds: queued, fetched, stored and released.

One row per address, and one blob per SHA-256 of the bytes, however many articles show the image.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.articles.versions import CHUNK
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.library import KeptImage, PendingImage
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.identity import bucket_of, digest
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import LISTED, articles, feeds, items, revisions, subscriptions, users
from unabridged.archive.storage.tables_library import article_images, blobs, feed_icons, images
from unabridged.errors import ArchiveError
from unabridged.model import Article
from unabridged.urls import absolute

MAX_IMAGES_PER_ARTICLE = 100
"""Most images of one article that are stored."""

ICON_PATHS = ("/favicon.ico", "/apple-touch-icon.png")
"""Paths of a site's icon, tried in this order."""

MAX_URL = 8192

_IMG = re.compile(r'<img\b[^>]*?\ssrc="([^"]+)"', re.IGNORECASE)


def image_urls(article: Article) -> tuple[str, ...]:
    """Return the addresses of an article's images: the lead image, then those of its text in order."""
    found = [article.lead_image or ""]
    found += [html.unescape(url) for url in _IMG.findall(article.html)]
    usable = (url for url in found if url.startswith(("http://", "https://")) and len(url) <= MAX_URL)
    return tuple(dict.fromkeys(map(storable, usable)))[:MAX_IMAGES_PER_ARTICLE]


def _key(url: str) -> bytes:
    return digest("image", url)


# Queue


def unqueued_articles(conn: Connection, everything: bool, limit: int) -> tuple[int, ...]:
    """Return articles whose images are not queued yet, newest first.

    everything: of all articles; else of starred ones and pages saved by hand.
    """
    unqueued = articles.c.images_at.is_(None) & LISTED
    if everything:
        query = select(articles.c.id).where(unqueued).order_by(articles.c.id.desc()).limit(limit)
        return tuple(conn.execute(query).scalars())
    # Two queries, each along an index; the user condition is there because that index starts with users.
    of_all = items.c.user_id.in_(select(users.c.id))
    starred = select(articles.c.id).join(items, items.c.article_id == articles.c.id)
    starred = starred.where(of_all, items.c.starred.is_(True), unqueued)
    saved = select(articles.c.id).where(
        articles.c.feed_id.is_(None), articles.c.page_state == "read", unqueued
    )
    found = {number for query in (starred, saved) for number in conn.execute(query.limit(limit)).scalars()}
    return tuple(sorted(found, reverse=True)[:limit])


def queue_images(conn: Connection, article_ids: Sequence[int], now: datetime) -> None:
    """Link articles with their images and queue those that are new."""
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, revisions.c.record).join(revisions, current)
    for number, record in conn.execute(query.where(articles.c.id.in_(article_ids))).all():
        article = article_of(record, f"article {number}")
        if article is not None:
            _link_images(conn, number, image_urls(article), now)


def _link_images(conn: Connection, article_id: int, urls: Sequence[str], now: datetime) -> None:
    """Link an article with its images and release those that it no longer shows."""
    numbers = _get_or_add_images(conn, urls, now)
    linked = select(article_images.c.image_id).where(article_images.c.article_id == article_id)
    before = set(conn.execute(linked).scalars())
    new_rows = [{"article_id": article_id, "image_id": number} for number in numbers if number not in before]
    if new_rows:
        conn.execute(insert(article_images), new_rows)
    unlinked = sorted(before - set(numbers))
    if unlinked:
        mine = article_images.c.article_id == article_id
        conn.execute(delete(article_images).where(mine, article_images.c.image_id.in_(unlinked)))
        release_images(conn, unlinked)
    conn.execute(update(articles).where(articles.c.id == article_id).values(images_at=now))


def _get_or_add_images(conn: Connection, urls: Sequence[str], now: datetime) -> list[int]:
    """Return the ids of the images at these addresses; new ones are added, due immediately."""
    if not urls:
        return []
    initial = {"attempts": 0, "next_try_at": now}
    rows = [{"url_hash": _key(url), "url": url, "bucket": bucket_of(url), **initial} for url in urls]
    conn.execute(insert_or_skip(conn, images), rows)
    keys = [row["url_hash"] for row in rows]
    query = select(images.c.id).where(images.c.url_hash.in_(keys))
    return sorted(conn.execute(query).scalars())


def feeds_without_icon(conn: Connection, limit: int) -> Sequence[Any]:
    """Return subscribed feeds that were fetched at least once and have no icon queued.

    Among them are those whose icon cannot be fetched, with its address as `missed`, while there is another
    address to try.
    """
    followed = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feeds.c.id)
    given_up = images.c.blob_hash.is_(None) & images.c.next_try_at.is_(None)
    more = given_up & ((images.c.url == feeds.c.icon) | ~images.c.url.endswith(ICON_PATHS[-1]))
    query = (
        select(feeds.c.id, feeds.c.url, feeds.c.site_url, feeds.c.icon, images.c.url.label("missed"))
        .outerjoin(feed_icons, feed_icons.c.feed_id == feeds.c.id)
        .outerjoin(images, images.c.id == feed_icons.c.image_id)
        .where(feeds.c.last_ok.is_not(None), followed.exists(), feed_icons.c.feed_id.is_(None) | more)
    )
    return conn.execute(query.order_by(feeds.c.id).limit(limit)).all()


def queue_icons(conn: Connection, now: datetime, limit: int) -> int:
    """Queue icons of feeds that have none: the feed's own, else its site's, one address after the other.

    Returns how many were queued.
    """
    queued = 0
    for row in feeds_without_icon(conn, limit):
        wanted = _icon_addresses(row.url, row.site_url, row.icon)
        for address in wanted[wanted.index(row.missed) + 1 if row.missed in wanted else 0 :][:1]:
            [image] = _get_or_add_images(conn, [address], now)
            conn.execute(delete(feed_icons).where(feed_icons.c.feed_id == row.id))
            conn.execute(insert(feed_icons), {"feed_id": row.id, "image_id": image})
            queued += 1
    return queued


def _icon_addresses(url: str, site_url: str | None, icon: str | None) -> list[str]:
    """Return the addresses where a feed's icon may be, the best first."""
    own = [icon] if icon and icon.startswith(("http://", "https://")) else []
    found = [*own, *(absolute(path, site_url or url) or url for path in ICON_PATHS)]
    return [storable(one[:MAX_URL]) for one in dict.fromkeys(found)]


# Fetching


def has_due_images(conn: Connection, now: datetime) -> bool:
    """Say whether any image is due."""
    return conn.execute(select(images.c.id).where(images.c.next_try_at <= now).limit(1)).first() is not None


def claim_images(
    conn: Connection, now: datetime, limit: int, lease: float, bucket: int | None = None
) -> tuple[PendingImage, ...]:
    query = select(images).where(images.c.next_try_at <= now).order_by(images.c.next_try_at, images.c.id)
    if bucket is not None:
        query = query.where(images.c.bucket == bucket)
    rows = conn.execute(query.limit(limit).with_for_update(skip_locked=True, of=images)).all()
    found = tuple(PendingImage(id=row.id, url=row.url, attempts=row.attempts) for row in rows)
    if found:
        mine = images.c.id.in_([one.id for one in found])
        until = now + timedelta(seconds=lease)
        conn.execute(update(images).where(mine).values(next_try_at=until))
    return found


def save_image(conn: Connection, image_id: int, kind: str, body: bytes, now: datetime) -> str:
    """Save an image's bytes; returns their SHA-256. Nothing is saved if the image was released meanwhile."""
    key = hashlib.sha256(body).digest()
    known = conn.execute(select(images.c.id).where(images.c.id == image_id).with_for_update()).first()
    if known is not None:
        row = {"hash": key, "type": kind, "size": len(body), "body": body}
        conn.execute(insert_or_skip(conn, blobs), row)
        stored = {"blob_hash": key, "fetched": now, "next_try_at": None, "failure": None, "attempts": 0}
        conn.execute(update(images).where(images.c.id == image_id).values(**stored))
    return key.hex()


def record_failure(conn: Connection, image_id: int, why: str, next_try_at: datetime | None) -> None:
    missed = {"attempts": images.c.attempts + 1, "next_try_at": next_try_at, "failure": storable(why)}
    conn.execute(update(images).where(images.c.id == image_id).values(**missed))


# Lookup


def stored_image(conn: Connection, url: str) -> KeptImage | None:
    return _load_image(conn, select(images.c.id).where(images.c.url_hash == _key(storable(url))))


def feed_icon(conn: Connection, feed_id: int) -> KeptImage | None:
    return _load_image(conn, select(feed_icons.c.image_id).where(feed_icons.c.feed_id == feed_id))


def stored_icons(conn: Connection, feed_ids: Sequence[int]) -> dict[int, str]:
    """Map those of the feed ids that have a stored icon to its SHA-256 (hex)."""
    query = select(feed_icons.c.feed_id, images.c.blob_hash).join(
        images, images.c.id == feed_icons.c.image_id
    )
    return {
        row.feed_id: row.blob_hash.hex()
        for row in conn.execute(
            query.where(images.c.blob_hash.is_not(None), feed_icons.c.feed_id.in_(feed_ids))
        )
    }


def _load_image(conn: Connection, which: object) -> KeptImage | None:
    query = select(images.c.url, images.c.fetched, blobs).join(blobs, blobs.c.hash == images.c.blob_hash)
    row = conn.execute(query.where(images.c.id.in_(which))).first()  # type: ignore[arg-type]
    if row is None:
        return None
    if hashlib.sha256(row.body).digest() != row.hash:
        raise ArchiveError(f"The image {row.hash.hex()} fails its hash: the archive is damaged.")
    return KeptImage(url=row.url, hash=row.hash.hex(), type=row.type, body=row.body, fetched=row.fetched)


def images_of_article(conn: Connection, article_id: int) -> tuple[tuple[str, str | None], ...]:
    """Return an article's images: address, and SHA-256 (hex) of the stored bytes (None: not stored)."""
    query = (
        select(images.c.url, images.c.blob_hash)
        .join(article_images, article_images.c.image_id == images.c.id)
        .where(article_images.c.article_id == article_id)
    )
    return tuple(
        (row.url, None if row.blob_hash is None else row.blob_hash.hex())
        for row in conn.execute(query.order_by(images.c.id))
    )


# Release


def release_images(conn: Connection, image_ids: Iterable[int]) -> None:
    """Delete those of the images that no article and no feed uses any more, with their bytes."""
    wanted = sorted(set(image_ids))
    for start in range(0, len(wanted), CHUNK):
        part = images.c.id.in_(wanted[start : start + CHUNK])
        shown = select(article_images.c.image_id).where(article_images.c.image_id == images.c.id)
        icon = select(feed_icons.c.image_id).where(feed_icons.c.image_id == images.c.id)
        unused = part & ~shown.exists() & ~icon.exists()
        bodies = [key for key in conn.execute(select(images.c.blob_hash).where(unused)).scalars() if key]
        conn.execute(delete(images).where(unused))
        if bodies:
            still = select(images.c.id).where(images.c.blob_hash == blobs.c.hash)
            conn.execute(delete(blobs).where(blobs.c.hash.in_(bodies), ~still.exists()))
