"""API tokens of users; only their hashes are stored."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.library import TOKEN_SCOPES, NewToken, Token
from unabridged.archive.storage.tables import users
from unabridged.archive.storage.tables_library import tokens
from unabridged.errors import ArchiveError, NotFound

SECRET_BYTES = 24
"""192 random bits: nobody guesses that, so a fast hash is enough to keep."""

PREFIX = "unabridged_"
"""By which people, and scanners of leaked files, know what they look at."""

MAX_NAME = 100


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
