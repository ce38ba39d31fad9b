"""WebSub: subscriptions of an archive's feeds at their hubs, and subscribers at our own hub."""

from datetime import datetime

from unabridged.archive.feeds import websub
from unabridged.archive.library import hub_subscribers
from unabridged.archive.records.polling import HubSubscriber, HubSubscription
from unabridged.archive.storage.engine import Database


class WebSub:
    """Subscriptions at hubs: `archive.websub`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> tuple[HubSubscription, ...]:
        """Return every hub subscription, by feed."""
        with self._db.reading() as conn:
            return websub.list_all(conn)

    def due(self, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
        """Return hub subscriptions to request or renew now."""
        with self._db.reading() as conn:
            return websub.due(conn, now, limit)

    def get(self, feed_id: int) -> HubSubscription | None:
        """Return the hub subscription of a feed, None if there is none."""
        with self._db.reading() as conn:
            return websub.find_by_feed(conn, feed_id)

    def find(self, token: str) -> HubSubscription | None:
        """Return the hub subscription with this secret part of its callback address."""
        with self._db.reading() as conn:
            return websub.find_by_token(conn, token)

    def save(self, subscription: HubSubscription) -> None:
        """Save a hub subscription in place of the feed's last one."""
        self._db.writing(lambda conn: websub.save(conn, subscription))

    def delete(self, feed_id: int) -> None:
        """Delete the hub subscription of a feed."""
        self._db.writing(lambda conn: websub.remove(conn, feed_id))

    def record_error(self, feed_id: int, message: str) -> None:
        """Record why a request to the hub failed."""
        self._db.writing(lambda conn: websub.record_error(conn, feed_id, message))

    def record_delivery(self, feed_id: int, now: datetime) -> None:
        """Record the time of a delivery from the hub."""
        self._db.writing(lambda conn: websub.record_delivery(conn, feed_id, now))


class HubSubscribers:
    """Subscribers of our own feeds: `archive.hub_subscribers`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> tuple[HubSubscriber, ...]:
        """Return every subscriber."""
        with self._db.reading() as conn:
            return hub_subscribers.list_all(conn)

    def save(self, subscriber: HubSubscriber) -> None:
        """Save a subscriber, in place of one with the same callback and topic. Raises InvalidValue."""
        self._db.writing(lambda conn: hub_subscribers.save(conn, subscriber))

    def remove(self, callback: str, topic: str) -> bool:
        """Remove a subscriber; say whether there was one."""
        return self._db.writing(lambda conn: hub_subscribers.remove(conn, callback, topic))

    def remove_expired(self, now: datetime) -> int:
        """Remove the subscribers whose lease has ended; return how many there were."""
        return self._db.writing(lambda conn: hub_subscribers.remove_expired(conn, now))

    def claim(self, number: int, now: datetime, until: datetime) -> bool:
        """Reserve the delivery to a subscriber until a time; False if another process has."""
        return self._db.writing(lambda conn: hub_subscribers.claim(conn, number, now, until))

    def record(self, subscriber: HubSubscriber) -> None:
        """Save the outcome of a delivery: what was sent, failures, the time of the next one."""
        self._db.writing(lambda conn: hub_subscribers.record(conn, subscriber))
