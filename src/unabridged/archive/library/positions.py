"""Positions of users in audio and video files of articles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from unabridged.archive.articles.duplicates import resolve_duplicates
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.articles.versions import CHUNK, article_not_found
from unabridged.archive.records.library import LONGEST_MEDIA, Position
from unabridged.archive.storage.tables import articles
from unabridged.archive.storage.tables_library import positions
from unabridged.errors import InvalidValue

LONGEST = 1_000_000
"""Most seconds of a position or length: eleven days."""

MAX_POSITIONS = 20_000
"""Most positions of a user; the oldest makes room for a new one."""


def store(
    conn: Connection,
    user: int,
    article_id: int,
    media: str,
    seconds: int,
    length: int | None,
    now: datetime,
) -> None:
    """Store where a user is in a file. Raises NotFound; InvalidValue for an impossible key or time."""
    check_article(conn, user, article_id)
    if not 0 < len(media) <= LONGEST_MEDIA or not media.isalnum() or not media.isascii():
        raise InvalidValue("This is not the key of a file of an article.")
    if not 0 <= seconds <= LONGEST or (length is not None and not 0 < length <= LONGEST):
        raise InvalidValue(f"A position is between 0 and {LONGEST:,} seconds.")
    [number] = resolve_duplicates(conn, [article_id])
    if conn.execute(select(articles.c.id).where(articles.c.id == number)).first() is None:
        raise article_not_found(article_id)
    mine = positions.c.user_id == user
    this = mine & (positions.c.article_id == number) & (positions.c.media == media)
    values: dict[str, Any] = {"seconds": seconds, "updated": now}
    if length is not None:
        values["length"] = length
    if conn.execute(update(positions).where(this).values(**values)).rowcount == 0:
        _make_room(conn, user)
        row = {"user_id": user, "article_id": number, "media": media, "length": length, **values}
        conn.execute(insert(positions), row)


def _make_room(conn: Connection, user: int) -> None:
    """Remove the oldest position of a user who has the most that there may be."""
    mine = positions.c.user_id == user
    if conn.execute(select(func.count()).select_from(positions).where(mine)).scalar_one() < MAX_POSITIONS:
        return
    oldest = conn.execute(select(positions).where(mine).order_by(positions.c.updated).limit(1)).one()
    this = mine & (positions.c.article_id == oldest.article_id) & (positions.c.media == oldest.media)
    conn.execute(delete(positions).where(this))


def of_article(conn: Connection, user: int, article_id: int) -> tuple[Position, ...]:
    """Return a user's positions in the files of an article, the latest first."""
    number = (resolve_duplicates(conn, [article_id]) or [article_id])[0]
    return _of_articles(conn, user, [number])


def of_articles(conn: Connection, user: int, article_ids: Iterable[int]) -> tuple[Position, ...]:
    """Return a user's positions in the files of articles that are no duplicates, the latest first."""
    numbers = tuple(article_ids)
    parts = (_of_articles(conn, user, numbers[at : at + CHUNK]) for at in range(0, len(numbers), CHUNK))
    return tuple(one for part in parts for one in part)


def latest(conn: Connection, user: int, article_ids: Iterable[int]) -> dict[int, Position]:
    """Map article numbers to a user's latest position there; articles without any are left out."""
    numbers = tuple(article_ids)
    found: dict[int, Position] = {}
    for start in range(0, len(numbers), CHUNK):
        for one in _of_articles(conn, user, numbers[start : start + CHUNK]):
            found.setdefault(one.article_id, one)
    return found


def _of_articles(conn: Connection, user: int, article_ids: Sequence[int]) -> tuple[Position, ...]:
    mine = (positions.c.user_id == user) & positions.c.article_id.in_(article_ids)
    rows = conn.execute(select(positions).where(mine).order_by(positions.c.updated.desc(), positions.c.media))
    return tuple(map(_decode, rows))


def _decode(row: Row[Any]) -> Position:
    return Position(
        article_id=row.article_id,
        media=row.media,
        seconds=row.seconds,
        length=row.length,
        updated=row.updated,
    )
