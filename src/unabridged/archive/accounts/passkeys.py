"""Passkeys of people, as rows: the answers of authenticators are verified before they come here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from unabridged.archive.accounts import users
from unabridged.archive.records.accounts import LONGEST_PASSKEY_NAME, NewPasskey, Passkey
from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.tables_accounts import passkeys
from unabridged.errors import InvalidValue, LoginRefused, NotFound

MOST_PASSKEYS = 50
"""Passkeys of one person. Their names are sent to the browser when another one is added."""

DEFAULT_NAME = "Passkey"
COPIED = (
    "This passkey has been used before with a higher count: it may have been copied. "
    "Log in another way, remove it on the account page, and add a new one."
)


def passkey_name(text: str) -> str:
    """Return the name of a passkey: one line, "Passkey" for an empty one."""
    line = " ".join(storable(text).split())
    return "".join(sign for sign in line if sign.isprintable())[:LONGEST_PASSKEY_NAME].strip() or DEFAULT_NAME


def add(conn: Connection, user: int, new: NewPasskey, now: datetime) -> Passkey:
    """Add a passkey to a person. Raises NotFound; ArchiveError if it is in use, or there are too many."""
    users.lock(conn, user)
    if find(conn, new.credential_id) is not None:
        raise InvalidValue("This passkey is in use already.")
    if len(list_passkeys(conn, user)) >= MOST_PASSKEYS:
        raise InvalidValue(f"An account has at most {MOST_PASSKEYS} passkeys. Remove one first.")
    row = {
        "user_id": user,
        "credential_id": new.credential_id,
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "handle": new.handle,
        "name": passkey_name(new.name),
        "created": now,
    }
    number = conn.execute(insert(passkeys).returning(passkeys.c.id), row).scalar_one()
    return _decode(conn.execute(select(passkeys).where(passkeys.c.id == number)).one())


def find(conn: Connection, credential_id: bytes) -> Passkey | None:
    """Return the passkey with a credential ID; None if there is none."""
    row = conn.execute(select(passkeys).where(passkeys.c.credential_id == credential_id)).first()
    return None if row is None else _decode(row)


def list_passkeys(conn: Connection, user: int) -> tuple[Passkey, ...]:
    """Return a person's passkeys, oldest first."""
    mine = select(passkeys).where(passkeys.c.user_id == user).order_by(passkeys.c.id)
    return tuple(map(_decode, conn.execute(mine)))


def rename(conn: Connection, user: int, passkey: int, name: str) -> None:
    """Give one of a person's passkeys another name. Raises NotFound."""
    mine = (passkeys.c.id == passkey) & (passkeys.c.user_id == user)
    if conn.execute(update(passkeys).where(mine).values(name=passkey_name(name))).rowcount == 0:
        raise NotFound(f"There is no passkey {passkey}.")


def remove(conn: Connection, user: int, passkey: int) -> None:
    """Remove one of a person's passkeys. Raises NotFound; ArchiveError for the last way to log in."""
    users.lock(conn, user)
    mine = (passkeys.c.id == passkey) & (passkeys.c.user_id == user)
    if conn.execute(delete(passkeys).where(mine)).rowcount == 0:
        raise NotFound(f"There is no passkey {passkey}.")
    users.check_can_log_in(conn, user)


def note_use(conn: Connection, passkey: int, sign_count: int, now: datetime) -> None:
    """Store a use. Raises LoginRefused unless the count is higher than ever before, or always zero.

    https://www.w3.org/TR/webauthn-3/#sctn-sign-counter: authenticators that do not count send zero.
    """
    before = passkeys.c.sign_count
    counts = before < sign_count if sign_count > 0 else before == 0
    used = update(passkeys).where(passkeys.c.id == passkey, counts)
    if conn.execute(used.values(sign_count=sign_count, last_used=now)).rowcount == 0:
        raise LoginRefused(COPIED)


def _decode(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        user=row.user_id,
        name=row.name,
        credential_id=row.credential_id,
        public_key=row.public_key,
        created=row.created,
        last_used=row.last_used,
        handle=row.handle,
    )
