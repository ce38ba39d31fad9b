"""Credited sources of stored articles."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables_stories import attributions
from unabridged.stories.attributions import Attribution, Relation

MOST_AT_ONCE = 500
"""Articles in one query."""


def add_attributions(conn: Connection, article_id: int, found: Sequence[Attribution]) -> None:
    """Store the attributions of an article's current text; those of an earlier one must be removed first."""
    insert_rows(conn, attributions, [_row(article_id, place, one) for place, one in enumerate(found)])


def load_attributions(conn: Connection, article_id: int) -> tuple[Attribution, ...]:
    """Return the attributions of an article in the order of its text."""
    query = select(attributions).where(attributions.c.article_id == article_id)
    return tuple(map(_attribution, conn.execute(query.order_by(attributions.c.place)).mappings()))


def attributions_among(conn: Connection, article_ids: Sequence[int]) -> dict[int, tuple[Attribution, ...]]:
    """Map articles to their attributions, each in the order of the text; those without any are left out."""
    query = select(attributions).order_by(attributions.c.article_id, attributions.c.place)
    found: dict[int, list[Attribution]] = {}
    for start in range(0, len(article_ids), MOST_AT_ONCE):
        some = attributions.c.article_id.in_(article_ids[start : start + MOST_AT_ONCE])
        for row in conn.execute(query.where(some)).mappings():
            found.setdefault(row["article_id"], []).append(_attribution(row))
    return {article_id: tuple(some) for article_id, some in found.items()}


def _row(article_id: int, place: int, one: Attribution) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "place": place,
        "source": storable(one.source),
        "mention": storable(one.mention),
        "domain": one.domain,
        "country": one.country,
        "relation": one.relation.value,
        "parent": one.parent,
        "evidence": storable(one.evidence),
        "confidence": one.confidence,
        "times": one.times,
    }


def _attribution(row: RowMapping) -> Attribution:
    return Attribution(
        source=row["source"],
        mention=row["mention"],
        domain=row["domain"],
        country=row["country"],
        relation=Relation(row["relation"]),
        parent=row["parent"],
        evidence=row["evidence"],
        confidence=row["confidence"],
        times=row["times"],
    )
