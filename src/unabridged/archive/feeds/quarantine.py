"""Feed documents that crashed the process that parsed them, stored for inspection."""

from sqlalchemy import Connection, delete, insert, select

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import Quarantined
from unabridged.archive.storage.codec import compress, decompress
from unabridged.archive.storage.tables import quarantine


def save(conn: Connection, body: Quarantined) -> None:
    conn.execute(delete(quarantine).where(quarantine.c.feed_id == body.feed_id))
    row = {
        "feed_id": body.feed_id,
        "at": body.at,
        "content_type": None if body.content_type is None else storable(body.content_type),
        "why": storable(body.why),
        "body": compress(body.body),
    }
    conn.execute(insert(quarantine), row)


def load(conn: Connection, feed_id: int) -> Quarantined | None:
    row = conn.execute(select(quarantine).where(quarantine.c.feed_id == feed_id)).first()
    if row is None:
        return None
    return Quarantined(
        feed_id=row.feed_id,
        at=row.at,
        content_type=row.content_type,
        why=row.why,
        body=decompress(row.body),
    )


def feed_ids(conn: Connection) -> frozenset[int]:
    return frozenset(conn.execute(select(quarantine.c.feed_id)).scalars())
