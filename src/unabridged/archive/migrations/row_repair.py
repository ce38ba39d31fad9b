"""Repair of rows that an older version accepted: cleaned in place, in batches, on either database.

A table gives the repair of each column. Instants are read as the integers that are stored.
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
"""Rows read in one step."""

Clean = Callable[[Any], Any]


def _clean_line_to(most: int) -> Clean:
    return lambda value: value and clean_line(value)[:most]


def _clean_text_to(most: int) -> Clean:
    return lambda value: value and clean_text(value)[:most]


def _address(value: str | None) -> str | None:
    return web_address(value)


def _own_address(value: str) -> str:
    return web_address(value) or ""


def _names(value: str) -> str:
    valid = [name for one in listed(value)[: limits.NAMES] if (name := clean_name(one))]
    return value if valid == list(listed(value)) and value.startswith("[") else orjson.dumps(valid).decode()


def _hubs(value: str) -> str:
    valid = [hub for one in listed(value)[: limits.HUBS] if (hub := web_address(one))]
    return value if valid == list(listed(value)) and value.startswith("[") else orjson.dumps(valid).decode()


def _published(value: str | None) -> str | None:
    found = instant(value)
    return None if found is None else found.isoformat()


def _valid_instant(value: int | None) -> int | None:
    """Return a valid instant; an invalid one becomes 1970, the end of lists."""
    return value if value is None or holds_instant(value) else 0


TITLE, SUMMARY = _clean_line_to(limits.TITLE), _clean_text_to(limits.SUMMARY)
COLUMNS: Mapping[str, Mapping[str, Clean]] = {
    "feeds": {
        "title": TITLE,
        "description": SUMMARY,
        "site_url": _address,
        "icon": _address,
        "language": _clean_line_to(limits.LANGUAGE),
        "hubs": _hubs,
        "last_post": _valid_instant,
    },
    "sources": {"title": TITLE},
    "subscriptions": {"title": TITLE},
    "articles": {
        "url": _own_address,
        "title": TITLE,
        "summary": SUMMARY,
        "authors": _names,
        "lead_image": _address,
        "language": _clean_line_to(limits.LANGUAGE),
        "published": _published,
        "sort_at": _valid_instant,
        "first_seen": _valid_instant,
    },
    "items": {"sort_at": _valid_instant, "delivered": _valid_instant},
    "sightings": {
        "url": _own_address,
        "guid": lambda value: value and clean_guid(value),
        "sort_at": _valid_instant,
        "seen": _valid_instant,
    },
    "revisions": {
        "title": TITLE,
        "reason": _clean_line_to(10_000),
        "saved": _valid_instant,
        "fetched": _valid_instant,
    },
}
"""Table -> column with outside data -> its repair."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("user_id", "feed_id"),
    "sightings": ("feed_id", "article_id"),
    "revisions": ("article_id", "number"),
}
"""Key columns of tables without an `id`."""


def repair(conn: Connection) -> None:
    """Clean every row with outside data, and reindex the articles that changed.

    Records of versions keep their bytes, since their hashes depend on them; they are cleaned when read.
    """
    changed = clean_rows(conn)
    for start in range(0, len(changed), CHUNK):
        part = changed[start : start + CHUNK]
        unindex(conn, part)
        index_stored(conn, part)


def clean_rows(conn: Connection) -> tuple[int, ...]:
    """Clean the rows; returns the numbers of the articles whose row changed."""
    changed: list[int] = []
    for name, columns in COLUMNS.items():
        found = list(_clean_table(conn, name, columns))
        changed += [key[0] for key in found] if name == "articles" else []
    return tuple(changed)


def _clean_table(conn: Connection, name: str, columns: Mapping[str, Clean]) -> Iterator[tuple[int, ...]]:
    """Clean the rows of a table; yields the keys of the changed ones."""
    keys = KEYS.get(name, ("id",))
    table = sa.table(name, *(sa.column(one) for one in (*keys, *columns)))
    key = [table.c[one] for one in keys]
    query = sa.select(table).order_by(*key).limit(BATCH)
    place: tuple[int, ...] | None = None
    while True:
        after = query if place is None else query.where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, place)))
        rows = conn.execute(after).mappings().all()
        for row in rows:
            fit = {one: clean(row[one]) for one, clean in columns.items()}
            new = {one: value for one, value in fit.items() if value != row[one]}
            if new:
                mine = sa.and_(*(column == row[column.name] for column in key))
                conn.execute(sa.update(table).where(mine).values(**new))
                yield tuple(row[one] for one in keys)
        if len(rows) < BATCH:
            return
        place = tuple(rows[-1][one] for one in keys)
