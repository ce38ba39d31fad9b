"""Identities of people at login providers (OpenID Connect): issuer and subject."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from unabridged.archive.accounts import users
from unabridged.archive.records.accounts import LONGEST_NAME, Identity, Person
from unabridged.archive.storage.tables_accounts import identities
from unabridged.errors import InvalidValue, NotFound

LONGEST_SUBJECT = 255
"""OpenID Connect Core, 2: "It MUST NOT exceed 255 ASCII characters"."""

MOST_IDENTITIES = 20
TAKEN = "This login belongs to another account. Log out, and log in with it."
LINKED = "This login is linked to your account already."


def find_user(conn: Connection, person: Person) -> int | None:
    """Return the number of the account to which an identity belongs; None if to nobody's."""
    return conn.execute(select(identities.c.user_id).where(_is(person))).scalar()


def link(conn: Connection, user: int, person: Person) -> None:
    """Let a person log in with an identity. Raises NotFound; ArchiveError if it is somebody's already."""
    users.lock(conn, user)
    known = find_user(conn, person)
    if known is not None:
        raise InvalidValue(LINKED if known == user else TAKEN)
    if not 0 < len(person.subject) <= LONGEST_SUBJECT:
        raise InvalidValue("The provider names this person by something that is no OpenID Connect subject.")
    if len(list_identities(conn, user)) >= MOST_IDENTITIES:
        raise InvalidValue(f"An account has at most {MOST_IDENTITIES} linked logins. Remove one first.")
    row = {"user_id": user, "issuer": person.issuer, "subject": person.subject}
    conn.execute(insert(identities), row)


def list_identities(conn: Connection, user: int) -> tuple[Identity, ...]:
    """Return a person's identities, oldest first."""
    mine = select(identities).where(identities.c.user_id == user).order_by(identities.c.id)
    return tuple(map(_decode, conn.execute(mine)))


def unlink(conn: Connection, user: int, identity: int) -> None:
    """Remove one of a person's identities. Raises NotFound; ArchiveError for the last way to log in."""
    users.lock(conn, user)
    mine = (identities.c.id == identity) & (identities.c.user_id == user)
    if conn.execute(delete(identities).where(mine)).rowcount == 0:
        raise NotFound(f"There is no linked login {identity}.")
    users.check_can_log_in(conn, user)


def free_name(conn: Connection, person: Person) -> str:
    """Return a name for the new account of a person: the best that nobody has, with a number if need be."""
    names = [name for name in map(_as_name, person.names) if name]
    for name in names:
        if users.find_id(conn, name) is None:
            return name
    base = (names or ["reader"])[0][: LONGEST_NAME - 6].rstrip()
    tried = (f"{base} {number}" for number in range(2, 100_000))
    return next(name for name in tried if users.find_id(conn, name) is None)


def _as_name(text: str) -> str:
    """Return a name that an account may have, as near as can be; "" if nothing is left."""
    clean = "".join(sign for sign in text.replace(":", " ")[:200] if sign.isprintable())[:LONGEST_NAME]
    try:
        return users.user_name(clean)
    except InvalidValue:
        return ""


def _is(person: Person) -> ColumnElement[bool]:
    return (identities.c.issuer == person.issuer) & (identities.c.subject == person.subject)


def _decode(row: Row[Any]) -> Identity:
    return Identity(id=row.id, issuer=row.issuer, subject=row.subject)
