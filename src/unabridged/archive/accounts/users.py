"""People with an account on an archive."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from unabridged.archive.accounts.passwords import hash_password
from unabridged.archive.records.accounts import LONGEST_NAME, ROLES, Role, User
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.tables import name_key, users
from unabridged.archive.storage.tables_accounts import identities, passkeys
from unabridged.errors import InvalidValue, NotFound


def user_name(text: str) -> str:
    """Normalize a name: one line of visible signs, without a colon (which ends it in HTTP's own login).

    Raises ArchiveError.
    """
    name = unicodedata.normalize("NFC", " ".join(storable(text).split()))
    if not 0 < len(name) <= LONGEST_NAME or ":" in name or not name.isprintable():
        raise InvalidValue(
            f"{text[:40]!r} is no name for an account: it takes 1 to {LONGEST_NAME} letters or signs, "
            "no colon."
        )
    return name


def check_name(conn: Connection, name: str, user: int | None) -> str:
    """Return a name as it is stored. user: the person who may have it already. Raises ArchiveError."""
    clean = user_name(name)
    if find_id(conn, clean) not in (None, user):
        raise InvalidValue(f"There is an account {clean} already.")
    return clean


def add(conn: Connection, name: str, role: Role, password: str | None, now: datetime) -> User:
    """Add a person. password: None for one who logs in otherwise. Raises ArchiveError."""
    _check_role(role)
    clean = check_name(conn, name, None)
    row = {
        "name": clean,
        "role": role,
        "created": now,
        "password_hash": None if password is None else hash_password(password),
    }
    number = conn.execute(insert(users).returning(users.c.id), row).scalar_one()
    return get(conn, number)


def get(conn: Connection, user: int) -> User:
    """Return a person. Raises NotFound."""
    row = conn.execute(select(users).where(users.c.id == user)).first()
    if row is None:
        raise NotFound(f"There is no account {user}. `unabridged user list` shows them.")
    return decode(row)


def decode(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=row.role,
        created=row.created,
        has_password=row.password_hash is not None,
    )


def find_id(conn: Connection, name: str) -> int | None:
    """Return the number of the person with a name, in any case of its letters; None if there is none."""
    if len(name) > LONGEST_NAME:
        return None
    # the exact name finds rows without a key: a recovered archive's owner
    found = select(users.c.id).where((users.c.name_key == name_key(name)) | (users.c.name == name))
    return conn.execute(found.order_by(users.c.id).limit(1)).scalar()


def list_users(conn: Connection) -> tuple[User, ...]:
    return tuple(map(decode, conn.execute(select(users).order_by(users.c.id))))


def password_hash(conn: Connection, user: int | None) -> str | None:
    """Return the hash of a person's password; None without one."""
    return conn.execute(select(users.c.password_hash).where(users.c.id == user)).scalar()


def can_log_in(conn: Connection, user: int) -> bool:
    """Say whether a person can log in: with a password, a passkey or an identity elsewhere."""
    if password_hash(conn, user) is not None:
        return True
    return any(
        conn.execute(select(table.c.id).where(table.c.user_id == user).limit(1)).first() is not None
        for table in (passkeys, identities)
    )


def lock(conn: Connection, user: int) -> None:
    """Let no other transaction change how a person logs in until this one ends. Raises NotFound."""
    if conn.execute(select(users.c.id).where(users.c.id == user).with_for_update()).first() is None:
        raise NotFound(f"There is no account {user}. `unabridged user list` shows them.")


def check_can_log_in(conn: Connection, user: int) -> None:
    """Raise ArchiveError if no way is left for a person to log in."""
    if not can_log_in(conn, user):
        raise InvalidValue("This is your only way to log in. Set a password first.")


def set_password(conn: Connection, user: int, hashed: str) -> None:
    conn.execute(update(users).where(users.c.id == user).values(password_hash=hashed))


def rename(conn: Connection, user: int, name: str) -> None:
    """Give a person another name. Raises ArchiveError."""
    clean = check_name(conn, name, user)
    conn.execute(update(users).where(users.c.id == user).values(name=clean, name_key=name_key(clean)))


def set_role(conn: Connection, user: int, role: Role) -> None:
    """Set the role of a person. The owner stays an administrator. Raises ArchiveError."""
    _check_role(role)
    if user == OWNER and role != "admin":
        raise InvalidValue("The owner of the archive stays its administrator.")
    conn.execute(update(users).where(users.c.id == user).values(role=role))


def remove(conn: Connection, user: int) -> None:
    """Remove a person with everything that is theirs alone. Raises NotFound, ArchiveError for the owner."""
    if user == OWNER:
        raise InvalidValue("The account of the archive's owner cannot be removed.")
    if conn.execute(delete(users).where(users.c.id == user)).rowcount == 0:
        raise NotFound(f"There is no account {user}. `unabridged user list` shows them.")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InvalidValue(f"There is no role {role!r}, only {' and '.join(ROLES)}.")
