"""Highlights of users: words of articles with notes, stored as quotes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from unabridged.archive.articles.permissions import check_article
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.library import LONGEST_NOTE, LONGEST_QUOTE, Highlight
from unabridged.archive.storage.tables import articles, revisions
from unabridged.archive.storage.tables_library import highlights
from unabridged.cleaning import clean_text
from unabridged.errors import InvalidValue, NotFound
from unabridged.text.quotes import CONTEXT, Quote
from unabridged.urls import web_address

MAX_HIGHLIGHTS = 200
"""Most highlights of a person in one article."""


def add(
    conn: Connection, user: int, article_id: int, number: int, quote: Quote, note: str, now: datetime
) -> int:
    """Store a highlight; returns its number. Raises InvalidValue and NotFound."""
    check_article(conn, user, article_id)
    version = (revisions.c.article_id == article_id) & (revisions.c.number == number)
    if conn.execute(select(revisions.c.number).where(version)).first() is None:
        raise NotFound(f"Article {article_id} has no version {number}.")
    exact = _clean(quote.exact)
    if not exact or len(exact) > LONGEST_QUOTE:
        raise InvalidValue(f"A highlight has 1 to {LONGEST_QUOTE:,} characters.")
    mine = (highlights.c.user_id == user) & (highlights.c.article_id == article_id)
    if conn.execute(select(func.count()).select_from(highlights).where(mine)).scalar_one() >= MAX_HIGHLIGHTS:
        raise InvalidValue(f"This article has {MAX_HIGHLIGHTS} highlights. Remove some first.")
    row = {
        "user_id": user,
        "article_id": article_id,
        "number": number,
        "exact": exact,
        "prefix": _clean(quote.prefix)[-2 * CONTEXT :],
        "suffix": _clean(quote.suffix)[: 2 * CONTEXT],
        "note": _note(note),
        "created": now,
    }
    return int(conn.execute(insert(highlights).returning(highlights.c.id), row).scalar_one())


def _clean(text: str) -> str:
    return " ".join(clean_text(storable(text)).split())


def _note(text: str) -> str:
    note = clean_text(storable(text)).strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidValue(f"A note has up to {LONGEST_NOTE:,} characters.")
    return note


def _query(user: int) -> Select[Any]:
    return (
        select(highlights, articles.c.title, articles.c.url)
        .join(articles, articles.c.id == highlights.c.article_id)
        .where(highlights.c.user_id == user)
    )


def _decode(row: Row[Any]) -> Highlight:
    return Highlight(
        id=row.id,
        article_id=row.article_id,
        number=row.number,
        quote=Quote(exact=row.exact, prefix=row.prefix, suffix=row.suffix),
        note=row.note,
        created=row.created,
        title=row.title,
        url=web_address(row.url) or "",
    )


def of_article(conn: Connection, user: int, article_id: int) -> tuple[Highlight, ...]:
    query = _query(user).where(highlights.c.article_id == article_id).order_by(highlights.c.id)
    return tuple(_decode(row) for row in conn.execute(query))


def page(conn: Connection, user: int, before: int | None, limit: int) -> tuple[Highlight, ...]:
    """Return highlights, newest first. before: number of the last one of the page before."""
    query = _query(user)
    if before is not None:
        query = query.where(highlights.c.id < before)
    rows = conn.execute(query.order_by(highlights.c.id.desc()).limit(limit))
    return tuple(_decode(row) for row in rows)


def by_article(conn: Connection, user: int) -> tuple[Highlight, ...]:
    """Return all highlights, those of one article together."""
    query = _query(user).order_by(highlights.c.article_id, highlights.c.id)
    return tuple(_decode(row) for row in conn.execute(query))


def set_note(conn: Connection, user: int, highlight_id: int, note: str) -> None:
    mine = (highlights.c.id == highlight_id) & (highlights.c.user_id == user)
    if conn.execute(update(highlights).where(mine).values(note=_note(note))).rowcount == 0:
        raise _not_found(highlight_id)


def remove(conn: Connection, user: int, highlight_id: int) -> None:
    mine = (highlights.c.id == highlight_id) & (highlights.c.user_id == user)
    if conn.execute(delete(highlights).where(mine)).rowcount == 0:
        raise _not_found(highlight_id)


def _not_found(highlight_id: int) -> NotFound:
    return NotFound(f"There is no highlight {highlight_id}.")
