"""Re-extraction runs: stored pages extracted again, saved as versions and undone byte for byte."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from unabridged.archive.analysis.queue import enqueue
from unabridged.archive.articles.versions import (
    CurrentVersion,
    NewVersion,
    current_version,
    make_current,
    next_version_number,
)
from unabridged.archive.records.encoding import decode_article, storable
from unabridged.archive.records.library import Replay, ReplayChange, ReplaySelection, ReplaySource, Undone
from unabridged.archive.rules.filing import refile
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.codec import compress, decompress
from unabridged.archive.storage.row_decoding import entry_of, readable
from unabridged.archive.storage.tables import LISTED, articles, items, revisions, sightings, snapshots
from unabridged.archive.storage.tables_library import replay_changes, replays
from unabridged.archive.storage.tables_rules import search_items
from unabridged.cleaning import clean_article
from unabridged.errors import NotFound

ARTICLE_COLUMNS = (
    "title",
    "summary",
    "authors",
    "lead_image",
    "language",
    "words",
    "published",
    "sort_at",
    "revision",
    "images_at",
)
"""Columns of an article's row that a version sets."""


def sources_after(
    conn: Connection,
    after: int,
    limit: int,
    chosen: ReplaySelection,
    part: tuple[int, int] = (0, 1),
) -> tuple[ReplaySource, ...]:
    """Return articles with higher ids whose current version was extracted from a stored page, ascending.

    part: index of the part and number of parts.
    """
    query = _with_entries(chosen).where(articles.c.id > after)
    if part[1] > 1:
        query = query.where(articles.c.id % part[1] == part[0])
    return _sources(conn, query.order_by(articles.c.id).limit(limit))


def newest_sources(conn: Connection, feed: int, limit: int) -> tuple[ReplaySource, ...]:
    """Return the newest articles of a feed whose current version was extracted from a stored page."""
    newest = _with_entries(ReplaySelection(feed=feed)).order_by(
        articles.c.sort_at.desc(), articles.c.id.desc()
    )
    return _sources(conn, newest.limit(limit))


def _with_entries(chosen: ReplaySelection) -> Select[Any]:
    """Select sources with the feed's entry of each."""
    first = revisions.alias()
    columns = (
        revisions.c.article_id,
        revisions.c.number,
        revisions.c.record,
        revisions.c.snapshot_hash,
        revisions.c.fetched,
        first.c.entry,
    )
    beginning = (first.c.article_id == articles.c.id) & (first.c.number == 0)
    return _select_sources(select(*columns), chosen).outerjoin(first, beginning)


def _sources(conn: Connection, chosen: Select[Any]) -> tuple[ReplaySource, ...]:
    rows = conn.execute(chosen)
    return tuple(readable(rows.mappings(), _source, lambda row: f"article {row['article_id']}"))


def _source(row: RowMapping) -> ReplaySource:
    return ReplaySource(
        article_id=row["article_id"],
        revision=row["number"],
        article=decode_article(decompress(row["record"])),
        snapshot=row["snapshot_hash"].hex(),
        fetched=row["fetched"],
        entry=entry_of(row["entry"], f"the entry of article {row['article_id']}"),
    )


def _select_sources(query: Select[Any], chosen: ReplaySelection) -> Select[Any]:
    """Narrow a select to the current versions of listed articles that were extracted from a page."""
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = query.select_from(articles).join(revisions, current)
    query = query.where(revisions.c.snapshot_hash.is_not(None), LISTED)
    if chosen.feed is not None:
        shown = select(sightings.c.article_id).where(sightings.c.feed_id == chosen.feed)
        query = query.where(articles.c.id.in_(shown))
    if chosen.site is not None:
        of_site = select(snapshots.c.hash).where(snapshots.c.site == chosen.site)
        query = query.where(revisions.c.snapshot_hash.in_(of_site))
    if chosen.since is not None:
        query = query.where(revisions.c.fetched >= chosen.since)
    return query if chosen.until is None else query.where(revisions.c.fetched <= chosen.until)


def count_sources(conn: Connection, chosen: ReplaySelection) -> int:
    return int(conn.execute(_select_sources(select(func.count()), chosen)).scalar_one())


def begin(conn: Connection, asked: str, now: datetime) -> int:
    made = insert(replays).returning(replays.c.id)
    return int(conn.execute(made, {"started": now, "asked": storable(asked)}).scalar_one())


def finish(conn: Connection, replay_id: int, now: datetime) -> None:
    conn.execute(update(replays).where(replays.c.id == replay_id).values(finished=now))


