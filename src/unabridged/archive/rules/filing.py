"""Filing of articles when they come and when their text changes: set aside by rules, into saved searches."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from unabridged.archive.records.rules import Rule
from unabridged.archive.rules import saved_searches
from unabridged.archive.rules.subjects import prepared, rules_of, subjects
from unabridged.archive.rules.verdicts import reason_of
from unabridged.archive.storage.tables import items
from unabridged.archive.storage.tables_library import item_tags
from unabridged.archive.storage.tables_rules import rules
from unabridged.archive.storage.tables_rules import saved_searches as searches


def file_new(
    conn: Connection, user: int, article_ids: Sequence[int], now: datetime, *, mute: bool
) -> dict[int, str]:
    """File articles that come to a user. Returns the reasons for those that rules set aside.

    mute: rules are applied; without it nothing is set aside.
    """
    known: tuple[Rule, ...] = rules_of(conn, user) if mute else ()
    wanted = saved_searches.prepared_searches(conn, user)
    if not known and not wanted:
        return {}
    ready = prepared(conn, user, known, now)
    reasons: dict[int, str] = {}
    rows: list[dict[str, Any]] = []
    for number, subject in subjects(conn, user, article_ids):
        reason = reason_of(ready, subject)
        if reason is not None:
            reasons[number] = reason
        rows += saved_searches.memberships(wanted, number, subject)
    saved_searches.add_articles(conn, rows)
    return reasons


def refile(conn: Connection, article_id: int, now: datetime, *, mute: bool) -> None:
    """File an article whose text changed, for everybody who has rules or saved searches.

    mute: rules are applied to those who have not read it.
    """
    ruled = select(rules.c.user_id).where(rules.c.user_id == items.c.user_id).exists()
    searching = select(searches.c.user_id).where(searches.c.user_id == items.c.user_id).exists()
    query = select(items.c.user_id, items.c.read, items.c.muted, items.c.starred, items.c.id)
    for row in conn.execute(query.where(items.c.article_id == article_id, ruled | searching)).all():
        unread = not row.read and row.muted is None and not row.starred
        applied = mute and unread and not is_tagged(conn, row.id)
        saved_searches.take_out(conn, saved_searches.prepared_searches(conn, row.user_id), [article_id])
        reason = file_new(conn, row.user_id, [article_id], now, mute=applied).get(article_id)
        if reason is not None:
            set_aside(conn, row.user_id, article_id, reason, now)


def is_tagged(conn: Connection, item_id: int) -> bool:
    tagged = select(item_tags.c.tag_id).where(item_tags.c.item_id == item_id).limit(1)
    return conn.execute(tagged).first() is not None


def refile_for(conn: Connection, user: int, article_ids: Sequence[int], names: Iterable[str]) -> None:
    """File articles again into a user's saved searches that have conditions of these names (feed, tag)."""
    wanted = saved_searches.prepared_searches(conn, user, names=frozenset(names))
    if wanted:
        saved_searches.take_out(conn, wanted, article_ids)
        for number, subject in subjects(conn, user, article_ids):
            saved_searches.add_articles(conn, saved_searches.memberships(wanted, number, subject))


def set_aside(conn: Connection, user: int, article_id: int, reason: str, now: datetime) -> None:
    """Set an article aside: it is read, with the reason."""
    mine = (items.c.user_id == user) & (items.c.article_id == article_id)
    muted = {"read": True, "read_at": now, "muted": reason, "changed": now}
    conn.execute(update(items).where(mine).values(**muted))
