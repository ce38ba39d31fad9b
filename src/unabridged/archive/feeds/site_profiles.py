"""Site profiles as stored: one for each host, shared by all feeds, people and workers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from unabridged.archive.raw_pages.compression import split_headers
from unabridged.archive.raw_pages.store import joined_page
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.events import NewEvent
from unabridged.archive.records.sites import LONGEST_PROFILE, HeldPage, SiteNews, StoredProfile
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.tables import revisions, sightings, snapshots
from unabridged.archive.storage.tables_sites import site_profiles
from unabridged.errors import ArchiveError, InvalidValue, NotFound

FIRST_LEARNT = 1
"""Pages of a site that are read before it is learnt the first time."""
CLAIM = timedelta(minutes=10)
"""Time after which a site that a dead process claimed for learning is claimed again."""
VERSIONS = 3
"""Raw pages that are looked at for each page that is returned: a page may be stored in several versions."""
NEWEST_SEEN = 50
"""Newest pages of a site by which its feeds are found."""

_T = site_profiles.c


def load_profile(conn: Connection, site: str) -> StoredProfile | None:
    """Return a site's profile, None if nothing is known about it."""
    row = conn.execute(select(site_profiles).where(_T.site == site)).first()
    return None if row is None else _profile(row)


def list_profiles(conn: Connection, *, alarming: bool = False) -> tuple[StoredProfile, ...]:
    """Return all profiles by site. alarming: only those that had an alarm."""
    query = select(site_profiles).order_by(_T.site)
    return tuple(map(_profile, conn.execute(query.where(_T.alarmed.is_not(None)) if alarming else query)))


def count_profiles(conn: Connection) -> tuple[int, int]:
    """Return the number of sites with a profile, and of those with an alarm."""
    learnt, alarms = conn.execute(
        select(
            func.count().filter(_T.body != ""),
            func.count().filter(_T.alarm != ""),
        ).select_from(site_profiles)
    ).one()
    return int(learnt), int(alarms)


def _profile(row: Row[Any]) -> StoredProfile:
    return StoredProfile(
        site=row.site,
        body=row.body,
        seen=row.seen,
        learnt=row.learnt,
        watch=row.watch,
        alarm=row.alarm,
        alarmed=row.alarmed,
        pinned=bool(row.pinned),
    )


def record_news(conn: Connection, news: Iterable[SiteNews], now: datetime) -> None:
    """Count the pages of sites that were read, and store what they gave. An alarm makes a site due."""
    for one in news:
        conn.execute(
            insert_or_skip(conn, site_profiles).values(site=storable(one.site), learn_at=FIRST_LEARNT)
        )
        found = conn.execute(select(_T.alarm).where(_T.site == one.site).with_for_update()).first()
        changes: dict[str, Any] = {"seen": _T.seen + one.pages}
        if one.watch:
            changes |= {"watch": one.watch}
        if one.alarm and found is not None and not found.alarm:
            changes |= {"alarm": one.alarm, "alarmed": now, "again": now}
            note_event(conn, _redesigned(one, now))
        conn.execute(update(site_profiles).where(_T.site == one.site).values(changes))


def _redesigned(one: SiteNews, now: datetime) -> NewEvent:
    return NewEvent(kind="site.redesigned", at=now, details={"site": one.site, "reason": one.alarm})