def apply(conn: Connection, replay_id: int | None, changes: Sequence[ReplayChange], now: datetime) -> int:
    """Save re-extracted versions, except of articles that have changed since. Returns how many were saved.

    replay_id: the run that can be undone; None outside a run.
    """
    saved = 0
    for change in changes:
        current = current_version(conn, change.article_id)
        if current.number == change.base:
            _save(conn, replay_id, change, current, now)
            saved += 1
    return saved


def _save(
    conn: Connection, replay_id: int | None, change: ReplayChange, current: CurrentVersion, now: datetime
) -> None:
    mine = (revisions.c.article_id == change.article_id) & (revisions.c.number == change.base)
    made_of = conn.execute(select(revisions.c.snapshot_hash, revisions.c.fetched).where(mine)).one()
    number = next_version_number(conn, change.article_id)
    if replay_id is not None:
        row = {
            "replay_id": replay_id,
            "article_id": change.article_id,
            "number": number,
            "before": _prior_state(conn, change.article_id),
        }
        conn.execute(insert(replay_changes), row)
    version = NewVersion(
        article_id=change.article_id,
        number=number,
        source="replay",
        article=clean_article(change.article),
        saved=now,
        reason=change.reason,
        fetched=made_of.fetched,
        snapshot=made_of.snapshot_hash,
    )
    make_current(conn, version, current)


def _prior_state(conn: Connection, article_id: int) -> bytes:
    """Return what a new version will change outside its own row, as JSON of the values now, compressed."""
    raw = [articles.c[name] for name in ARTICLE_COLUMNS]
    row = conn.execute(select(*raw).where(articles.c.id == article_id)).mappings().one()
    places = {
        "items": select(items.c.id, items.c.sort_at).where(items.c.article_id == article_id),
        "sightings": select(sightings.c.feed_id, sightings.c.sort_at).where(
            sightings.c.article_id == article_id
        ),
    }
    state: dict[str, Any] = {str(name): _to_json_value(value) for name, value in row.items()}
    for name, query in places.items():
        state[name] = [[number, _to_json_value(at)] for number, at in conn.execute(query)]
    return compress(orjson.dumps(state))


def _to_json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def undo(conn: Connection, replay_id: int, now: datetime) -> Undone:
    """Undo a run: remove its versions and restore the rows, except where a newer version came after it."""
    found = conn.execute(select(replays).where(replays.c.id == replay_id).with_for_update()).first()
    if found is None:
        raise NotFound(f"There is no replay {replay_id}. `unabridged replay --list` shows the replays.")
    if found.undone is not None:
        raise NotFound(f"Replay {replay_id} was already undone.")
    mine = select(replay_changes).where(replay_changes.c.replay_id == replay_id)
    restored, newer = 0, []
    for row in conn.execute(mine.order_by(replay_changes.c.article_id)).all():
        current = select(articles.c.revision).where(articles.c.id == row.article_id).with_for_update()
        if conn.execute(current).scalar() == row.number:
            _restore(conn, row.article_id, row.number, orjson.loads(decompress(row.before)), now)
            restored += 1
        else:
            newer.append(row.article_id)
    conn.execute(update(replays).where(replays.c.id == replay_id).values(undone=now))
    return Undone(restored=restored, kept=tuple(newer))


def _restore(conn: Connection, article_id: int, number: int, before: dict[str, Any], now: datetime) -> None:
    unindex(conn, [article_id])
    conn.execute(delete(revisions).where(revisions.c.article_id == article_id, revisions.c.number == number))
    values = {name: before[name] for name in ARTICLE_COLUMNS}
    for name in ("sort_at", "images_at"):
        values[name] = _parse_time(values[name])
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    for item, at in before["items"]:
        conn.execute(update(items).where(items.c.id == item).values(sort_at=_parse_time(at)))
    for feed, at in before["sightings"]:
        here = (sightings.c.feed_id == feed) & (sightings.c.article_id == article_id)
        conn.execute(update(sightings).where(here).values(sort_at=_parse_time(at)))
    filed = update(search_items).where(search_items.c.article_id == article_id)
    conn.execute(filed.values(sort_at=values["sort_at"]))
    index_stored(conn, [article_id])
    enqueue(conn, [article_id])
    refile(conn, article_id, now, mute=False)


def _parse_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def list_replays(conn: Connection) -> tuple[Replay, ...]:
    """Return the runs, oldest first."""
    counted = select(replay_changes.c.replay_id, func.count()).group_by(replay_changes.c.replay_id)
    totals: dict[int, int] = dict(conn.execute(counted).all())
    return tuple(
        Replay(
            id=row.id,
            started=row.started,
            finished=row.finished,
            undone=row.undone,
            asked=row.asked,
            articles=totals.get(row.id, 0),
        )
        for row in conn.execute(select(replays).order_by(replays.c.id))
    )
