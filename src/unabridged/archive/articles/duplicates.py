"""One article under two addresses, noticed only when its page is read: it is one everywhere from then on.

The article that its page's canonical address belongs to takes the other's feeds, entries, addresses and
marks over. The other one keeps its number, its versions and its permalink and says whose they are
(`same_as`); it is in no list and no index, is looked at no more, and goes when the one that is kept goes.
Its items, which reader apps may hold, are set aside as what a rule mutes is: read, with the reason.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from unabridged.archive.articles.version_policy import is_same_story
from unabridged.archive.articles.versions import CHUNK, articles_at, current_version, deliver, observe
from unabridged.archive.records.encoding import storable
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
from unabridged.archive.storage.tables_library import item_tags
from unabridged.model import Article, Page

_SAID = "it is the same article as number "
_RECORDED = re.compile(rf"{_SAID}(\d{{1,18}}), ")


def kept_numbers(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    """The numbers of articles, each once, with those of the kept ones in place of those joined to them."""
    kept: dict[int, int] = {}
    for start in range(0, len(article_ids), CHUNK):
        part = articles.c.id.in_(article_ids[start : start + CHUNK])
        kept.update(conn.execute(select(articles.c.id, articles.c.same_as).where(part, ~LISTED)).all())
    return list(dict.fromkeys(kept.get(number, number) for number in article_ids))


def joined_to(conn: Connection, article_ids: Sequence[int]) -> list[int]:
    """The numbers of the articles that were joined to these."""
    found: list[int] = []
    for start in range(0, len(article_ids), CHUNK):
        part = articles.c.same_as.in_(article_ids[start : start + CHUNK])
        found += conn.execute(select(articles.c.id).where(part).order_by(articles.c.id)).scalars()
    return found


def join_known(conn: Connection, article_id: int, article: Article, page: Page, now: datetime) -> None:
    """Join an article, of which this page was just believed, to the one at the address that it names.

    A page may name a wrong address (its section, the article before it): the two stay apart unless their
    texts agree closely, each whole and under much the same title.
    """
    keys = [key for url in (article.canonical_url, page.final_url) if (key := address_key(url)) is not None]
    known = articles_at(conn, keys)
    other = next((known[key] for key in keys if known.get(key, article_id) != article_id), None)
    if other is None:
        return
    kept = current_version(conn, other)
    if not is_same_story(kept.article, article):
        return
    reason = storable(f"{_SAID}{other}, {kept.row['url']}")
    seen = {"url": storable(page.final_url), "status": page.status}
    observe(conn, article_id, now, kind="same", reason=reason, **seen)
    _join(conn, article_id, other, reason, now)


def join_recorded(conn: Connection) -> None:
    """Finish what earlier schemas began: articles that were joined then, by what was written down of it."""
    query = select(observations.c.article_id, observations.c.at, observations.c.reason)
    query = query.where(observations.c.kind == "same", observations.c.reason.like(f"{_SAID}%"))
    for row in conn.execute(query.order_by(observations.c.id)).all():
        match = _RECORDED.match(row.reason)
        there = match and conn.execute(select(articles.c.id).where(articles.c.id == int(match[1]))).scalar()
        if there is None:
            continue
        [kept], [own] = kept_numbers(conn, [there]), kept_numbers(conn, [row.article_id])
        if own == row.article_id != kept:
            _join(conn, own, kept, row.reason, row.at)


def _join(conn: Connection, article_id: int, other: int, reason: str, now: datetime) -> None:
    unindex(conn, [article_id])
    mine = (articles.c.id == article_id) | (articles.c.same_as == article_id)
    conn.execute(update(articles).where(mine).values(same_as=other, page_next_try_at=None))
    _hand_over(conn, article_id, other)
    _set_aside(conn, article_id, other, reason, now)


def _hand_over(conn: Connection, article_id: int, other: int) -> None:
    """Let feeds and addresses lead to the other article."""
    for table in (entries, addresses):
        theirs = update(table).where(table.c.article_id == article_id)
        conn.execute(theirs.values(article_id=other))
    [at] = conn.execute(select(articles.c.sort_at).where(articles.c.id == other)).scalars()
    query = select(sightings).where(sightings.c.article_id == article_id)
    seen = [{**row, "article_id": other, "sort_at": at} for row in conn.execute(query).mappings()]
    insert_rows(conn, sightings, seen, skip=True)
    conn.execute(delete(sightings).where(sightings.c.article_id == article_id))


def _set_aside(conn: Connection, article_id: int, other: int, reason: str, now: datetime) -> None:
    """Give the readers of an article the other one instead, with what they did with it."""
    mine = items.c.article_id == article_id
    had = conn.execute(select(items).where(mine).order_by(items.c.user_id)).all()
    for row in had:
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
