"""Rows of articles and their versions: adding articles, versions and items, deleting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from unabridged.archive.analysis.keys import remove_keys
from unabridged.archive.analysis.queue import enqueue
from unabridged.archive.analysis.shared_marks import mark_late
from unabridged.archive.analysis.story_index import remove_from_stories
from unabridged.archive.articles.edits import is_edit
from unabridged.archive.raw_pages.store import release_snapshots
from unabridged.archive.records.core import RevisionSource
from unabridged.archive.records.encoding import decode_article, encode, storable
from unabridged.archive.records.events import EventKind, NewEvent
from unabridged.archive.rules.filing import file_new, refile
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.bulk_rows import article_numbers, insert_rows, rows_among
from unabridged.archive.storage.codec import compress, content_hash, decompress
from unabridged.archive.storage.identity import address_key, bucket_of
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.row_decoding import article_of
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
from unabridged.archive.storage.tables_events import events
from unabridged.archive.storage.tables_rules import search_items
from unabridged.errors import NotFound
from unabridged.model import Article, Entry, Page
from unabridged.text.words import count_words

SUMMARY_CHARACTERS = 400
"""Characters of its text that a list shows of an article without a summary."""

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """Article to add. page_next_try_at: when its page is due; None: never.

    words: number of words of its text, if known; counting takes a fifth of the time of saving.
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
    """Version to add. saved: now. fetched, snapshot: time and hash of its page, if it has one.

    words: number of words of its text, if known. edit: it is an edit by the publisher. origin: address at the
    web archive that its page comes from.
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
    edit: bool = False
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentVersion:
    """Current version of an article, with the article's row. snapshot: hash of its page, if it has one."""

    row: RowMapping
    number: int
    source: RevisionSource
    article: Article
    snapshot: bytes | None = None


def sort_time(article: Article, first_seen: datetime) -> datetime:
    """Return the time that sorts lists: the publisher's, but not later than the article was first seen.

    The feed's date comes before that of the page, which may have another one on every day.
    """
    claimed = _feed_time(article) or article.published or article.modified
    return first_seen if claimed is None else min(claimed, first_seen)


def _feed_time(article: Article) -> datetime | None:
    """Return the time that the feed claims, for the publication or else for the last change."""
    times = {clock.kind: clock.at for clock in reversed(article.clocks) if clock.origin == "feed"}
    return times.get("published") or times.get("modified")


def _list_columns(article: Article, words: int | None = None) -> dict[str, Any]:
    """Return the columns of an article's row that lists show of a version."""
    return {
        "title": storable(article.title),
        "summary": storable(article.summary.strip() or _excerpt(article.text)),
        "authors": orjson.dumps([storable(name) for name in article.authors]).decode(),
        "lead_image": article.lead_image and storable(article.lead_image),
        "language": article.language and storable(article.language),
        "words": count_words(article.text) if words is None else words,
        "published": None if article.published is None else article.published.isoformat(),
    }


def _excerpt(text: str) -> str:
    flat = " ".join(text[: 2 * SUMMARY_CHARACTERS].split())
    return flat if len(flat) <= SUMMARY_CHARACTERS else flat[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0] + "…"


