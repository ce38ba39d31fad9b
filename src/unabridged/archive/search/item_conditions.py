"""Conditions of searches on the items of a user: read, starred, set aside, changed, and times."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from unabridged.archive.records.query_tree import And, Not, Or, Tree, Words
from unabridged.archive.storage.tables import items, revisions


def passing_condition(tree: Tree) -> ColumnElement[bool]:
    """Return a tree of the conditions is:, after: and before: as a condition on an item."""
    if isinstance(tree, And):
        return and_(*map(passing_condition, tree.parts))
    if isinstance(tree, Or):
        return or_(*map(passing_condition, tree.parts))
    if isinstance(tree, Not):
        return not_(passing_condition(tree.part))
    if isinstance(tree, Words) or (tree.at is None and tree.name != "is"):
        raise TypeError("only is:, after: and before: are conditions on an item alone")
    if tree.at is not None:
        return items.c.sort_at >= tree.at if tree.name == "after" else items.c.sort_at < tree.at
    state: ColumnElement[bool] = _STATES[tree.value]()
    return state


def _changed() -> ColumnElement[bool]:
    """Condition: the publisher changed the text (a page that replaces a feed's teaser does not count)."""
    before, after = revisions.alias(), revisions.alias()
    edited = and_(
        before.c.article_id == items.c.article_id,
        after.c.article_id == items.c.article_id,
        before.c.number < after.c.number,
        before.c.source != "replay",
        after.c.source != "replay",
        not_(and_(before.c.source == "feed", after.c.source != "feed")),
    )
    return exists().where(edited)


_STATES: dict[str, Any] = {
    "unread": lambda: items.c.read.is_(False),
    "read": lambda: items.c.read.is_(True),
    "starred": lambda: items.c.starred.is_(True),
    "muted": lambda: items.c.muted.is_not(None),
    "changed": _changed,
}
