"""Sessions: the devices on which people are logged in. Only hashes of their secrets are stored."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from unabridged.archive.accounts.secret_hashes import new_secret, secret_hash
from unabridged.archive.records.accounts import SESSION_IDLE, SESSION_LIFE, Device, NewSession, Session, User
from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.tables import users
from unabridged.archive.storage.tables_accounts import sessions
from unabridged.errors import NotFound

TOUCH_AFTER = timedelta(minutes=5)
"""The time of last use is written at most this often."""

MAX_AGENT, MAX_ADDRESS = 300, 60
MOST_SESSIONS = 100
"""Sessions of one person; a further login ends the one that was not used for longest."""


def create(conn: Connection, user: int, device: Device, now: datetime) -> NewSession:
    """Log a person in on a device."""
    secret = new_secret()
    row = {
        "user_id": user,
        "secret_hash": secret_hash(secret),
        "agent": storable(device.agent)[:MAX_AGENT],
        "address": storable(device.address)[:MAX_ADDRESS],
        "created": now,
        "last_used": now,
    }
    number = conn.execute(insert(sessions).returning(sessions.c.id), row).scalar_one()
    _end_oldest(conn, user)
    return NewSession(secret=secret, session=_get(conn, sessions.c.id == number))


def _end_oldest(conn: Connection, user: int) -> None:
    mine = select(sessions.c.id).where(sessions.c.user_id == user)
    kept = mine.order_by(sessions.c.last_used.desc(), sessions.c.id.desc()).limit(MOST_SESSIONS)
    conn.execute(delete(sessions).where(sessions.c.user_id == user, sessions.c.id.not_in(kept)))


def find(conn: Connection, secret: str, now: datetime) -> Session | None:
    """Return the session with a secret; None if there is none or it has ended."""
    row = conn.execute(_query().where(sessions.c.secret_hash == secret_hash(secret), _lives(now))).first()
    return None if row is None else _decode(row)


def is_stale(session: Session, now: datetime) -> bool:
    """Say whether the time of a session's last use is to be written."""
    return now - session.last_used >= TOUCH_AFTER


def touch(conn: Connection, session: int, now: datetime) -> None:
    conn.execute(update(sessions).where(sessions.c.id == session).values(last_used=now))


def list_sessions(conn: Connection, user: int, now: datetime) -> tuple[Session, ...]:
    """Return a person's sessions, the last used first."""
    rows = conn.execute(
        _query()
        .where(sessions.c.user_id == user, _lives(now))
        .order_by(sessions.c.last_used.desc(), sessions.c.id.desc())
    )
    return tuple(map(_decode, rows))


def end(conn: Connection, user: int, session: int) -> None:
    """End one of a person's sessions. Raises NotFound."""
    mine = (sessions.c.id == session) & (sessions.c.user_id == user)
    if conn.execute(delete(sessions).where(mine)).rowcount == 0:
        raise NotFound(f"There is no device {session}.")


def end_others(conn: Connection, user: int, kept: int | None) -> int:
    """End all of a person's sessions but one; return how many."""
    others = sessions.c.user_id == user
    if kept is not None:
        others &= sessions.c.id != kept
    return conn.execute(delete(sessions).where(others)).rowcount


def remove_ended(conn: Connection, now: datetime) -> None:
    conn.execute(delete(sessions).where(~_lives(now)))


def _lives(now: datetime) -> ColumnElement[bool]:
    return and_(sessions.c.last_used > now - SESSION_IDLE, sessions.c.created > now - SESSION_LIFE)


def _query() -> Any:
    own = [users.c[name].label(f"user_{name}") for name in ("name", "role", "created", "password_hash")]
    return select(sessions, *own).join(users, users.c.id == sessions.c.user_id)


def _get(conn: Connection, which: ColumnElement[bool]) -> Session:
    return _decode(conn.execute(_query().where(which)).one())


def _decode(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        user=User(
            id=row.user_id,
            name=row.user_name,
            role=row.user_role,
            created=row.user_created,
            has_password=row.user_password_hash is not None,
        ),
        agent=row.agent,
        address=row.address,
        created=row.created,
        last_used=row.last_used,
    )
