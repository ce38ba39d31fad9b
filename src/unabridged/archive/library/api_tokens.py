"""API tokens of users, stored as hashes."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from unabridged.archive.accounts.secret_hashes import secret_hash
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.library import TOKEN_PREFIX, TOKEN_SCOPES, NewToken, Token
from unabridged.archive.storage.tables import users
from unabridged.archive.storage.tables_library import tokens
from unabridged.errors import InvalidValue, NotFound

SECRET_BYTES = 24
"""192 random bits cannot be guessed, so a fast hash is safe."""

MAX_NAME = 100
TOUCH_AFTER = timedelta(minutes=1)
"""The time of last use is written at most this often."""


def create(conn: Connection, user: int, name: str, scope: str, now: datetime) -> NewToken:
    """Create a token; only the returned record has its secret."""
    if scope not in TOKEN_SCOPES:
        raise InvalidValue(f"Tokens have no scope {scope!r}, only {', '.join(TOKEN_SCOPES)}.")
    clean = storable(name).strip()
    if not clean or len(clean) > MAX_NAME:
        raise InvalidValue(
            f"A token needs a name of 1 to {MAX_NAME} characters: the program that will use it."
        )
    owner = conn.execute(select(users.c.name).where(users.c.id == user)).scalar()
    if owner is None:
        raise NotFound(f"There is no user {user}.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = {
        "user_id": user,
        "name": clean,
        "scope": scope,
        "secret_hash": secret_hash(secret),
        "fever_hash": secret_hash(fever_key(owner, secret)),
        "created": now,
    }
    number = conn.execute(insert(tokens).returning(tokens.c.id), row).scalar_one()
    return NewToken(secret=secret, token=_decode(_fetch_one(conn, tokens.c.id == number)))


def fever_key(name: str, secret: str) -> str:
    """Return the API key of a Fever client: MD5 of "name:password" in lower-case hex. It is a secret too."""
    return hashlib.md5(f"{name}:{secret}".encode(), usedforsecurity=False).hexdigest()


def _fetch_one(conn: Connection, which: ColumnElement[bool]) -> Row[Any]:
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    return conn.execute(query.where(which)).one()


def _decode(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        user=row.user_id,
        user_name=row.user_name,
        name=row.name,
        scope=row.scope,
        created=row.created,
        last_used=row.last_used,
    )


def list_tokens(conn: Connection, user: int) -> tuple[Token, ...]:
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    rows = conn.execute(query.where(tokens.c.user_id == user).order_by(tokens.c.id))
    return tuple(_decode(row) for row in rows)


def find(conn: Connection, secret: str) -> Token | None:
    """Return the token with a secret; None if there is none."""
    return _find(conn, tokens.c.secret_hash == secret_hash(secret))


def find_by_fever_key(conn: Connection, key: str) -> Token | None:
    """Return the token of a Fever client; None if there is none."""
    return _find(conn, tokens.c.fever_hash == secret_hash(key))


def _find(conn: Connection, which: ColumnElement[bool]) -> Token | None:
    query = select(tokens, users.c.name.label("user_name")).join(users, users.c.id == tokens.c.user_id)
    row = conn.execute(query.where(which)).first()
    return None if row is None else _decode(row)


def is_stale(token: Token, now: datetime) -> bool:
    """Say whether the time of a token's last use is to be written."""
    return token.last_used is None or now - token.last_used >= TOUCH_AFTER


def touch(conn: Connection, token_id: int, now: datetime) -> None:
    conn.execute(update(tokens).where(tokens.c.id == token_id).values(last_used=now))


def remove(conn: Connection, user: int, token_id: int) -> None:
    mine = (tokens.c.id == token_id) & (tokens.c.user_id == user)
    if conn.execute(delete(tokens).where(mine)).rowcount == 0:
        raise NotFound(f"There is no token {token_id}. `unabridged token list` shows the tokens.")
