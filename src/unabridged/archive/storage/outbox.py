"""Outbox: events of a transaction, written as its last step, numbered in the order of commits.

Events are noted while a transaction works, and written in one statement before it commits: both or neither
are stored. The row of the counter stays locked until the commit, so that numbers become visible in ascending
order on PostgreSQL too; taken as the last lock of every transaction, it cannot cause a deadlock.
"""

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.events import NewEvent
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables_events import events

_NOTED = "unabridged_events"

_TAKE_NUMBERS = "UPDATE counters SET value = value + {} WHERE name = 'events' RETURNING value"


def start_outbox(conn: Connection) -> None:
    """Forget what an earlier transaction of this connection noted and did not commit."""
    conn.info.pop(_NOTED, None)


def note_event(conn: Connection, event: NewEvent) -> None:
    """Write an event when the transaction commits."""
    conn.info.setdefault(_NOTED, []).append(event)


def write_outbox(conn: Connection) -> None:
    """Write the events that this transaction noted."""
    noted: list[NewEvent] = conn.info.pop(_NOTED, [])
    if not noted:
        return
    first = int(conn.exec_driver_sql(_TAKE_NUMBERS.format(len(noted))).scalar_one()) - len(noted) + 1
    rows = [
        {
            "number": number,
            "kind": one.kind,
            "at": one.at,
            "feed_id": one.feed,
            "article_id": one.article,
            "revision_before": one.before,
            "revision_after": one.after,
            "details": _encoded(one.details),
            "user_id": one.user,
        }
        for number, one in enumerate(noted, first)
    ]
    insert_rows(conn, events, rows)


def _encoded(details: Mapping[str, str | int]) -> str:
    try:
        return orjson.dumps(details).decode()
    except orjson.JSONEncodeError:  # a lone surrogate
        plain = {key: storable(value) if isinstance(value, str) else value for key, value in details.items()}
        return orjson.dumps(plain).decode()
