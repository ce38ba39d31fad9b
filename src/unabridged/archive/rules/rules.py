"""Rules of users in the database: added, changed, removed; and a preview of what one would set aside."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.rules import RULE_ACTIONS, Rule, RuleDraft
from unabridged.archive.rules import matching, passes
from unabridged.archive.rules.subjects import prepared, rule_of, rules_of, subjects
from unabridged.archive.rules.verdicts import reason_of
from unabridged.archive.search import query_language
from unabridged.archive.storage.tables import LISTED, articles, folders, items, sightings, subscriptions
from unabridged.archive.storage.tables_library import item_tags
from unabridged.archive.storage.tables_rules import rules
from unabridged.errors import InvalidValue, NotFound
from unabridged.text.controls import spaced

MAX_RULES = 500
"""Rules of one user."""

MAX_QUERY = 500
"""Characters of a rule's query."""


def check_query(query: str, now: datetime) -> str:
    """Return a rule's query as it is stored. Raises BadQuery, InvalidValue."""
    clean = spaced(storable(query)).strip()
    if len(clean) > MAX_QUERY:
        raise InvalidValue(f"The query of a rule has at most {MAX_QUERY} characters. Make two rules.")
    matching.check_patterns(query_language.parse(clean, now=now, rule=True))
    return clean


def checked(conn: Connection, user: int, draft: RuleDraft, now: datetime) -> dict[str, Any]:
    """Return the columns of a rule. Raises BadQuery, InvalidValue, NotFound."""
    if draft.action not in RULE_ACTIONS:
        raise InvalidValue(f"There is no action {draft.action!r}, only {', '.join(RULE_ACTIONS)}.")
    if draft.feed_id is not None and draft.folder_id is not None:
        raise InvalidValue("A rule is for one feed or for one folder, not for both.")
    query = check_query(draft.query, now)
    if draft.feed_id is not None:
        mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == draft.feed_id)
        if conn.execute(select(subscriptions.c.feed_id).where(mine)).first() is None:
            raise NotFound(f"There is no subscription {draft.feed_id}. `unabridged list` shows the numbers.")
    if draft.folder_id is not None:
        own = (folders.c.user_id == user) & (folders.c.id == draft.folder_id)
        if conn.execute(select(folders.c.id).where(own)).first() is None:
            raise NotFound(f"There is no folder {draft.folder_id}.")
    return {
        "action": draft.action,
        "query": query,
        "feed_id": draft.feed_id,
        "folder_id": draft.folder_id,
    }


def add(conn: Connection, user: int, draft: RuleDraft, now: datetime) -> Rule:
    """Add a rule and begin to apply it to what is there; an equal rule that exists is returned."""
    columns = checked(conn, user, draft, now)
    known = rules_of(conn, user)
    for one in known:
        if all(getattr(one, name) == value for name, value in columns.items()):
            return one
    if len(known) >= MAX_RULES:
        raise InvalidValue(f"There are {MAX_RULES} rules already. Remove some first.")
    row = columns | {"user_id": user, "created": now}
    number = conn.execute(insert(rules).returning(rules.c.id), row).scalar_one()
    passes.start(conn, user, now)
    return get(conn, user, number)


def change(conn: Connection, user: int, rule_id: int, draft: RuleDraft, now: datetime) -> Rule:
    """Change a rule and begin to apply it to what is there."""
    get(conn, user, rule_id)
    columns = checked(conn, user, draft, now)
    conn.execute(update(rules).where(rules.c.id == rule_id).values(**columns))
    passes.start(conn, user, now)
    return get(conn, user, rule_id)


def remove(conn: Connection, user: int, rule_id: int, now: datetime) -> None:
    """Remove a rule and begin to bring back what no other rule sets aside."""
    mine = (rules.c.id == rule_id) & (rules.c.user_id == user)
    if conn.execute(delete(rules).where(mine)).rowcount == 0:
        raise _no_rule(rule_id)
    passes.start(conn, user, now)


def get(conn: Connection, user: int, rule_id: int) -> Rule:
    mine = (rules.c.id == rule_id) & (rules.c.user_id == user)
    row = conn.execute(select(rules).where(mine)).first()
    if row is None:
        raise _no_rule(rule_id)
    return rule_of(row)


def _no_rule(rule_id: int) -> NotFound:
    return NotFound(f"There is no rule {rule_id}. `unabridged filter list` shows the rules.")


# Preview


def preview(
    conn: Connection, user: int, draft: RuleDraft, now: datetime, limit: int
) -> tuple[tuple[int, bool, bool], ...]:
    """Try a rule alone on the newest articles of its scope, newest first.

    Returns for each its number, whether the rule would set it aside, and whether only its star or tag
    prevents that.
    """
    rule = Rule(id=0, created=now, **checked(conn, user, draft, now))
    tagged = select(item_tags.c.item_id).where(item_tags.c.item_id == items.c.id).exists()
    query = select(items.c.article_id, (items.c.starred | tagged).label("protected"))
    query = query.join(articles, articles.c.id == items.c.article_id)
    query = query.where(items.c.user_id == user, LISTED, *_in_scope(rule, user))
    rows = conn.execute(query.order_by(items.c.sort_at.desc(), items.c.article_id.desc()).limit(limit)).all()
    ready = prepared(conn, user, [rule], now)
    reasons = {
        number: reason_of(ready, subject)
        for number, subject in subjects(conn, user, [row.article_id for row in rows])
    }
    meant = ((row, reasons.get(row.article_id) is not None) for row in rows)
    return tuple(
        (row.article_id, aside and not row.protected, aside and bool(row.protected)) for row, aside in meant
    )


def _in_scope(rule: Rule, user: int) -> list[ColumnElement[bool]]:
    if rule.feed_id is not None:
        shown = select(sightings.c.article_id).where(sightings.c.feed_id == rule.feed_id)
        return [items.c.article_id.in_(shown)]
    if rule.folder_id is not None:
        mine = (subscriptions.c.user_id == user) & (subscriptions.c.folder_id == rule.folder_id)
        shown = select(sightings.c.article_id).join(
            subscriptions, subscriptions.c.feed_id == sightings.c.feed_id
        )
        return [items.c.article_id.in_(shown.where(mine))]
    return []