def claim_due(conn: Connection, now: datetime, most: int) -> tuple[StoredProfile, ...]:
    """Return sites that are due to be learnt, and put off their next turn: nobody else learns them."""
    due = or_(
        and_(_T.learn_at.is_not(None), _T.seen >= _T.learn_at),
        and_(_T.again.is_not(None), _T.again <= now, _T.seen > _T.seen_learnt),
    )
    query = select(site_profiles).where(_T.pinned == 0, due).order_by(_T.site).limit(most)
    rows = conn.execute(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        changes = {"learn_at": None, "again": now + CLAIM}
        conn.execute(update(site_profiles).where(_T.site == row.site).values(changes))
    return tuple(map(_profile, rows))


def save_learnt(
    conn: Connection,
    site: str,
    body: str,
    *,
    watch: str = "",
    learn_at: int | None,
    again: datetime,
    now: datetime,
) -> None:
    """Store what was learnt about a site, which ends its alarm, or "" for nothing. A pinned profile stays.

    watch: of a site that had an alarm. learn_at: pages at which it is learnt next. again: the time at which
    it is learnt if it has new pages.
    """
    conn.execute(insert_or_skip(conn, site_profiles).values(site=storable(site)))
    changes = {"body": _short(body), "learnt": now, "seen_learnt": _T.seen}
    changes |= {"watch": case((_T.alarm != "", watch), else_=_T.watch)}
    changes |= {"learn_at": learn_at, "again": again} | ({"alarm": ""} if body else {})
    conn.execute(update(site_profiles).where(_T.site == site, _T.pinned == 0).values(changes))


def write_profile(conn: Connection, site: str, body: str, now: datetime) -> None:
    """Store a profile that a person wrote, and pin it."""
    conn.execute(delete(site_profiles).where(_T.site == site))
    row = {"site": storable(site), "body": _short(body), "learnt": now, "pinned": 1}
    conn.execute(insert(site_profiles), row)


def pin_profile(conn: Connection, site: str, *, pinned: bool) -> None:
    """Keep a site's profile as it is, or let it be learnt again. Raises NotFound."""
    if not conn.execute(update(site_profiles).where(_T.site == site).values(pinned=int(pinned))).rowcount:
        raise NotFound(f"Nothing is known about {site}.")


def forget_profile(conn: Connection, site: str) -> None:
    """Delete what is known about a site; it is learnt again from its next pages. Raises NotFound."""
    if not conn.execute(delete(site_profiles).where(_T.site == site)).rowcount:
        raise NotFound(f"Nothing is known about {site}.")


def _short(body: str) -> str:
    if len(body) > LONGEST_PROFILE:
        raise InvalidValue(f"A site's profile has at most {LONGEST_PROFILE:,} characters.")
    return storable(body)


def feeds_of(conn: Connection, site: str) -> tuple[int, ...]:
    """Return the numbers of the feeds that show the newest articles of a site."""
    newest = select(snapshots.c.hash).where(snapshots.c.site == site)
    newest = newest.order_by(snapshots.c.fetched.desc()).limit(NEWEST_SEEN)
    query = (
        select(sightings.c.feed_id)
        .join(revisions, revisions.c.article_id == sightings.c.article_id)
        .where(revisions.c.snapshot_hash.in_(newest))
        .distinct()
        .order_by(sightings.c.feed_id)
    )
    return tuple(conn.execute(query).scalars())


def newest_pages(conn: Connection, site: str, most: int, since: datetime | None = None) -> Sequence[HeldPage]:
    """Return the newest raw pages of a site's articles, one for each address; damaged ones are left out.

    Only articles of feeds count: pages that a person saved or imported might be made up, and what they teach
    would change the texts of others.
    """
    of_a_feed = (
        select(revisions.c.snapshot_hash)
        .join(sightings, sightings.c.article_id == revisions.c.article_id)
        .where(revisions.c.snapshot_hash == snapshots.c.hash)
        .exists()
    )
    query = (
        select(snapshots.c.hash, snapshots.c.url)
        .where(snapshots.c.site == site, of_a_feed)
        .order_by(snapshots.c.fetched.desc())
        .limit(VERSIONS * most)
    )
    if since is not None:
        query = query.where(snapshots.c.fetched >= since)
    newest: dict[str, bytes] = {}
    for row in conn.execute(query):
        newest.setdefault(row.url, row.hash)
    found = []
    for url, key in list(newest.items())[:most]:
        try:
            headers, html = split_headers(joined_page(conn, key))
        except ArchiveError:
            continue
        found.append(HeldPage(url=url, html=html, content_type=headers.get("content-type")))
    return found
