"""Channels: webhooks of people, their leases, the outcome of deliveries, dead letters.

A sender holds the lease of a channel while it delivers. Each outcome is written under that lease, with the
place in the log of events: after a crash, the event whose outcome is missing is sent again with the same id.
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from unabridged.archive.events.event_log import check_subscription, last_number, read_events
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.events import (
    EVENT_KINDS,
    WEBHOOK_SECRET,
    Channel,
    ChannelDraft,
    DeadLetter,
    DeliveryFailure,
    Event,
    EventPage,
    EventQuery,
    NewSecret,
    Outgoing,
)
from unabridged.archive.storage.tables import counters
from unabridged.archive.storage.tables_events import channels, dead_letters
from unabridged.errors import InvalidValue, LeaseLost, NotFound

MAX_CHANNELS = 20
"""Channels of one person: each event is sent to all of them."""

LONGEST_ADDRESS = 4000
MAX_MESSAGE = 500
SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""

ROTATION = timedelta(hours=24)
"""Time for which a replaced secret signs, too."""

IMPLAUSIBLE = timedelta(days=2)
"""Time ahead that no lease and no pause has: it was written by a clock that was wrong."""

PAGE = 100


# Channels of a person


def add(conn: Connection, user: int, draft: ChannelDraft, now: datetime) -> NewSecret:
    """Add a webhook that gets events from now on. Raises InvalidValue; NotFound for a feed of others."""
    if not draft.address or len(draft.address) > LONGEST_ADDRESS:
        raise InvalidValue(f"A webhook needs an address of 1 to {LONGEST_ADDRESS} characters.")
    if not draft.kinds:
        raise InvalidValue("A webhook needs at least one kind of events.")
    if draft.feed is not None:
        check_subscription(conn, user, draft.feed)
    mine = select(func.count()).select_from(channels).where(channels.c.user_id == user)
    if conn.execute(mine).scalar_one() >= MAX_CHANNELS:
        raise InvalidValue(f"A person has at most {MAX_CHANNELS} channels. Remove one first.")
    secret = _new_secret()
    row = {
        "user_id": user,
        "kind": "webhook",
        "address": storable(draft.address),
        "kinds": "" if draft.kinds == EVENT_KINDS else " ".join(draft.kinds),
        "feed_id": draft.feed,
        "secret": secret,
        "state": "active",
        "cursor": last_number(conn),
        "created": now,
        "next_try_at": now,
        "attempts": 0,
    }
    number = conn.execute(insert(channels).returning(channels.c.id), row).scalar_one()
    return NewSecret(secret=secret, channel=get(conn, user, number))


def _new_secret() -> str:
    return WEBHOOK_SECRET + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def list_all(conn: Connection, user: int) -> tuple[Channel, ...]:
    rows = conn.execute(select(channels).where(channels.c.user_id == user).order_by(channels.c.id))
    return tuple(_decode(row) for row in rows)


def get(conn: Connection, user: int, number: int) -> Channel:
    """Return a channel of a person. Raises NotFound."""
    return _decode(_row(conn, user, number))


def outgoing(conn: Connection, user: int, number: int, now: datetime) -> Outgoing:
    """Return a channel with its secrets, without a lease: for a test. Raises NotFound."""
    return _outgoing(_row(conn, user, number), "", now)


def _mine(user: int, number: int) -> ColumnElement[bool]:
    return (channels.c.id == number) & (channels.c.user_id == user)


def _row(conn: Connection, user: int, number: int) -> Row[Any]:
    row = conn.execute(select(channels).where(_mine(user, number))).first()
    if row is None:
        raise _unknown(number)
    return row


def _unknown(number: int) -> NotFound:
    return NotFound(f"There is no channel {number}. `unabridged channel list` shows the channels.")


def _change(conn: Connection, user: int, number: int, **values: Any) -> None:
    if conn.execute(update(channels).where(_mine(user, number)).values(**values)).rowcount == 0:
        raise _unknown(number)


def pause(conn: Connection, user: int, number: int) -> None:
    """Send nothing until the channel is resumed. Raises NotFound."""
    _change(conn, user, number, state="paused")


def resume(conn: Connection, user: int, number: int, now: datetime) -> None:
    """Go on after the last event that was delivered, now. Raises NotFound."""
    _change(conn, user, number, state="active", next_try_at=now, attempts=0, failing_since=None)


def remove(conn: Connection, user: int, number: int) -> None:
    """Remove a channel and its dead letters. Raises NotFound."""
    if conn.execute(delete(channels).where(_mine(user, number))).rowcount == 0:
        raise _unknown(number)


def rotate(conn: Connection, user: int, number: int, now: datetime) -> NewSecret:
    """Replace the secret; the old one signs, too, for ROTATION. Raises NotFound."""
    old, secret = _row(conn, user, number).secret, _new_secret()
    _change(conn, user, number, secret=secret, old_secret=old, old_until=now + ROTATION)
    return NewSecret(secret=secret, channel=get(conn, user, number))


# Dead letters


def letters(conn: Connection, user: int, number: int | None, limit: int) -> tuple[DeadLetter, ...]:
    """Return the newest dead letters of a person, or of one channel. Raises NotFound."""
    query = select(dead_letters).join(channels, channels.c.id == dead_letters.c.channel_id)
    query = query.where(channels.c.user_id == user)
    if number is not None:
        get(conn, user, number)
        query = query.where(channels.c.id == number)
    rows = conn.execute(query.order_by(dead_letters.c.id.desc()).limit(limit))
    return tuple(_decode_letter(row) for row in rows)


def send_again(conn: Connection, user: int, number: int) -> int:
    """Mark the dead letters of a channel to be sent again. Returns how many. Raises NotFound."""
    get(conn, user, number)
    waiting = (dead_letters.c.channel_id == number) & (dead_letters.c.again == 0)
    return conn.execute(update(dead_letters).where(waiting).values(again=1)).rowcount


def has_old_letters(conn: Connection, before: datetime) -> bool:
    """Say whether there is a dead letter of an event of earlier than a time."""
    return conn.execute(select(dead_letters.c.id).where(dead_letters.c.happened < before)).first() is not None


def delete_old_letters(conn: Connection, before: datetime) -> None:
    """Delete the dead letters of events of earlier than a time."""
    conn.execute(delete(dead_letters).where(dead_letters.c.happened < before))


# Leases of senders


def claim(conn: Connection, now: datetime, until: datetime, token: str) -> Outgoing | None:
    """Lease the channel that waits longest for a sender; None if none is due."""
    first = select(channels.c.id).where(_is_due(now)).order_by(channels.c.next_try_at, channels.c.id).limit(1)
    number = conn.execute(first.with_for_update(skip_locked=True, of=channels)).scalar()
    if number is None:
        return None
    lease = {"lease_token": token, "lease_until": until}
    leased = update(channels).where(channels.c.id == number).values(**lease).returning(channels)
    return _outgoing(conn.execute(leased).one(), token, now)


def has_due(conn: Connection, now: datetime) -> bool:
    """Say whether a channel that is not paused may have something to send."""
    return conn.execute(select(channels.c.id).where(_is_due(now)).limit(1)).first() is not None


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Condition that a channel may have something to send, and nobody serves it."""
    last = select(counters.c.value).where(counters.c.name == "events").scalar_subquery()
    again = exists().where(dead_letters.c.channel_id == channels.c.id, dead_letters.c.again == 1)
    held, next_try = channels.c.lease_until, channels.c.next_try_at
    is_free = or_(held.is_(None), held <= now, held > now + IMPLAUSIBLE)
    is_time = or_(next_try <= now, next_try > now + IMPLAUSIBLE)
    return (channels.c.state != "paused") & is_time & is_free & or_(channels.c.cursor < last, again)


