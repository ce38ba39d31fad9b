"""Rows that an older version let in: cleaned in place, in batches, whatever database they are in.

Table, column -> how its value is mended. Instants are read as the bare numbers that they are stored as.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from unabridged import limits
from unabridged.archive.search_index.writer import CHUNK, index_stored, unindex
from unabridged.archive.storage.row_decoding import instant, listed
from unabridged.archive.storage.tables import holds_instant
from unabridged.cleaning import clean_guid, clean_line, clean_name, clean_text
from unabridged.urls import web_address

BATCH = 2_000
"""Rows looked at in one step."""

Mend = Callable[[Any], Any]


def _line(most: int) -> Mend:
    return lambda value: value and clean_line(value)[:most]


def _text(most: int) -> Mend:
    return lambda value: value and clean_text(value)[:most]


def _address(value: str | None) -> str | None:
    return web_address(value)


def _own_address(value: str) -> str:
    return web_address(value) or ""


def _names(value: str) -> str:
    kept = [name for one in listed(value)[: limits.NAMES] if (name := clean_name(one))]
    return value if kept == list(listed(value)) and value.startswith("[") else orjson.dumps(kept).decode()


def _hubs(value: str) -> str:
    kept = [hub for one in listed(value)[: limits.HUBS] if (hub := web_address(one))]
    return value if kept == list(listed(value)) and value.startswith("[") else orjson.dumps(kept).decode()


def _published(value: str | None) -> str | None:
    found = instant(value)
    return None if found is None else found.isoformat()


def _moment(value: int | None) -> int | None:
    """An instant that is one; what none can be stands at the end of lists, in 1970."""
    return value if value is None or holds_instant(value) else 0


TITLE, SUMMARY = _line(limits.TITLE), _text(limits.SUMMARY)
COLUMNS: Mapping[str, Mapping[str, Mend]] = {
    "feeds": {
        "title": TITLE,
        "description": SUMMARY,
        "site_url": _address,
        "icon": _address,
        "language": _line(limits.LANGUAGE),
        "hubs": _hubs,
        "last_post": _moment,
    },
    "sources": {"title": TITLE},
    "subscriptions": {"title": TITLE},
    "articles": {
        "url": _own_address,
        "title": TITLE,
        "summary": SUMMARY,
        "authors": _names,
        "lead_image": _address,
        "language": _line(limits.LANGUAGE),
        "published": _published,
        "sort_at": _moment,
        "first_seen": _moment,
    },
    "items": {"sort_at": _moment, "delivered": _moment},
    "sightings": {
        "url": _own_address,
        "guid": lambda value: value and clean_guid(value),
        "sort_at": _moment,
        "seen": _moment,
    },
    "revisions": {
        "title": TITLE,
        "reason": _line(10_000),
        "saved": _moment,
        "fetched": _moment,
    },
}
"""Table -> columns that hold what came from outside."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("user_id", "feed_id"),
    "sightings": ("feed_id", "article_id"),
    "revisions": ("article_id", "number"),
}
"""Tables whose rows are not told apart by `id` alone."""


def mend(conn: Connection) -> None:
    """Clean every row that shows what came from outside, and index anew the articles that changed.

    Versions keep their bytes, of which their fingerprints are; those are cleaned whenever they are read.
    """
    changed = mend_rows(conn)
    for start in range(0, len(changed), CHUNK):
        part = changed[start : start + CHUNK]
        unindex(conn, part)
        index_stored(conn, part)


def mend_rows(conn: Connection) -> tuple[int, ...]:
    """Clean the rows; returns the numbers of the articles whose line in lists changed."""
    changed: list[int] = []
    for name, columns in COLUMNS.items():
        found = list(_mend(conn, name, columns))
        changed += [key[0] for key in found] if name == "articles" else []
    return tuple(changed)


def _mend(conn: Connection, name: str, columns: Mapping[str, Mend]) -> Iterator[tuple[int, ...]]:
    """Clean the rows of a table; yields the keys of those that changed."""
    keys = KEYS.get(name, ("id",))
    table = sa.table(name, *(sa.column(one) for one in (*keys, *columns)))
    key = [table.c[one] for one in keys]
    query = sa.select(table).order_by(*key).limit(BATCH)
    place: tuple[int, ...] | None = None
    while True:
        after = query if place is None else query.where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, place)))
        rows = conn.execute(after).mappings().all()
        for row in rows:
            fit = {one: mend(row[one]) for one, mend in columns.items()}
            new = {one: value for one, value in fit.items() if value != row[one]}
            if new:
                mine = sa.and_(*(column == row[column.name] for column in key))
                conn.execute(sa.update(table).where(mine).values(**new))
                yield tuple(row[one] for one in keys)
        if len(rows) < BATCH:
            return
        place = tuple(rows[-1][one] for one in keys)
