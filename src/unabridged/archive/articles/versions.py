"""Articles and their versions as rows: making one, adding a version, erasing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from unabridged.archive.articles.mute_rules import mute_again, reasons
from unabridged.archive.raw_pages.store import release_snapshots
from unabridged.archive.records.core import RevisionSource
from unabridged.archive.records.encoding import decode_article, encode, storable
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.bulk_rows import article_numbers, insert_rows, rows_among
from unabridged.archive.storage.codec import compress, content_hash, decompress
from unabridged.archive.storage.identity import address_key, bucket_of
from unabridged.archive.storage.tables import (
    addresses,
    articles,
    counters,
    from_microseconds,
    items,
    observations,
    revisions,
    sightings,
)
from unabridged.errors import NotFound
from unabridged.model import Article, Entry, Page
from unabridged.text.words import count_words

SUMMARY_CHARACTERS = 400
"""How much of an article a list shows where it has no summary of its own."""

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article about to be made. page_next_try_at: when its page is to be read, None: not.

    words: how many its text has, where that is known; counting takes a fifth of saving.
    """

    article: Article
    first_seen: datetime
    source_id: int
    feed_id: int | None = None
    page_state: str = "none"
    page_next_try_at: datetime | None = None
    words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version about to be saved. saved: now; fetched, snapshot: of its page, where there was one.

    words: how many its text has, where that is known.
    """

    article_id: int
    number: int
    source: RevisionSource
    article: Article
    saved: datetime
    reason: str
    fetched: datetime | None = None
    snapshot: bytes | None = None
    entry: Entry | None = None
    words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The current version of an article, with its row."""

    row: RowMapping
    number: int
    source: RevisionSource
    article: Article


def list_time(article: Article, first_seen: datetime) -> datetime:
    """The time that orders lists: the publisher's, never later than when we first saw the article."""
    claimed = article.published or article.modified
    return first_seen if claimed is None else min(claimed, first_seen)


def _shown(article: Article, words: int | None = None) -> dict[str, Any]:
    """What lists show of a version."""
    return {
        "title": storable(article.title),
        "summary": storable(article.summary.strip() or _opening(article.text)),
        "authors": orjson.dumps([storable(name) for name in article.authors]).decode(),
        "lead_image": article.lead_image and storable(article.lead_image),
        "language": article.language and storable(article.language),
        "words": count_words(article.text) if words is None else words,
        "published": None if article.published is None else article.published.isoformat(),
    }


def _opening(text: str) -> str:
    flat = " ".join(text[: 2 * SUMMARY_CHARACTERS].split())
    return flat if len(flat) <= SUMMARY_CHARACTERS else flat[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0] + "…"


def add_articles(conn: Connection, new: Sequence[NewArticle]) -> list[int]:
    """Make article rows with their addresses; returns their numbers in the order given."""
    if not new:
        return []
    rows = [
        _shown(one.article, one.words)
        | {
            "url": storable(one.article.url),
            "sort_at": list_time(one.article, one.first_seen),
            "first_seen": one.first_seen,
            "revision": 0,
            "feed_id": one.feed_id,
            "source_id": one.source_id,
            "page_state": one.page_state,
            "page_attempts": 0,
            "page_next_try_at": one.page_next_try_at,
            "bucket": bucket_of(one.article.url),
        }
        for one in new
    ]
    numbers = article_numbers(conn, len(rows))
    insert_rows(conn, articles, [{"id": number, **row} for row, number in zip(rows, numbers, strict=True)])
    return numbers


def add_addresses(conn: Connection, given: Iterable[tuple[int, bytes | None, str]]) -> None:
    """Let articles be found under addresses; one that belongs to another article stays with it."""
    rows = [
        {"hash": key, "article_id": number, "url": storable(url)}
        for number, key, url in given
        if key is not None
    ]
    insert_rows(conn, addresses, rows, skip=True)


