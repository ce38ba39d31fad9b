"""Channels: webhooks of a user, and deliveries to those of everybody."""

from datetime import datetime

from unabridged.archive.events import channels
from unabridged.archive.ingest.lease_owners import dead_tokens, new_token
from unabridged.archive.records.events import (
    Channel,
    ChannelDraft,
    DeadLetter,
    DeliveryFailure,
    Event,
    EventPage,
    NewSecret,
    Outgoing,
)
from unabridged.archive.storage.engine import Database


class Channels:
    """Webhooks of one user, which get events: `archive.library(user).channels`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, draft: ChannelDraft, *, now: datetime) -> NewSecret:
        """Add a webhook that gets the events from now on. Raises InvalidValue, NotFound.

        Only the returned record has the secret. The address must have passed the guard of requests.
        """
        return self._db.writing(lambda conn: channels.add(conn, self._user, draft, now))

    def all(self) -> tuple[Channel, ...]:
        """Return the channels, oldest first."""
        with self._db.reading() as conn:
            return channels.list_all(conn, self._user)

    def get(self, number: int) -> Channel:
        """Return a channel. Raises NotFound."""
        with self._db.reading() as conn:
            return channels.get(conn, self._user, number)

    def pause(self, number: int) -> None:
        """Send nothing until the channel is resumed. Raises NotFound."""
        self._db.writing(lambda conn: channels.pause(conn, self._user, number))

    def resume(self, number: int, *, now: datetime) -> None:
        """Go on after the last event that was delivered. Raises NotFound."""
        self._db.writing(lambda conn: channels.resume(conn, self._user, number, now))

    def remove(self, number: int) -> None:
        """Remove a channel and its dead letters. Raises NotFound."""
        self._db.writing(lambda conn: channels.remove(conn, self._user, number))

    def rotate(self, number: int, *, now: datetime) -> NewSecret:
        """Replace the secret; the old one signs, too, for 24 hours. Raises NotFound."""
        return self._db.writing(lambda conn: channels.rotate(conn, self._user, number, now))

    def dead_letters(self, number: int | None = None, *, limit: int = 500) -> tuple[DeadLetter, ...]:
        """Return the newest events that could not be delivered, of one channel or all. Raises NotFound."""
        with self._db.reading() as conn:
            return channels.letters(conn, self._user, number, limit)

    def send_again(self, number: int) -> int:
        """Have the dead letters of a channel sent again. Returns how many. Raises NotFound."""
        return self._db.writing(lambda conn: channels.send_again(conn, self._user, number))

    def signing(self, number: int, *, now: datetime) -> Outgoing:
        """Return a channel with its secrets, to send a test. Raises NotFound."""
        with self._db.reading() as conn:
            return channels.outgoing(conn, self._user, number, now)


class Deliveries:
    """Deliveries of events to channels, one sender at a time: `archive.deliveries`.

    Every write needs the lease that `claim` gave, and raises LeaseLost without it.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def claim(self, now: datetime, until: datetime) -> Outgoing | None:
        """Lease a channel that has something to send; None if there is none."""
        with self._db.reading() as conn:
            if not channels.has_due(conn, now):
                return None
        return self._db.writing(lambda conn: channels.claim(conn, now, until, new_token()))

    def release_dead(self) -> None:
        """End the leases of processes of this machine that have died."""
        with self._db.reading() as conn:
            dead = dead_tokens(channels.lease_tokens(conn), one_machine=self._db.on_sqlite)
        if dead:
            self._db.writing(lambda conn: channels.release(conn, *dead))

    def release(self, out: Outgoing) -> None:
        """End a lease."""
        self._db.writing(lambda conn: channels.release(conn, out.token))

    def read(self, out: Outgoing) -> EventPage:
        """Return the next events of a channel. Raises NotFound if its feed is not the person's any more."""
        with self._db.reading() as conn:
            return channels.read(conn, out)

    def wanted_letters(self, out: Outgoing) -> tuple[tuple[DeadLetter, Event | None], ...]:
        """Return dead letters to send again with their events, oldest first; None: it is not visible."""
        with self._db.reading() as conn:
            return channels.wanted_letters(conn, out)

    def advance(self, out: Outgoing, cursor: int, until: datetime) -> None:
        """Move a channel on past events that it does not want."""
        self._db.writing(lambda conn: channels.advance(conn, out, cursor, until))

    def delivered(self, out: Outgoing, number: int, now: datetime, until: datetime) -> bool:
        """Record a delivery, and hold the lease until a time. Returns False if the channel was paused."""
        return self._db.writing(lambda conn: channels.delivered(conn, out, number, now, until))

    def letter_delivered(self, out: Outgoing, letter: int, now: datetime, until: datetime) -> bool:
        """Record the delivery of a dead letter, as `delivered` does."""
        return self._db.writing(lambda conn: channels.letter_delivered(conn, out, letter, now, until))

    def letter_failed(self, out: Outgoing, letter: int, failure: DeliveryFailure, until: datetime) -> bool:
        """Record that a dead letter could not be delivered again. Returns as `delivered` does."""
        return self._db.writing(lambda conn: channels.letter_failed(conn, out, letter, failure, until))

    def failed(self, out: Outgoing, failure: DeliveryFailure, now: datetime, next_try_at: datetime) -> None:
        """Record a failed delivery, which is tried again at a time."""
        self._db.writing(lambda conn: channels.failed(conn, out, failure, now, next_try_at))

    def given_up(
        self, out: Outgoing, event: Event, failure: DeliveryFailure, now: datetime, next_at: datetime
    ) -> None:
        """Record a failed delivery as a dead letter; the next event is sent at a time."""
        self._db.writing(lambda conn: channels.given_up(conn, out, event, failure, now, next_at))
