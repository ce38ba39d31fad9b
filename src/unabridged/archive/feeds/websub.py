"""Subscriptions at WebSub hubs as rows."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import HubSubscription
from unabridged.archive.storage.tables import feeds, hub_subscriptions, subscriptions


def _record(row: "Row[tuple[object, ...]]") -> HubSubscription:
    return HubSubscription(**row._mapping)


def every_one(conn: Connection) -> tuple[HubSubscription, ...]:
    query = select(hub_subscriptions).order_by(hub_subscriptions.c.feed_id)
    return tuple(_record(row) for row in conn.execute(query))


def of_feed(conn: Connection, feed_id: int) -> HubSubscription | None:
    mine = hub_subscriptions.c.feed_id == feed_id
    row = conn.execute(select(hub_subscriptions).where(mine)).first()
    return None if row is None else _record(row)


def of_token(conn: Connection, token: str) -> HubSubscription | None:
    mine = hub_subscriptions.c.token == token
    row = conn.execute(select(hub_subscriptions).where(mine)).first()
    return None if row is None else _record(row)


def keep(conn: Connection, subscription: HubSubscription) -> None:
    forget(conn, subscription.feed_id)
    row = asdict(subscription) | {"message": storable(subscription.message)}
    conn.execute(insert(hub_subscriptions), row)


def forget(conn: Connection, feed_id: int) -> None:
    conn.execute(delete(hub_subscriptions).where(hub_subscriptions.c.feed_id == feed_id))


def due(conn: Connection, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
    """Those of feeds that are still read and asked."""
    read = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == hub_subscriptions.c.feed_id)
    query = (
        select(hub_subscriptions)
        .join(feeds, feeds.c.id == hub_subscriptions.c.feed_id)
        .where(hub_subscriptions.c.next_try_at <= now, feeds.c.status == "active", read.exists())
        .order_by(hub_subscriptions.c.next_try_at)
        .limit(limit)
    )
    return tuple(_record(row) for row in conn.execute(query))


def note_push(conn: Connection, feed_id: int, now: datetime) -> None:
    mine = hub_subscriptions.c.feed_id == feed_id
    conn.execute(update(hub_subscriptions).where(mine).values(last_push=now))


def note_trouble(conn: Connection, feed_id: int, message: str) -> None:
    """Why a hub could not be asked; one that has verified meanwhile is left alone."""
    mine = (hub_subscriptions.c.feed_id == feed_id) & (hub_subscriptions.c.state != "active")
    conn.execute(update(hub_subscriptions).where(mine).values(message=storable(message)))


def tells(now: datetime) -> ColumnElement[bool]:
    """Whether a hub tells us of a feed's news at that time."""
    return (hub_subscriptions.c.state == "active") & (hub_subscriptions.c.lease_until > now)
