"""Share links of users: each opens one version of an article to whoever has its address."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select

from unabridged.archive.accounts.secret_hashes import new_secret, secret_hash
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.records.library import NewShare, Share
from unabridged.archive.storage.tables import revisions
from unabridged.archive.storage.tables_library import shares
from unabridged.errors import InvalidValue, NotFound

MAX_SHARES = 10_000
"""Most links of a person."""


def create(conn: Connection, user: int, article_id: int, number: int, now: datetime) -> NewShare:
    """Make a link to a version; only the returned record has its secret."""
    check_article(conn, user, article_id)
    which = (revisions.c.article_id == article_id) & (revisions.c.number == number)
    if conn.execute(select(revisions.c.number).where(which)).first() is None:
        raise NotFound(f"Article {article_id} has no version {number}.")
    mine = select(func.count()).select_from(shares).where(shares.c.user_id == user)
    if conn.execute(mine).scalar_one() >= MAX_SHARES:
        raise InvalidValue(f"You have {MAX_SHARES:,} share links. Remove some first.")
    secret = new_secret()
    row = {
        "user_id": user,
        "article_id": article_id,
        "number": number,
        "secret_hash": secret_hash(secret),
        "created": now,
    }
    made = conn.execute(insert(shares).returning(shares.c.id), row).scalar_one()
    found = conn.execute(_query(shares.c.id == made)).one()
    return NewShare(secret=secret, share=_decode(found))


def _query(which: ColumnElement[bool]) -> Select[Any]:
    version = (revisions.c.article_id == shares.c.article_id) & (revisions.c.number == shares.c.number)
    return select(shares, revisions.c.title).join(revisions, version).where(which)


def _decode(row: Row[Any]) -> Share:
    return Share(
        id=row.id,
        user=row.user_id,
        article_id=row.article_id,
        number=row.number,
        title=row.title,
        created=row.created,
    )


def list_shares(conn: Connection, user: int, limit: int) -> tuple[Share, ...]:
    rows = conn.execute(_query(shares.c.user_id == user).order_by(shares.c.id.desc()).limit(limit))
    return tuple(_decode(row) for row in rows)


def find(conn: Connection, secret: str) -> Share | None:
    """Return the link with a secret; None if there is none."""
    row = conn.execute(_query(shares.c.secret_hash == secret_hash(secret))).first()
    return None if row is None else _decode(row)


def remove(conn: Connection, user: int, share_id: int) -> None:
    mine = (shares.c.id == share_id) & (shares.c.user_id == user)
    if conn.execute(delete(shares).where(mine)).rowcount == 0:
        raise NotFound(f"There is no share link {share_id}.")
