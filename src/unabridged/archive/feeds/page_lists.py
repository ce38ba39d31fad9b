"""Lists of pages that serve as feeds, as stored: what was learnt, examples, known items, versions."""

from datetime import datetime

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import StoredList
from unabridged.archive.storage.codec import PAGE_LEVEL, compress, decompress
from unabridged.archive.storage.tables import feeds
from unabridged.archive.storage.tables_sites import page_lists, page_versions
from unabridged.errors import InvalidValue

LONGEST_PROFILE = 20_000
"""Characters of a stored profile."""
MOST_EXAMPLES = 10
LONGEST_EXAMPLE = 500
MOST_KNOWN = 200
LONGEST_KNOWN = 2_000
"""Characters of an address or title that is stored as a known item's."""

_L, _V = page_lists.c, page_versions.c


def load(conn: Connection, feed_id: int) -> StoredList | None:
    """Return what is known about the list of a feed's page, None for a feed that is none."""
    row = conn.execute(select(page_lists).where(_L.feed_id == feed_id)).first()
    if row is None:
        return None
    bodies = conn.execute(select(_V.body).where(_V.feed_id == feed_id).order_by(_V.number)).scalars()
    return StoredList(
        profile=row.profile,
        examples=tuple(orjson.loads(row.examples)),
        known=tuple((url, title) for url, title in orjson.loads(row.known)),
        pages=tuple(map(decompress, bodies)),
        learnt=row.learnt,
    )


def save(conn: Connection, feed_id: int, listed: StoredList) -> None:
    """Replace what is known about the list of a feed's page. Raises InvalidValue for too many examples."""
    if len(listed.examples) > MOST_EXAMPLES or any(len(one) > LONGEST_EXAMPLE for one in listed.examples):
        raise InvalidValue(
            f"Point at no more than {MOST_EXAMPLES} headlines of at most {LONGEST_EXAMPLE} characters."
        )
    conn.execute(delete(page_lists).where(_L.feed_id == feed_id))
    conn.execute(delete(page_versions).where(_V.feed_id == feed_id))
    known = [pair for pair in listed.known if max(map(len, pair)) <= LONGEST_KNOWN][:MOST_KNOWN]
    row = {
        "feed_id": feed_id,
        "profile": storable(listed.profile) if len(listed.profile) <= LONGEST_PROFILE else "",
        "examples": _json(listed.examples),
        "known": _json(known),
        "learnt": listed.learnt,
    }
    conn.execute(insert(page_lists), row)
    bodies = [
        {"feed_id": feed_id, "number": number, "body": compress(body, PAGE_LEVEL)}
        for number, body in enumerate(listed.pages)
    ]
    if bodies:
        conn.execute(insert(page_versions), bodies)


def save_polled(conn: Connection, feed_id: int, listed: StoredList) -> None:
    """Store what a poll learnt, unless a person chose another list of the page meanwhile."""
    chosen = conn.execute(select(_L.examples).where(_L.feed_id == feed_id)).scalar()
    if chosen is None or chosen == _json(listed.examples):
        save(conn, feed_id, listed)


def _json(value: object) -> str:
    return storable(orjson.dumps(value).decode())


def choose(conn: Connection, feed_id: int, listed: StoredList, marker: str, now: datetime) -> None:
    """Store another choice of a page's list, and read the page whole at once.

    marker: hash of the document that marks the feed as a page's list.
    """
    save(conn, feed_id, listed)
    fresh = {"etag": None, "last_modified": None, "body_sha256": marker, "next_poll_at": now}
    conn.execute(update(feeds).where(feeds.c.id == feed_id).values(**fresh))
