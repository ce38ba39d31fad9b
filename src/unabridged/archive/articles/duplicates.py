"""Merge an article with its duplicate under another URL, once its page names the other as canonical.

The article at the page's canonical address takes over the duplicate's feeds, entries, addresses and marks.
The duplicate keeps its number, versions and permalink and points to the other article (`same_as`); no list
and no index has it, its page is not fetched again, and it is deleted together with the other article. Its
items, which reader apps may hold, are muted as by a rule: marked read, with the reason.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from unabridged.archive.analysis.queue import enqueue
from unabridged.archive.articles.version_policy import is_same_story
from unabridged.archive.articles.versions import (
    CHUNK,
    add_observation,
    article_ids_at,
    current_version,
    deliver,
)
from unabridged.archive.records.encoding import storable
from unabridged.archive.rules.filing import refile
from unabridged.archive.search_index.writer import unindex
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.identity import address_key
from unabridged.archive.storage.tables import (
    LISTED,
    addresses,
    articles,
    entries,
    items,
    observations,
    sightings,
)
from unabridged.archive.storage.tables_library import highlights, item_tags, positions
from unabridged.model import Article, Page

_SAID = "it is the same article as number "
_RECORDED = re.compile(rf"{_SAID}(\d{{1,18}}), ")


def resolve_duplicates(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    """Return article ids without repetition, those of duplicates replaced by the article they belong to."""
    same_as: dict[int, int] = {}
    for start in range(0, len(article_ids), CHUNK):
        part = articles.c.id.in_(article_ids[start : start + CHUNK])
        same_as.update(conn.execute(select(articles.c.id, articles.c.same_as).where(part, ~LISTED)).all())
    return list(dict.fromkeys(same_as.get(number, number) for number in article_ids))


def duplicates_of(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    """Return the ids of the duplicates that were merged into these articles."""
    found: list[int] = []
    for start in range(0, len(article_ids), CHUNK):
        part = articles.c.same_as.in_(article_ids[start : start + CHUNK])
        found += conn.execute(select(articles.c.id).where(part).order_by(articles.c.id)).scalars()
    return found


def merge_known_duplicate(
    conn: Connection, article_id: int, article: Article, page: Page, now: datetime
) -> None:
    """Merge an article, whose page was just saved, into the one at the address that the page names.

    A page may name a wrong address (its section, the previous article): the two stay separate unless both
    are full, with nearly the same text and title.
    """
    keys = [key for url in (article.canonical_url, page.final_url) if (key := address_key(url)) is not None]
    known = article_ids_at(conn, keys)
    other = next((known[key] for key in keys if known.get(key, article_id) != article_id), None)
    if other is None:
        return
    target = current_version(conn, other)
    if not is_same_story(target.article, article):
        return
    reason = storable(f"{_SAID}{other}, {target.row['url']}")
    seen = {"url": storable(page.final_url), "status": page.status}
    add_observation(conn, article_id, now, kind="same", reason=reason, **seen)
    _merge(conn, article_id, other, reason, now)


def merge_articles(conn: Connection, article_id: int, other: int, why: str, now: datetime) -> None:
    """Merge an article into another one, which is known to be the same. why: recorded as its history."""
    target = current_version(conn, other)
    url = current_version(conn, article_id).row["url"]
    reason = storable(f"{_SAID}{other}, {target.row['url']}")
    add_observation(conn, article_id, now, kind="same", reason=storable(f"{reason} ({why})"), url=url)
    _merge(conn, article_id, other, reason, now)


def merge_recorded_duplicates(conn: Connection) -> None:
    """Merge duplicates that an earlier schema recorded only as observations."""
    query = select(observations.c.article_id, observations.c.at, observations.c.reason)
    query = query.where(observations.c.kind == "same", observations.c.reason.like(f"{_SAID}%"))
    for row in conn.execute(query.order_by(observations.c.id)).all():
        match = _RECORDED.match(row.reason)
        target = match and conn.execute(select(articles.c.id).where(articles.c.id == int(match[1]))).scalar()
        if target is None:
            continue
        [merged], [own] = resolve_duplicates(conn, [target]), resolve_duplicates(conn, [row.article_id])
        if own == row.article_id != merged:
            _merge(conn, own, merged, row.reason, row.at)


def _merge(conn: Connection, article_id: int, other: int, reason: str, now: datetime) -> None:
    unindex(conn, [article_id])
    enqueue(conn, [article_id])
    mine = (articles.c.id == article_id) | (articles.c.same_as == article_id)
    conn.execute(update(articles).where(mine).values(same_as=other, page_next_try_at=None))
    _move_feeds_and_addresses(conn, article_id, other)
    _move_items(conn, article_id, other, reason, now)
    _move_highlights(conn, article_id, other)
    _move_positions(conn, article_id, other)
    refile(conn, other, now, mute=False)


def _move_highlights(conn: Connection, article_id: int, other: int) -> None:
    """Move the highlights whose words the other article has; the rest stays with the version they are in."""
    mine = select(highlights.c.id, highlights.c.exact).where(highlights.c.article_id == article_id)
    rows = conn.execute(mine).all()
    if not rows:
        return
    target = current_version(conn, other)
    text = " ".join(target.article.text.split())
    moved = [row.id for row in rows if row.exact in text]
    place = {"article_id": other, "number": target.number}
    conn.execute(update(highlights).where(highlights.c.id.in_(moved)).values(**place))


def _move_positions(conn: Connection, article_id: int, other: int) -> None:
    """Move the places where people stopped to listen; one that the other article has counts."""
    mine = positions.c.article_id == article_id
    rows = [{**row, "article_id": other} for row in conn.execute(select(positions).where(mine)).mappings()]
    insert_rows(conn, positions, rows, skip=True)
    conn.execute(delete(positions).where(mine))


def _move_feeds_and_addresses(conn: Connection, article_id: int, other: int) -> None:
    """Move feed entries, sightings and addresses to the other article."""
    for table in (entries, addresses):
        theirs = update(table).where(table.c.article_id == article_id)
        conn.execute(theirs.values(article_id=other))
    [at] = conn.execute(select(articles.c.sort_at).where(articles.c.id == other)).scalars()
    query = select(sightings).where(sightings.c.article_id == article_id)
    seen = [{**row, "article_id": other, "sort_at": at} for row in conn.execute(query).mappings()]
    insert_rows(conn, sightings, seen, skip=True)
    conn.execute(delete(sightings).where(sightings.c.article_id == article_id))


def _move_items(conn: Connection, article_id: int, other: int, reason: str, now: datetime) -> None:
    """Deliver the other article to users who have this one, with their marks, and mute this one."""
    mine = items.c.article_id == article_id
    existing = conn.execute(select(items).where(mine).order_by(items.c.user_id)).all()
    for row in existing:
        deliver(conn, row.user_id, [other], now)
        theirs = (items.c.user_id == row.user_id) & (items.c.article_id == other)
        if row.read and row.muted is None:
            read = {"read": True, "read_at": now, "changed": now}
            conn.execute(update(items).where(theirs, items.c.read.is_(False)).values(**read))
        if row.starred:
            starred = {"starred": True, "starred_at": row.starred_at, "changed": now}
            conn.execute(update(items).where(theirs, items.c.starred.is_(False)).values(**starred))
        [item] = conn.execute(select(items.c.id).where(theirs)).scalars()
        _move_tags(conn, row.id, item)
    aside = {"starred": False, "starred_at": None, "changed": now}
    conn.execute(update(items).where(mine, items.c.read.is_(False)).values(read=True, read_at=now))
    conn.execute(update(items).where(mine, items.c.muted.is_(None)).values(muted=reason))
    conn.execute(update(items).where(mine).values(**aside))


def _move_tags(conn: Connection, item_id: int, other: int) -> None:
    mine = item_tags.c.item_id == item_id
    named = conn.execute(select(item_tags.c.tag_id).where(mine)).scalars().all()
    if named:
        rows = [{"tag_id": tag, "item_id": other} for tag in named]
        conn.execute(insert_or_skip(conn, item_tags), rows)
        conn.execute(delete(item_tags).where(mine))
