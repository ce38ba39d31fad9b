"""Size report of an archive: bytes by kind, by site, and of the database."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import OperationalError

from unabridged.archive.records.maintenance import KindSize, SiteSize, Sizes
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import LISTED, articles, dictionaries, revisions, snapshots
from unabridged.archive.storage.tables_library import blobs

TOP = 10


def measure(db: Database) -> Sizes:
    """Measure the size of an archive."""
    with db.reading() as conn:
        parts = (
            KindSize(name="articles", count=_listed(conn), stored=_sum(conn, articles.c.summary)),
            KindSize(
                name="versions",
                count=_count(conn, revisions),
                stored=_sum(conn, revisions.c.record) + _sum(conn, revisions.c.entry),
            ),
            KindSize(
                name="raw pages",
                count=_count(conn, snapshots),
                stored=_sum(conn, snapshots.c.body) + _sum(conn, snapshots.c.headers),
                raw=int(conn.execute(select(func.coalesce(func.sum(snapshots.c.size), 0))).scalar_one()),
            ),
            KindSize(
                name="dictionaries",
                count=_count(conn, dictionaries),
                stored=_sum(conn, dictionaries.c.body),
                raw=int(conn.execute(select(func.coalesce(func.sum(dictionaries.c.size), 0))).scalar_one()),
            ),
            KindSize(name="pictures", count=_count(conn, blobs), stored=_sum(conn, blobs.c.body)),
        )
        total, free, index = _sqlite_total(conn, db) if db.on_sqlite else _postgresql_total(conn)
        return Sizes(parts=parts, sites=_sites(conn), total=total, free=free, index=index)


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _listed(conn: Connection) -> int:
    joined = select(func.count()).select_from(articles).where(~LISTED)
    return _count(conn, articles) - int(conn.execute(joined).scalar_one())


def _sum(conn: Connection, column: Any) -> int:
    return int(conn.execute(select(func.coalesce(func.sum(func.length(column)), 0))).scalar_one())


def _sites(conn: Connection) -> tuple[SiteSize, ...]:
    site = func.coalesce(snapshots.c.site, "(saved before sites were recorded)").label("site")
    stored = func.sum(func.length(snapshots.c.body)).label("stored")
    query = select(site, func.count().label("pages"), stored, func.sum(snapshots.c.size).label("raw"))
    rows = conn.execute(query.group_by(snapshots.c.site).order_by(stored.desc()).limit(TOP))
    return tuple(
        SiteSize(site=row.site, pages=row.pages, stored=int(row.stored), raw=int(row.raw)) for row in rows
    )


def _sqlite_total(conn: Connection, db: Database) -> tuple[int, int, int | None]:
    def number(pragma: str) -> int:
        return int(conn.execute(text(f"PRAGMA {pragma}")).scalar_one())

    page = number("page_size")
    total = number("page_count") * page
    log = Path(f"{db.url.database}-wal")
    if db.url.database and log.is_file():
        total += log.stat().st_size
    return total, number("freelist_count") * page, _sqlite_indexes(conn)


def _sqlite_indexes(conn: Connection) -> int | None:
    """Return bytes of all indexes; None if SQLite was built without the dbstat table."""
    named = "SELECT name FROM sqlite_master WHERE type = 'index'"
    query = f"SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = 1 AND name IN ({named})"
    try:
        return int(conn.execute(text(query)).scalar_one())
    except OperationalError:
        return None


def _postgresql_total(conn: Connection) -> tuple[int, int, int | None]:
    ours = "relkind = 'r' AND relnamespace = to_regnamespace(current_schema())"

    def number(measure: str) -> int:
        query = f"SELECT coalesce(sum({measure}(oid)), 0) FROM pg_class WHERE {ours}"
        return int(conn.execute(text(query)).scalar_one())

    return number("pg_total_relation_size"), 0, number("pg_indexes_size")
