"""Rows of WebSub subscriptions at hubs."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import HubSubscription
from unabridged.archive.storage.tables import feeds, hub_subscriptions, subscriptions


def _record(row: "Row[tuple[object, ...]]") -> HubSubscription:
    return HubSubscription(**row._mapping)


def list_all(conn: Connection) -> tuple[HubSubscription, ...]:
    query = select(hub_subscriptions).order_by(hub_subscriptions.c.feed_id)
    return tuple(_record(row) for row in conn.execute(query))


def find_by_feed(conn: Connection, feed_id: int) -> HubSubscription | None:
    mine = hub_subscriptions.c.feed_id == feed_id
    row = conn.execute(select(hub_subscriptions).where(mine)).first()
    return None if row is None else _record(row)


def find_by_token(conn: Connection, token: str) -> HubSubscription | None:
    mine = hub_subscriptions.c.token == token
    row = conn.execute(select(hub_subscriptions).where(mine)).first()
    return None if row is None else _record(row)


def save(conn: Connection, subscription: HubSubscription) -> None:
    remove(conn, subscription.feed_id)
    row = asdict(subscription) | {"message": storable(subscription.message)}
    conn.execute(insert(hub_subscriptions), row)


def remove(conn: Connection, feed_id: int) -> None:
    conn.execute(delete(hub_subscriptions).where(hub_subscriptions.c.feed_id == feed_id))


def due(conn: Connection, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
    """Return hub subscriptions that are due, of active feeds with subscribers."""
    read = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == hub_subscriptions.c.feed_id)
    query = (
        select(hub_subscriptions)
        .join(feeds, feeds.c.id == hub_subscriptions.c.feed_id)
        .where(hub_subscriptions.c.next_try_at <= now, feeds.c.status == "active", read.exists())
        .order_by(hub_subscriptions.c.next_try_at)
        .limit(limit)
    )
    return tuple(_record(row) for row in conn.execute(query))


def record_delivery(conn: Connection, feed_id: int, now: datetime) -> None:
    mine = hub_subscriptions.c.feed_id == feed_id
    conn.execute(update(hub_subscriptions).where(mine).values(last_push=now))


def record_error(conn: Connection, feed_id: int, message: str) -> None:
    """Record why a request to the hub failed, unless the subscription has become active meanwhile."""
    mine = (hub_subscriptions.c.feed_id == feed_id) & (hub_subscriptions.c.state != "active")
    conn.execute(update(hub_subscriptions).where(mine).values(message=storable(message)))


def is_pushed(now: datetime) -> ColumnElement[bool]:
    """Condition that a hub pushes a feed's news to us at this time."""
    return (hub_subscriptions.c.state == "active") & (hub_subscriptions.c.lease_until > now)
