"""Folders of the document tree and the permanent numbers of articles in them."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, insert, select, update

from unabridged.archive.records.core import Source
from unabridged.archive.storage.tables import LISTED, articles, documents, sources
from unabridged.cleaning import clean_name
from unabridged.text.slugs import SAVED, slug_of
from unabridged.urls import host

MAX_TITLE = 40


def get_or_add_source(conn: Connection, slug: str, title: str | None) -> int:
    """Return the id of a source, added if missing; a given title replaces an empty one."""
    row = conn.execute(select(sources.c.id, sources.c.title).where(sources.c.slug == slug)).first()
    if row is None:
        return _add(conn, slug, title or slug, None)
    if title and row.title in ("", slug):
        conn.execute(update(sources).where(sources.c.id == row.id).values(title=clean_name(title)))
    return int(row.id)


def source_of_feed(conn: Connection, feed_id: int, feed_url: str, title: str) -> int:
    """Return the id of a feed's source; its slug is chosen when it is added and never changes.

    The slug comes from the feed's title if that is short and in ASCII, else from the host.
    """
    found = conn.execute(select(sources.c.id).where(sources.c.feed_id == feed_id)).scalar()
    if found is not None:
        return int(found)
    named = title.isascii() and len(title) <= MAX_TITLE and slug_of(title) != SAVED
    wanted = slug_of(title if named else host(feed_url).removeprefix("www."))
    slug, place = wanted, 2
    while conn.execute(select(sources.c.id).where(sources.c.slug == slug)).first() is not None:
        slug, place = f"{wanted}-{place}", place + 1
    return _add(conn, slug, title.strip() or slug, feed_id)


def source_of_page(conn: Connection, url: str) -> int:
    """Return the id of the source of a page saved by hand: its host."""
    name = host(url).removeprefix("www.")
    return get_or_add_source(conn, slug_of(name) if name else SAVED, None)


def _add(conn: Connection, slug: str, title: str, feed_id: int | None) -> int:
    row = {"slug": slug, "title": clean_name(title), "feed_id": feed_id, "last_number": 0}
    return int(conn.execute(insert(sources).returning(sources.c.id), row).scalar_one())


def list_sources(conn: Connection) -> tuple[Source, ...]:
    query = select(articles.c.source_id, func.count()).group_by(articles.c.source_id)
    counted: dict[int, int] = dict(conn.execute(query).all())
    for source, joined in conn.execute(
        query.where(~LISTED)
    ):  # apart, so that an index alone answers the first query
        counted[source] -= joined
    rows = conn.execute(select(sources).order_by(sources.c.slug))
    return tuple(
        Source(
            id=row.id, slug=row.slug, title=row.title, feed_id=row.feed_id, articles=counted.get(row.id, 0)
        )
        for row in rows
    )


def list_other_sources(conn: Connection) -> tuple[Source, ...]:
    """Return the sources that are no feeds and have articles: imported documents, pages saved by hand.

    The source of a feed that was merged into another is none: its articles are that feed's.
    """
    rows = conn.execute(select(sources).where(sources.c.feed_id.is_(None)).order_by(sources.c.slug)).all()
    mine = articles.c.source_id.in_([row.id for row in rows]) & articles.c.feed_id.is_(None)
    query = select(articles.c.source_id, func.count()).where(mine, LISTED).group_by(articles.c.source_id)
    counted: dict[int, int] = dict(conn.execute(query).all()) if rows else {}
    return tuple(
        Source(id=row.id, slug=row.slug, title=row.title, feed_id=None, articles=counted[row.id])
        for row in rows
        if row.id in counted
    )


def assign_number(conn: Connection, source_id: int, article_id: int, number: int | None) -> None:
    """Give an article its number in a source: the wanted one if it is free, else the next."""
    query = select(sources.c.last_number).where(sources.c.id == source_id).with_for_update()
    last = conn.execute(query).scalar_one()
    taken = select(documents.c.number).where(documents.c.source_id == source_id, documents.c.number == number)
    if number is None or number < 0 or conn.execute(taken).first() is not None:
        number = last + 1
    conn.execute(insert(documents), {"source_id": source_id, "number": number, "article_id": article_id})
    if number > last:
        conn.execute(update(sources).where(sources.c.id == source_id).values(last_number=number))


def assign_numbers(conn: Connection) -> int:
    """Number every article that has no number yet, oldest first within its source. Returns how many."""
    query = (
        select(articles.c.id, articles.c.source_id)
        .outerjoin(documents, documents.c.article_id == articles.c.id)
        .where(documents.c.article_id.is_(None), LISTED)
        .order_by(articles.c.source_id, articles.c.id)
    )
    waiting: dict[int, list[int]] = {}
    for article_id, source_id in conn.execute(query):
        waiting.setdefault(source_id, []).append(article_id)
    for source_id, numbers in waiting.items():
        _assign_all(conn, source_id, numbers)
    return sum(map(len, waiting.values()))


def _assign_all(conn: Connection, source_id: int, article_ids: list[int]) -> None:
    taken = update(sources).where(sources.c.id == source_id)
    more = taken.values(last_number=sources.c.last_number + len(article_ids)).returning(sources.c.last_number)
    first = conn.execute(more).scalar_one() - len(article_ids) + 1
    rows = [
        {"source_id": source_id, "number": first + place, "article_id": number}
        for place, number in enumerate(article_ids)
    ]
    conn.execute(insert(documents), rows)


def numbers_after(conn: Connection, slug: str, after: int, limit: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of document number and article id with document numbers above `after`, ascending."""
    query = (
        select(documents.c.number, documents.c.article_id)
        .join(sources, sources.c.id == documents.c.source_id)
        .join(articles, articles.c.id == documents.c.article_id)
        .where(sources.c.slug == slug, documents.c.number > after, LISTED)
        .order_by(documents.c.number)
        .limit(limit)
    )
    yield from conn.execute(query).all()
