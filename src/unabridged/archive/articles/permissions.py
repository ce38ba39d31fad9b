"""Permissions: the owner may see everything, other users what was delivered to them."""

from sqlalchemy import Connection, select

from unabridged.archive.articles.versions import article_not_found
from unabridged.archive.records.core import OWNER
from unabridged.archive.storage.tables import items, revisions, subscriptions
from unabridged.errors import InvalidValue, NotFound


def check_article(conn: Connection, user: int, article_id: int) -> None:
    """Raise NotFound, as for an article that does not exist, if it was never delivered to the user."""
    mine = select(items.c.id).where(items.c.user_id == user, items.c.article_id == article_id)
    if user != OWNER and conn.execute(mine).first() is None:
        raise article_not_found(article_id)


def check_feed(conn: Connection, user: int, feed_id: int) -> None:
    """Raise NotFound unless the user subscribes to the feed."""
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
    if user != OWNER and conn.execute(select(subscriptions.c.feed_id).where(mine)).first() is None:
        raise NotFound(f"There is no feed {feed_id}.")


def check_snapshot(conn: Connection, user: int, snapshot_hash: str) -> None:
    """Raise NotFound unless a version of an article delivered to the user was extracted from this page."""
    try:
        key = bytes.fromhex(snapshot_hash)
    except ValueError:
        key = b""
    query = (
        select(items.c.id)
        .join(revisions, revisions.c.article_id == items.c.article_id)
        .where(items.c.user_id == user, revisions.c.snapshot_hash == key)
    )
    if user != OWNER and conn.execute(query.limit(1)).first() is None:
        raise NotFound(f"There is no snapshot {snapshot_hash[:80]}.")


def check_owner(user: int) -> None:
    """Raise ArchiveError unless the user is the owner of the archive."""
    if user != OWNER:
        raise InvalidValue("Only the owner of the archive can delete articles or set how long they are kept.")
