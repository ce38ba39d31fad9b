"""Users, and the tokens by which their programs are let in; only hashes of tokens are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from unabridged.archive.records.library import TOKEN_SCOPES, NewToken, Token, User
from unabridged.archive.storage.codec import storable
from unabridged.archive.storage.tables import users
from unabridged.archive.storage.tables_library import tokens
from unabridged.errors import ArchiveError, NotFound

SECRET_BYTES = 24
"""192 random bits: nobody guesses that, so a fast hash is enough to keep."""

PREFIX = "unabridged_"
"""By which people, and scanners of leaked files, know what they look at."""

MAX_NAME = 100
USED_EVERY = timedelta(minutes=1)
"""The last use is written down once in this time, so that reading does not become writing."""


def add_user(conn: Connection, name: str, now: datetime) -> int:
    clean = storable(name).strip()
    if not clean or len(clean) > MAX_NAME or ":" in clean:
        raise ArchiveError(f"{name[:40]!r} is no name for a user: 1 to {MAX_NAME} signs, no colon.")
    if conn.execute(select(users.c.id).where(users.c.name == clean)).first() is not None:
        raise ArchiveError(f"There is a user {clean!r} already.")
    made = insert(users).returning(users.c.id)
    return int(conn.execute(made, {"name": clean, "created": now}).scalar_one())


def every_user(conn: Connection) -> tuple[User, ...]:
    rows = conn.execute(select(users).order_by(users.c.id))
    return tuple(User(id=row.id, name=row.name, created=row.created) for row in rows)


def make(conn: Connection, user: int, name: str, scope: str, now: datetime) -> NewToken:
    """Make a token; this is the only time that its secret is known."""
    if scope not in TOKEN_SCOPES:
        raise ArchiveError(f"{scope!r} is no scope of a token. There are: {', '.join(TOKEN_SCOPES)}.")
    clean = storable(name).strip()
    if not clean or len(clean) > MAX_NAME:
        raise ArchiveError(f"A token needs a name of 1 to {MAX_NAME} signs: the program that will use it.")
    owner = conn.execute(select(users.c.name).where(users.c.id == user)).scalar()
    if owner is None:
        raise NotFound(f"There is no user {user}.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = {
        "user_id": user,
        "name": clean,
        "scope": scope,
        "secret_hash": _hash(secret),
        "fever_hash": _hash(fever_key(owner, secret)),
        "created": now,
    }
    number = conn.execute(insert(tokens).returning(tokens.c.id), row).scalar_one()
    return NewToken(secret=secret, token=_token(_row(conn, tokens.c.id == number)))


def fever_key(name: str, secret: str) -> str:
    """What a Fever client sends: MD5 of "name:password", in lower-case hex. It opens as much as they do."""
    return hashlib.md5(f"{name}:{secret}".encode(), usedforsecurity=False).hexdigest()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _row(conn: Connection, which: ColumnElement[bool]) -> Row[Any]:
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    return conn.execute(query.where(which)).one()


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        user=row.user_id,
        user_name=row.user_name,
        name=row.name,
        scope=row.scope,
        created=row.created,
        last_used=row.last_used,
    )


def every_token(conn: Connection, user: int) -> tuple[Token, ...]:
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    rows = conn.execute(query.where(tokens.c.user_id == user).order_by(tokens.c.id))
    return tuple(_token(row) for row in rows)


def remove(conn: Connection, user: int, token_id: int) -> None:
    mine = (tokens.c.id == token_id) & (tokens.c.user_id == user)
    if conn.execute(delete(tokens).where(mine)).rowcount == 0:
        raise NotFound(f"There is no token {token_id}. `unabridged token list` shows those there are.")


def find(conn: Connection, *, secret: str | None = None, fever: str | None = None) -> Token | None:
    """The token that was presented, None for one that is unknown or was removed.

    It is looked up by a hash of what was sent, so the time it takes tells nothing about the real ones.
    """
    if secret is not None:
        which = tokens.c.secret_hash == _hash(secret)
    elif fever is not None:
        which = tokens.c.fever_hash == _hash(fever.lower())
    else:
        return None
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    row = conn.execute(query.where(which)).first()
    return None if row is None else _token(row)


def is_stale(token: Token, now: datetime) -> bool:
    """Whether a token's last use is worth writing down again."""
    return token.last_used is None or abs(now - token.last_used) >= USED_EVERY


def touch(conn: Connection, token_id: int, now: datetime) -> None:
    conn.execute(update(tokens).where(tokens.c.id == token_id).values(last_used=now))
