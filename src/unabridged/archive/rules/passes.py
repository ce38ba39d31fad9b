"""Application of a user's rules to what is there, in steps: a pass over their items, newest first.

A pass sets unread articles aside and brings back those that no rule sets aside any more. Every change of a
rule starts it anew; interrupted, it goes on where it was.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from unabridged.archive.feeds.unread_counts import count_unread
from unabridged.archive.records.rules import RulePass
from unabridged.archive.rules.filing import set_aside
from unabridged.archive.rules.subjects import prepared, rules_of, subjects
from unabridged.archive.rules.verdicts import reason_of
from unabridged.archive.storage.tables import LISTED, articles, items
from unabridged.archive.storage.tables_library import item_tags
from unabridged.archive.storage.tables_rules import rule_passes

STEP = 200
"""Articles that are matched in one transaction; other writers wait for it, half a second."""

BACK_UNREAD = timedelta(days=30)
"""Articles that come back are unread if they came in this time; older ones stay read."""

_EVERYTHING = 2**62


def start(conn: Connection, user: int, now: datetime) -> None:
    """Start a pass, in place of one that is not finished, and do its first step.

    Its length is about that of the unread articles, which are counted in no time.
    """
    total = count_unread(conn, user)
    conn.execute(delete(rule_passes).where(rule_passes.c.user_id == user))
    row = {"user_id": user, "before": _EVERYTHING, "checked": 0, "of": total}
    conn.execute(insert(rule_passes), row)
    step(conn, user, now)


def state(conn: Connection, user: int) -> RulePass | None:
    """Return the pass of a user that is not finished, None if there is none."""
    row = conn.execute(select(rule_passes).where(rule_passes.c.user_id == user)).first()
    return None if row is None else RulePass(checked=row.checked, of=max(row.of, row.checked))


def unfinished(conn: Connection) -> int | None:
    """Return a user whose pass is not finished, None if there is none."""
    found: int | None = conn.execute(select(rule_passes.c.user_id).limit(1)).scalar()
    return found


def step(conn: Connection, user: int, now: datetime) -> bool:
    """Do a step of a user's pass; returns whether more is left."""
    lock = select(rule_passes).where(rule_passes.c.user_id == user).with_for_update()
    current = conn.execute(lock).first()
    if current is None:
        return False
    columns = (items.c.id, items.c.article_id, items.c.muted, items.c.delivered)
    query = select(*columns).join(articles, articles.c.id == items.c.article_id)
    query = query.where(*_waiting(user), items.c.id < current.before)
    rows = conn.execute(query.order_by(items.c.id.desc()).limit(STEP)).all()
    numbers = [row.article_id for row in rows]
    ready = prepared(conn, user, rules_of(conn, user), now)
    known = dict(subjects(conn, user, numbers)) if ready else {}
    for row in rows:
        subject = known.get(row.article_id)
        reason = None if subject is None else reason_of(ready, subject)
        if reason is not None and row.muted is None:
            set_aside(conn, user, row.article_id, reason, now)
        elif reason != row.muted:
            _change(conn, row.id, reason, is_recent=now - row.delivered <= BACK_UNREAD, now=now)
    if len(rows) < STEP:
        conn.execute(delete(rule_passes).where(rule_passes.c.user_id == user))
        return False
    progress = {"before": rows[-1].id, "checked": current.checked + len(rows)}
    conn.execute(update(rule_passes).where(rule_passes.c.user_id == user).values(**progress))
    return True


def _waiting(user: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of items that a pass looks at: unread, or set aside; not starred, not tagged."""
    tagged = select(item_tags.c.item_id).where(item_tags.c.item_id == items.c.id).exists()
    looked_at = items.c.read.is_(False) | items.c.muted.is_not(None)
    return (items.c.user_id == user, LISTED, looked_at, items.c.starred.is_(False), ~tagged)


def _change(conn: Connection, item_id: int, reason: str | None, *, is_recent: bool, now: datetime) -> None:
    """Change the reason why an item is set aside, or bring it back, as unread if it is recent."""
    values: dict[str, Any] = {"muted": reason, "changed": now}
    if reason is None and is_recent:
        values |= {"read": False, "read_at": None}
    conn.execute(update(items).where(items.c.id == item_id).values(**values))