def articles_at(conn: Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    """Address hash -> article number, for those that are known."""
    wanted = list(dict.fromkeys(keys))
    return dict(rows_among(conn, addresses, ("hash", "article_id"), "hash", wanted))


def add_versions(conn: Connection, versions: Sequence[NewVersion]) -> None:
    """Write version rows and make each its article's current one."""
    insert_rows(conn, revisions, [_version_row(one) for one in versions])


def _version_row(one: NewVersion) -> dict[str, Any]:
    encoded = encode(one.article)
    return {
        "article_id": one.article_id,
        "number": one.number,
        "source": one.source,
        "saved": one.saved,
        "fetched": one.fetched,
        "content_hash": content_hash(encoded),
        "record": compress(encoded),
        "entry": None if one.entry is None else compress(encode(one.entry)),
        "snapshot_hash": one.snapshot,
        "title": storable(one.article.title),
        "words": count_words(one.article.text) if one.words is None else one.words,
        "completeness": one.article.completeness.kind,
        "reason": storable(one.reason),
    }


def make_current(conn: Connection, one: NewVersion, current: Current) -> None:
    """Add a version and show it in lists from now on; the article keeps its place unless undated before."""
    unindex(conn, [one.article_id])
    add_versions(conn, [one])
    at = list_time(one.article, current.row["first_seen"])
    values = _shown(one.article) | {"revision": one.number, "sort_at": at, "images_at": None}
    conn.execute(update(articles).where(articles.c.id == one.article_id).values(**values))
    if at != current.row["sort_at"]:
        for table in (items, sightings):
            conn.execute(update(table).where(table.c.article_id == one.article_id).values(sort_at=at))
    index_stored(conn, [one.article_id])
    if one.source != "replay":  # which must be taken back to the byte
        mute_again(conn, one.article_id, one.saved)


def current_version(conn: Connection, article_id: int) -> Current:
    """An article's current version, its row locked for writing. Raises NotFound."""
    lock = select(articles).where(articles.c.id == article_id).with_for_update()
    row = conn.execute(lock).mappings().first()
    if row is None:
        raise no_article(article_id)
    query = select(revisions.c.number, revisions.c.source, revisions.c.record)
    mine = query.where(revisions.c.article_id == article_id, revisions.c.number == row["revision"])
    found = conn.execute(mine).one()
    article = decode_article(decompress(found.record))
    return Current(row=row, number=found.number, source=found.source, article=article)


def no_article(article_id: int) -> NotFound:
    return NotFound(f"There is no article {article_id}.")


def next_number(conn: Connection, article_id: int) -> int:
    """The number of an article's next version; the publisher's own count from 1."""
    newest = select(func.max(revisions.c.number)).where(revisions.c.article_id == article_id)
    return max(1, (conn.execute(newest).scalar() or 0) + 1)


def observe(conn: Connection, article_id: int, at: datetime, **seen: Any) -> None:
    """Write down one look at an article's page."""
    conn.execute(insert(observations), {"article_id": article_id, "at": at} | seen)


def deliver(
    conn: Connection, user: int, article_ids: Sequence[int], now: datetime, *, mute: bool = True
) -> int:
    """Give a user the items they lack, numbered in the order given. Returns how many.

    mute: what the user's rules mute is delivered as read, with the reason.
    The counter's row stays locked until the transaction ends, so that numbers become visible in
    their own order; this is therefore the last step of a write.
    """
    known = {
        number
        for (number,) in rows_among(conn, items, ("article_id",), "article_id", article_ids, user_id=user)
    }
    missing = [number for number in dict.fromkeys(article_ids) if number not in known]
    if missing:
        muted = reasons(conn, user, missing) if mute else {}
        first = _take_numbers(conn, len(missing))
        insert_rows(conn, items, _item_rows(conn, user, missing, first, now, muted))
    return len(missing)


def _take_numbers(conn: Connection, count: int) -> int:
    taken = update(counters).where(counters.c.name == "items").values(value=counters.c.value + count)
    return int(conn.execute(taken.returning(counters.c.value)).scalar_one()) - count + 1


def _item_rows(
    conn: Connection,
    user: int,
    numbers: Sequence[int],
    first: int,
    now: datetime,
    muted: Mapping[int, str],
) -> list[dict[str, Any]]:
    times = dict(rows_among(conn, articles, ("id", "sort_at"), "id", numbers))
    return [
        {
            "id": first + place,
            "user_id": user,
            "article_id": number,
            "sort_at": from_microseconds(times[number]),
            "delivered": now,
            "read": number in muted,
            "read_at": now if number in muted else None,
            "starred": False,
            "muted": muted.get(number),
        }
        for place, number in enumerate(numbers)
    ]


def erase(conn: Connection, article_ids: Sequence[int]) -> int:
    """Erase articles with versions, marks and the snapshots that nothing else needs."""
    erased = 0
    for start in range(0, len(article_ids), CHUNK):
        part = article_ids[start : start + CHUNK]
        held = select(revisions.c.snapshot_hash).where(
            revisions.c.article_id.in_(part), revisions.c.snapshot_hash.is_not(None)
        )
        pages = list(conn.execute(held.distinct()).scalars())
        unindex(conn, part)
        erased += conn.execute(delete(articles).where(articles.c.id.in_(part))).rowcount
        release_snapshots(conn, pages)
    return erased


def known_addresses(article: Article, page: Page) -> list[tuple[bytes | None, str]]:
    """The addresses under which a page turned out to be known: asked for, ended at, canonical."""
    urls = (article.url, article.canonical_url, page.url, page.final_url)
    return [(address_key(url), url) for url in dict.fromkeys(urls) if url]
