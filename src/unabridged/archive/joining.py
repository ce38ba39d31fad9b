"""One article under two addresses, noticed only when its page is read: its lists show it once from then on.

Nothing is erased and no number changes. The article that its page's canonical address belongs to takes the
other's feeds, entries and addresses over; the other keeps its versions and its permalink, is looked at no
more, and is set aside in every list as an article that a rule mutes: read, with the reason.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from unabridged.archive.codec import storable
from unabridged.archive.keys import address_key
from unabridged.archive.revisions import is_same_story
from unabridged.archive.rows import insert_rows
from unabridged.archive.schema import addresses, articles, entries, items, sightings
from unabridged.archive.schema_library import item_tags
from unabridged.archive.versions import articles_at, current_version, deliver, observe
from unabridged.model import Article, Page


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
    reason = storable(f"it is the same article as number {other}, {kept.row['url']}")
    if _hand_over(conn, article_id, other):
        observe(
            conn,
            article_id,
            now,
            kind="same",
            reason=reason,
            url=storable(page.final_url),
            status=page.status,
        )
    unseen = {"page_next_try_at": None}
    conn.execute(update(articles).where(articles.c.id == article_id).values(**unseen))
    _set_aside(conn, article_id, other, reason, now)


def _hand_over(conn: Connection, article_id: int, other: int) -> bool:
    """Let feeds and addresses lead to the other article. Whether anything led elsewhere before.

    The sightings are copied: by its own the article still goes when its feed's articles do.
    """
    changed = 0
    for table in (entries, addresses):
        theirs = update(table).where(table.c.article_id == article_id).values(article_id=other)
        changed += conn.execute(theirs).rowcount
    [at] = conn.execute(select(articles.c.sort_at).where(articles.c.id == other)).scalars()
    query = select(sightings).where(sightings.c.article_id == article_id)
    seen = [{**row, "article_id": other, "sort_at": at} for row in conn.execute(query).mappings()]
    insert_rows(conn, sightings, seen, skip=True)
    return changed > 0


def _set_aside(conn: Connection, article_id: int, other: int, reason: str, now: datetime) -> None:
    """Show the readers of an article the other one instead; what they starred or tagged stays theirs."""
    tagged = select(item_tags.c.item_id).where(item_tags.c.item_id == items.c.id).exists()
    plain = (items.c.muted.is_(None), items.c.starred.is_(False), ~tagged)
    query = select(items.c.user_id, items.c.read).where(items.c.article_id == article_id, *plain)
    readers = {row.user_id: bool(row.read) for row in conn.execute(query.order_by(items.c.user_id))}
    aside = {"muted": reason, "read": True, "changed": now}
    mine = (items.c.article_id == article_id) & items.c.user_id.in_(list(readers))
    conn.execute(update(items).where(mine, items.c.read.is_(False)).values(read_at=now))
    conn.execute(update(items).where(mine).values(**aside))
    for user in readers:
        deliver(conn, user, [other], now)
    _mark_read(conn, other, (user for user, read in readers.items() if read), now)


def _mark_read(conn: Connection, article_id: int, users: Iterable[int], now: datetime) -> None:
    """Who read the one has read the other."""
    theirs = (items.c.article_id == article_id) & items.c.user_id.in_(list(users)) & items.c.read.is_(False)
    conn.execute(update(items).where(theirs).values(read=True, read_at=now, changed=now))