def lease_tokens(conn: Connection) -> tuple[str, ...]:
    """Return the tokens of all leases."""
    held = select(channels.c.lease_token).where(channels.c.lease_token.is_not(None))
    return tuple(token for token in conn.execute(held).scalars() if token is not None)


def release(conn: Connection, *tokens: str) -> None:
    """End leases."""
    held = channels.c.lease_token.in_(tokens)
    conn.execute(update(channels).where(held).values(lease_token=None, lease_until=None))


def read(conn: Connection, out: Outgoing) -> EventPage:
    """Return the next events of a channel. Raises NotFound if it is of a feed that the person has no more."""
    channel = out.channel
    cursor = conn.execute(select(channels.c.cursor).where(channels.c.id == channel.id)).scalar()
    if cursor is None:
        raise _taken_over(channel.id)
    query = EventQuery(after=cursor, kinds=channel.kinds, feed=channel.feed, limit=PAGE)
    return read_events(conn, out.user, query)


def wanted_letters(conn: Connection, out: Outgoing) -> tuple[tuple[DeadLetter, Event | None], ...]:
    """Return the dead letters to send again with their events, oldest first; None: it is not visible."""
    mine = (dead_letters.c.channel_id == out.channel.id) & (dead_letters.c.again == 1)
    rows = conn.execute(select(dead_letters).where(mine).order_by(dead_letters.c.event).limit(PAGE)).all()
    return tuple((_decode_letter(row), _event(conn, out.user, row.event)) for row in rows)


def _event(conn: Connection, user: int, number: int) -> Event | None:
    found = read_events(conn, user, EventQuery(after=number - 1, limit=1)).events
    return found[0] if found and found[0].number == number else None


# Outcomes


def advance(conn: Connection, out: Outgoing, cursor: int, until: datetime) -> None:
    """Move a channel on past events that it does not want. Raises LeaseLost."""
    _write(conn, out, cursor=cursor, lease_until=until)