def add_articles(conn: Connection, new: Sequence[NewArticle]) -> list[int]:
    """Add articles; returns their ids in the order given."""
    if not new:
        return []
    rows = [
        _list_columns(one.article, one.words)
        | {
            "url": storable(one.article.url),
            "sort_at": sort_time(one.article, one.first_seen),
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
    enqueue(conn, numbers)
    return numbers


def add_addresses(conn: Connection, given: Iterable[tuple[int, bytes | None, str]]) -> None:
    """Add addresses (article id, hash, URL) of articles; one of another article stays with that article."""
    rows = [
        {"hash": key, "article_id": number, "url": storable(url)}
        for number, key, url in given
        if key is not None
    ]
    insert_rows(conn, addresses, rows, skip=True)


def article_ids_at(conn: Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    """Map address hashes to article ids, for known addresses."""
    wanted = list(dict.fromkeys(keys))
    return dict(rows_among(conn, addresses, ("hash", "article_id"), "hash", wanted))


def add_versions(conn: Connection, versions: Sequence[NewVersion]) -> None:
    """Add version rows; the articles' rows stay as they are."""
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
        "edit": int(one.edit),
        "origin": one.origin and storable(one.origin),
    }


def make_current(conn: Connection, one: NewVersion, current: CurrentVersion) -> bool:
    """Add a version and make it the article's current one. Returns whether it is an edit by the publisher.

    An edit is marked and counted. The article moves in lists if its date changed, unless a feed dated it and
    the version is not the feed's.
    """
    unindex(conn, [one.article_id])
    same_page = one.snapshot is not None and one.snapshot == current.snapshot
    edit = is_edit((current.source, current.article), (one.source, one.article), same_page=same_page)
    add_versions(conn, [replace(one, edit=edit)])
    at = sort_time(one.article, current.row["first_seen"])
    if one.source != "feed" and (dated := _dated_by_feed(conn, one.article_id)) is not None:
        at = sort_time(dated, current.row["first_seen"])
    values = _list_columns(one.article) | {"revision": one.number, "sort_at": at, "images_at": None}
    if edit:
        values |= {"edits": current.row["edits"] + 1, "edited": one.fetched or one.saved}
    conn.execute(update(articles).where(articles.c.id == one.article_id).values(**values))
    if at != current.row["sort_at"]:
        for table in (items, sightings, search_items):
            conn.execute(update(table).where(table.c.article_id == one.article_id).values(sort_at=at))
    index_stored(conn, [one.article_id])
    enqueue(conn, [one.article_id])
    if (kind := _event_kind(one, current, edit)) is not None:
        note_event(conn, _event(kind, one, current))
    # an undone replay must leave nothing behind that a rule did
    refile(conn, one.article_id, one.saved, mute=one.source != "replay")
    return edit


def _event_kind(one: NewVersion, current: CurrentVersion, edit: bool) -> EventKind | None:
    """Return the kind of event that a new current version is: an edit, or the first whole text."""
    if edit:
        return "article.changed"
    fetched = one.source in ("page", "archive") and one.article.completeness.whole
    was_whole = current.source != "feed" and current.article.completeness.whole
    return "article.whole" if fetched and not was_whole else None


def new_article(number: int, feed: int | None, revision: int, article: Article, at: datetime) -> NewEvent:
    """Return the event of a new article. revision: its first version."""
    details = {"completeness": article.completeness.kind}
    return NewEvent(kind="article.new", at=at, feed=feed, article=number, after=revision, details=details)


def _event(kind: EventKind, one: NewVersion, current: CurrentVersion) -> NewEvent:
    return NewEvent(
        kind=kind,
        at=one.saved,
        feed=current.row["feed_id"],
        article=one.article_id,
        before=current.number,
        after=one.number,
        details={"reason": one.reason},
    )


def _dated_by_feed(conn: Connection, article_id: int) -> Article | None:
    """Return the newest of the feed's own texts of an article if it has a date."""
    theirs = (revisions.c.article_id == article_id) & (revisions.c.source == "feed")
    newest = select(revisions.c.record).where(theirs).order_by(revisions.c.number.desc()).limit(1)
    record = conn.execute(newest).scalar()
    if record is None:
        return None
    article = article_of(record, f"the feed's text of article {article_id}")
    return article if article and (article.published or article.modified) else None


def current_version(conn: Connection, article_id: int) -> CurrentVersion:
    """Return an article's current version and lock its row for writing. Raises NotFound."""
    lock = select(articles).where(articles.c.id == article_id).with_for_update()
    row = conn.execute(lock).mappings().first()
    if row is None:
        raise article_not_found(article_id)
    columns = (revisions.c.number, revisions.c.source, revisions.c.record, revisions.c.snapshot_hash)
    query = select(*columns)
    mine = query.where(revisions.c.article_id == article_id, revisions.c.number == row["revision"])
    found = conn.execute(mine).one()
    article = decode_article(decompress(found.record))
    return CurrentVersion(
        row=row,
        number=found.number,
        source=found.source,
        article=article,
        snapshot=found.snapshot_hash,
    )


def article_not_found(article_id: int) -> NotFound:
    return NotFound(f"There is no article {article_id}.")


def next_version_number(conn: Connection, article_id: int) -> int:
    """Return the number of an article's next version: at least 1, as 0 is the feed's text."""
    newest = select(func.max(revisions.c.number)).where(revisions.c.article_id == article_id)
    return max(1, (conn.execute(newest).scalar() or 0) + 1)


def add_observation(conn: Connection, article_id: int, at: datetime, **seen: Any) -> None:
    """Record one fetch of an article's page."""
    conn.execute(insert(observations), {"article_id": article_id, "at": at} | seen)


def deliver(
    conn: Connection, user: int, article_ids: Sequence[int], now: datetime, *, mute: bool = True
) -> int:
    """Add the items that a user does not have yet, numbered in the order given. Returns how many.

    mute: articles that the user's rules set aside are delivered as read, with the reason.
    The counter's row stays locked until the transaction ends, so that item numbers become visible in
    ascending order; therefore this should be the last step of a write.
    """
    known = {
        number
        for (number,) in rows_among(conn, items, ("article_id",), "article_id", article_ids, user_id=user)
    }
    missing = [number for number in dict.fromkeys(article_ids) if number not in known]
    if missing:
        muted = file_new(conn, user, missing, now, mute=mute)
        first = _reserve_item_ids(conn, len(missing))
        insert_rows(conn, items, _item_rows(conn, user, missing, first, now, muted))
        mark_late(conn, missing, now)
    return len(missing)


def deliver_newest(conn: Connection, user: int, feed_ids: Sequence[int], now: datetime) -> None:
    """Deliver the newest articles that the archive has of feeds to a user who subscribes to them."""
    held: list[int] = []
    for start in range(0, len(feed_ids), CHUNK):
        part = sightings.c.feed_id.in_(feed_ids[start : start + CHUNK])
        held += conn.execute(select(sightings.c.feed_id).where(part).distinct()).scalars()
    for feed_id in held:
        of_feed = select(sightings.c.article_id).where(sightings.c.feed_id == feed_id)
        newest = of_feed.order_by(sightings.c.sort_at.desc(), sightings.c.article_id.desc()).limit(NEWEST)
        deliver(conn, user, sorted(conn.execute(newest).scalars()), now)


NEWEST = 50
"""Articles of a feed that a new subscriber gets."""


def _reserve_item_ids(conn: Connection, count: int) -> int:
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


def delete_article_rows(conn: Connection, article_ids: Sequence[int]) -> int:
    """Delete articles with versions, marks and raw pages that nothing else uses. Returns how many."""
    deleted = 0
    for start in range(0, len(article_ids), CHUNK):
        part = article_ids[start : start + CHUNK]
        held = select(revisions.c.snapshot_hash).where(
            revisions.c.article_id.in_(part), revisions.c.snapshot_hash.is_not(None)
        )
        pages = list(conn.execute(held.distinct()).scalars())
        unindex(conn, part)
        remove_keys(conn, part)
        remove_from_stories(conn, part)
        conn.execute(delete(events).where(events.c.article_id.in_(part)))
        deleted += conn.execute(delete(articles).where(articles.c.id.in_(part))).rowcount
        release_snapshots(conn, pages)
    return deleted


def page_addresses(article: Article, page: Page) -> list[tuple[bytes | None, str]]:
    """Return the addresses of a page with their hashes: the article's, canonical, requested and final."""
    urls = (article.url, article.canonical_url, page.url, page.final_url)
    return [(address_key(url), url) for url in dict.fromkeys(urls) if url]
