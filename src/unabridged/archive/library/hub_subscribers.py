"""Subscribers of our own feeds at our WebSub hub."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from unabridged.archive.records.polling import HubSubscriber
from unabridged.archive.storage.identity import digest
from unabridged.archive.storage.tables_library import hub_subscribers
from unabridged.errors import InvalidValue

MAX_SUBSCRIBERS = 200
"""Most subscribers of one person's feeds: each change is sent to all of them."""


def _key(callback: str, topic: str) -> bytes:
    return digest("hub", f"{callback}\n{topic}")


def _which(callback: str, topic: str) -> ColumnElement[bool]:
    return hub_subscribers.c.key == _key(callback, topic)


def _decode(row: Row[Any]) -> HubSubscriber:
    return HubSubscriber(
        id=row.id,
        user=row.user_id,
        token=row.token_id,
        callback=row.callback,
        topic=row.topic,
        secret=row.secret,
        lease_until=row.lease_until,
        sent=row.sent,
        next_try_at=row.next_try_at,
        failures=row.failures,
        failing_since=row.failing_since,
    )


def save(conn: Connection, subscriber: HubSubscriber) -> None:
    """Save a subscriber. One with the same callback and topic is renewed, and keeps what was sent."""
    which = _which(subscriber.callback, subscriber.topic)
    sent = conn.execute(select(hub_subscribers.c.sent).where(which)).scalar()
    remove(conn, subscriber.callback, subscriber.topic)
    mine = select(func.count()).select_from(hub_subscribers)
    if conn.execute(mine.where(hub_subscribers.c.user_id == subscriber.user)).scalar_one() >= MAX_SUBSCRIBERS:
        raise InvalidValue(f"The feeds of one person have at most {MAX_SUBSCRIBERS} subscribers.")
    row = {
        "user_id": subscriber.user,
        "token_id": subscriber.token,
        "callback": subscriber.callback,
        "topic": subscriber.topic,
        "key": _key(subscriber.callback, subscriber.topic),
        "secret": subscriber.secret,
        "lease_until": subscriber.lease_until,
        "sent": subscriber.sent if sent is None else sent,
        "next_try_at": subscriber.next_try_at,
        "failures": subscriber.failures,
        "failing_since": subscriber.failing_since,
    }
    conn.execute(insert(hub_subscribers), row)


def remove(conn: Connection, callback: str, topic: str) -> bool:
    return conn.execute(delete(hub_subscribers).where(_which(callback, topic))).rowcount > 0


def list_all(conn: Connection) -> tuple[HubSubscriber, ...]:
    rows = conn.execute(select(hub_subscribers).order_by(hub_subscribers.c.id))
    return tuple(_decode(row) for row in rows)


def remove_expired(conn: Connection, now: datetime) -> int:
    return conn.execute(delete(hub_subscribers).where(hub_subscribers.c.lease_until <= now)).rowcount


def claim(conn: Connection, number: int, now: datetime, until: datetime) -> bool:
    """Reserve the delivery to a subscriber, unless another process has; say whether it is reserved."""
    due = (hub_subscribers.c.id == number) & (hub_subscribers.c.next_try_at <= now)
    return conn.execute(update(hub_subscribers).where(due).values(next_try_at=until)).rowcount > 0


def record(conn: Connection, subscriber: HubSubscriber) -> None:
    """Save the outcome of a delivery."""
    row = {
        "sent": subscriber.sent,
        "next_try_at": subscriber.next_try_at,
        "failures": subscriber.failures,
        "failing_since": subscriber.failing_since,
    }
    conn.execute(update(hub_subscribers).where(hub_subscribers.c.id == subscriber.id).values(row))