def delivered(conn: Connection, out: Outgoing, number: int, now: datetime, until: datetime) -> bool:
    """Record a delivery; extend the lease. Returns whether the channel is to go on. Raises LeaseLost."""
    return _write(conn, out, cursor=number, lease_until=until, **_works(now)) != "paused"


def letter_delivered(conn: Connection, out: Outgoing, letter: int, now: datetime, until: datetime) -> bool:
    """Record the delivery of a dead letter, as `delivered` does."""
    conn.execute(delete(dead_letters).where(dead_letters.c.id == letter))
    return _write(conn, out, lease_until=until, **_works(now)) != "paused"


def letter_failed(
    conn: Connection, out: Outgoing, letter: int, failure: DeliveryFailure, until: datetime
) -> bool:
    """Record that a dead letter could not be delivered again; it stays. Returns as `delivered` does."""
    values = {"again": 0, **_failure_columns(failure)}
    conn.execute(update(dead_letters).where(dead_letters.c.id == letter).values(**values))
    return _write(conn, out, lease_until=until) != "paused"


def failed(
    conn: Connection, out: Outgoing, failure: DeliveryFailure, now: datetime, next_try_at: datetime
) -> None:
    """Record a failed delivery; the event is tried again at a time. Raises LeaseLost."""
    values = {"attempts": channels.c.attempts + 1, "next_try_at": next_try_at}
    _write(conn, out, **values, **_fails(failure, now))


def given_up(
    conn: Connection, out: Outgoing, event: Event, failure: DeliveryFailure, now: datetime, next_at: datetime
) -> None:
    """Record a failed delivery that is not tried again, as a dead letter. Raises LeaseLost."""
    letter = {
        "channel_id": out.channel.id,
        "event": event.number,
        "kind": event.kind,
        "happened": event.at,
        "given_up": now,
        "again": 0,
        **_failure_columns(failure),
    }
    conn.execute(insert(dead_letters), letter)
    _write(conn, out, cursor=event.number, attempts=0, next_try_at=next_at, **_fails(failure, now))


def _works(now: datetime) -> dict[str, Any]:
    return {
        "state": _unless_paused("active"),
        "delivered_at": now,
        "next_try_at": now,
        "attempts": 0,
        "failing_since": None,
    }


def _fails(failure: DeliveryFailure, now: datetime) -> dict[str, Any]:
    return {
        "state": "paused" if failure.gone else _unless_paused("failing"),
        "failing_since": func.coalesce(channels.c.failing_since, literal(now, channels.c.failing_since.type)),
        "failed_at": now,
        **_failure_columns(failure),
    }


def _unless_paused(state: str) -> ColumnElement[str]:
    """Return a new state that does not undo the pause that a person made meanwhile."""
    return case((channels.c.state == "paused", "paused"), else_=state)


def _failure_columns(failure: DeliveryFailure) -> dict[str, str]:
    return {"failure_kind": failure.kind, "failure_message": storable(failure.message)[:MAX_MESSAGE]}


def _write(conn: Connection, out: Outgoing, **values: Any) -> str:
    """Write to the row of a leased channel; return its state. Raises LeaseLost."""
    held = (channels.c.id == out.channel.id) & (channels.c.lease_token == out.token)
    state = conn.execute(update(channels).where(held).values(**values).returning(channels.c.state)).scalar()
    if state is None:
        raise _taken_over(out.channel.id)
    return str(state)


def _taken_over(number: int) -> LeaseLost:
    return LeaseLost(f"Channel {number} was removed, or another process delivers to it.")


# Rows


def _outgoing(row: Row[Any], token: str, now: datetime) -> Outgoing:
    old = (row.old_secret,) if row.old_until is not None and row.old_until > now else ()
    return Outgoing(channel=_decode(row), user=row.user_id, secrets=(row.secret, *old), token=token)


def _decode(row: Row[Any]) -> Channel:
    return Channel(
        id=row.id,
        address=row.address,
        kinds=tuple(kind for kind in EVENT_KINDS if not row.kinds or kind in row.kinds.split()),
        feed=row.feed_id,
        state=row.state,
        cursor=row.cursor,
        created=row.created,
        next_try_at=row.next_try_at,
        attempts=row.attempts,
        failing_since=row.failing_since,
        failure=None if row.failure_kind is None else _decode_failure(row),
        failed_at=row.failed_at,
        delivered_at=row.delivered_at,
        old_until=row.old_until,
    )


def _decode_failure(row: Row[Any]) -> DeliveryFailure:
    return DeliveryFailure(kind=row.failure_kind, message=row.failure_message)


def _decode_letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        channel=row.channel_id,
        event=row.event,
        kind=row.kind,
        happened=row.happened,
        given_up=row.given_up,
        failure=_decode_failure(row),
        again=bool(row.again),
    )
