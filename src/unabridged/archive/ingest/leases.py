"""Leases of due feeds and pages, and the outcomes of polls that end them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from unabridged.archive.articles.duplicates import resolve_duplicates
from unabridged.archive.feeds import page_lists
from unabridged.archive.feeds.feeds import get_feed, move_feed, stored_feed
from unabridged.archive.feeds.fetch_settings import load_settings, settings_for_pages
from unabridged.archive.feeds.websub import is_pushed
from unabridged.archive.ingest.feed_events import FeedState, failures_after, feed_events
from unabridged.archive.ingest.lease_owners import dead_tokens, new_token
from unabridged.archive.records.core import CONFIRMED_HITS, LeasedFeed, PendingPage, StoredFeed, Validators
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import CLOCK_TOLERANCE, DueBuckets, Finished, Plan, PollOutcome
from unabridged.archive.storage.identity import BUCKETS
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.row_decoding import entry_of
from unabridged.archive.storage.tables import (
    LISTED,
    articles,
    feed_settings,
    feeds,
    hub_subscriptions,
    revisions,
    sightings,
    subscriptions,
)
from unabridged.archive.storage.tables_library import images
from unabridged.config import FeedSettings
from unabridged.errors import LeaseLost, NotFound
from unabridged.model import Feed

MAX_TTL = 365 * 24 * 3600
"""Seconds: a longer time-to-live of a feed is cut to a year."""

MAX_NOTES = 20
MAX_NOTE = 300
"""Most notes on one document that are stored, and characters of each."""


def _is_scheduled() -> ColumnElement[bool]:
    """Condition that a feed is polled at all: active, and somebody subscribes to it."""
    subscribed = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feeds.c.id)
    return (feeds.c.status == "active") & subscribed.exists()


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Condition that no worker holds a feed, or its lease has ended."""
    return or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Condition that a feed is due, whether or not a worker polls it at the moment."""
    return (feeds.c.next_poll_at <= now) & _is_scheduled()


def _is_claimable(now: datetime) -> ColumnElement[bool]:
    return is_due(now) & _is_free(now)


def claim_feeds(
    conn: Connection, now: datetime, limit: int, lease: float, bucket: int | None = None
) -> tuple[LeasedFeed, ...]:
    query = (
        select(feeds.c.id).where(_is_claimable(now)).order_by(feeds.c.next_poll_at, feeds.c.id).limit(limit)
    )
    if bucket is not None:
        query = query.where(feeds.c.bucket == bucket)
    # Workers skip each other's locked rows instead of waiting; SQLite has one writer and ignores it.
    claimed = _lease(conn, query.with_for_update(skip_locked=True, of=feeds), now, lease)
    # Failing feeds last: one may block its host, and would then starve the other feeds there every time.
    return tuple(sorted(claimed, key=lambda one: (one.feed.failures > 0, one.feed.next_poll_at, one.feed.id)))


def claim_feed(conn: Connection, feed_id: int, now: datetime, lease: float) -> LeasedFeed | None:
    conn.execute(select(feeds.c.id).where(feeds.c.id == feed_id).with_for_update())
    get_feed(conn, feed_id)
    wanted = select(feeds.c.id).where(feeds.c.id == feed_id, _is_free(now))
    claimed = _lease(conn, wanted, now, lease)
    return claimed[0] if claimed else None


def _lease(
    conn: Connection, wanted: Select[tuple[int]], now: datetime, lease: float
) -> tuple[LeasedFeed, ...]:
    """Lease feeds in one statement: half of the cost of a lease is the round trip to the database."""
    token, until = new_token(), now + timedelta(seconds=lease)
    numbers = wanted.cte("wanted")
    mine = update(feeds).where(feeds.c.id.in_(select(numbers.c.id)))
    own = exists().where(feed_settings.c.feed_id == feeds.c.id)
    pushed = exists().where(hub_subscriptions.c.feed_id == feeds.c.id, is_pushed(now))
    found = mine.values(lease_token=token, lease_until=until).returning(
        feeds, own.label("has_own"), pushed.label("is_pushed")
    )
    rows = conn.execute(found).mappings().all()
    special = [row["id"] for row in rows if row["has_own"]]
    settings = load_settings(conn, special) if special else {}
    return tuple(
        LeasedFeed(
            feed=stored_feed(row),
            token=token,
            until=until,
            own=settings.get(row["id"], FeedSettings()),
            pushed=bool(row["is_pushed"]),
        )
        for row in rows
    )


def renew_leases(conn: Connection, held: Sequence[LeasedFeed], now: datetime, lease: float) -> None:
    """Extend leases, except those that another worker has taken over."""
    until = now + timedelta(seconds=lease)
    for token in {one.token for one in held}:
        mine = [one.feed.id for one in held if one.token == token]
        ours = select(feeds.c.id).where(feeds.c.id.in_(mine), feeds.c.lease_token == token)
        # A locked row is being finished; waiting for it while holding other locks could cause a deadlock.
        free = ours.order_by(feeds.c.id).with_for_update(skip_locked=True).cte("free")
        held_on = update(feeds).where(feeds.c.id.in_(select(free.c.id)))
        conn.execute(held_on.values(lease_until=until))


def release_feed(conn: Connection, leased: LeasedFeed) -> None:
    ours = (feeds.c.id == leased.feed.id) & (feeds.c.lease_token == leased.token)
    conn.execute(update(feeds).where(ours).values(lease_token=None, lease_until=None))


def check_lease(conn: Connection, feed_id: int, token: str | None) -> StoredFeed:
    """Return a feed and lock its row. Raises NotFound; LeaseLost if its lease has another token."""
    query = select(feeds).where(feeds.c.id == feed_id).with_for_update()
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is no feed {feed_id}.")
    if token is not None and row["lease_token"] != token:
        raise LeaseLost(f"Another worker has taken feed {feed_id} over; this result is dropped.")
    return stored_feed(row)


def next_due_at(conn: Connection) -> datetime | None:
    # A leased feed falls due again when its lease ends: its worker may have died.
    free = select(func.min(feeds.c.next_poll_at)).where(_is_scheduled(), feeds.c.lease_until.is_(None))
    held = select(func.min(feeds.c.lease_until)).where(_is_scheduled())
    pages = select(func.min(articles.c.page_next_try_at))
    found = [conn.execute(query).scalar() for query in (free, held, pages)]
    return min((when for when in found if when is not None), default=None)


def due_buckets(conn: Connection, now: datetime) -> DueBuckets:
    return DueBuckets(
        feeds=_buckets_with_due(conn, feeds.c.bucket, _is_claimable(now)),
        pages=_buckets_with_due(conn, articles.c.bucket, articles.c.page_next_try_at <= now),
        pictures=_buckets_with_due(conn, images.c.bucket, images.c.next_try_at <= now),
    )


def _buckets_with_due(
    conn: Connection, bucket: ColumnElement[int], due: ColumnElement[bool]
) -> frozenset[int]:
    # One index lookup per bucket: DISTINCT would read every row that is due, half a million of them after an
    # outage.
    first = select(literal(0).label("bucket")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.bucket + 1).where(first.c.bucket < BUCKETS - 1))
    one = select(literal(1)).where(bucket == numbers.c.bucket, due).limit(1).correlate(numbers)
    return frozenset(conn.execute(select(numbers.c.bucket).where(one.scalar_subquery() == 1)).scalars())


def posting_times(conn: Connection, feed_id: int, limit: int) -> tuple[datetime, ...]:
    query = select(sightings.c.sort_at).where(sightings.c.feed_id == feed_id)
    newest = query.order_by(sightings.c.sort_at.desc(), sightings.c.article_id.desc()).limit(limit)
    return tuple(conn.execute(newest).scalars())


def write_outcome(conn: Connection, feed: StoredFeed, outcome: PollOutcome) -> None:
    """Write the outcome of a poll to the feed's row and end the lease."""
    state = FeedState(
        feed_id=feed.id,
        failures=feed.failures,
        failing_since=feed.failing_since,
        last_ok=feed.last_ok,
        last_post=feed.last_post,
        usual_gap=feed.usual_gap,
    )
    _write_outcomes(conn, [(state, outcome)])


def write_outcomes(conn: Connection, finished: Sequence[Finished]) -> frozenset[int]:
    """Write many outcomes; returns the feeds whose leases were lost or that were deleted."""
    numbers = sorted(one.feed_id for one in finished)
    query = (
        select(feeds.c.lease_token, *_STATE)
        .where(feeds.c.id.in_(numbers))
        .order_by(feeds.c.id)
        .with_for_update()
    )
    rows = {row.feed_id: row for row in conn.execute(query)}
    held = [one for one in finished if _holds_lease(rows.get(one.feed_id), one.token)]
    _write_outcomes(conn, [(_state(rows[one.feed_id]), one.outcome) for one in held])
    return frozenset(numbers) - {one.feed_id for one in held}


def _holds_lease(row: Any, token: str | None) -> bool:
    return row is not None and (token is None or row.lease_token == token)


_STATE = (
    feeds.c.id.label("feed_id"),
    feeds.c.failures,
    feeds.c.failing_since,
    feeds.c.last_ok,
    feeds.c.last_post,
    feeds.c.usual_gap,
)


def _state(row: Any) -> FeedState:
    return FeedState(**{column.name: getattr(row, column.name) for column in _STATE})


def _write_outcomes(conn: Connection, results: Sequence[tuple[FeedState, PollOutcome]]) -> None:
    """Write rows that set the same columns in one statement: nearly all are 304 responses."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for state, outcome in results:
        feed_id = state.feed_id
        if outcome.listed is not None:
            page_lists.save_polled(conn, feed_id, outcome.listed)
        values = _outcome_columns(state, outcome)
        for event in feed_events(state, outcome):
            note_event(conn, event)
        if outcome.moved_to is not None:
            moved = move_feed(conn, feed_id, outcome.moved_to, outcome.moved_status, outcome.polled)
            values |= {} if moved else _taken_address(outcome)
        groups.setdefault(tuple(values), []).append({"feed": feed_id, **values})
    for names, rows in groups.items():
        changed: dict[str, Any] = {name: bindparam(name) for name in names}
        conn.execute(update(feeds).where(feeds.c.id == bindparam("feed")).values(**changed), rows)


def _outcome_columns(state: FeedState, outcome: PollOutcome) -> dict[str, Any]:
    values: dict[str, Any] = {
        "next_poll_at": outcome.next_poll_at,
        "lease_token": None,
        "lease_until": None,
    }
    if outcome.postponed:
        return values
    values |= {
        "last_polled": outcome.polled,
        "redirect_to": outcome.redirect and outcome.redirect.to,
        "redirect_hits": outcome.redirect and outcome.redirect.hits,
        "redirect_since": outcome.redirect and outcome.redirect.since,
    }
    values |= _health_columns(state, outcome)
    if outcome.validators is not None:
        values["etag"] = outcome.validators.etag
        values["last_modified"] = outcome.validators.last_modified
        values["body_sha256"] = outcome.validators.body_sha256
    if outcome.last_post is not None:
        values["last_post"] = outcome.last_post
        values["usual_gap"] = outcome.usual_gap
    if outcome.status is not None:
        values["status"] = outcome.status
    return values


def _taken_address(outcome: PollOutcome) -> dict[str, Any]:
    """Return the columns of a confirmed redirect to the address of another feed: the two can be merged."""
    return {
        "redirect_to": outcome.moved_to,
        "redirect_hits": CONFIRMED_HITS,
        "redirect_since": outcome.polled,
    }


def _health_columns(state: FeedState, outcome: PollOutcome) -> dict[str, Any]:
    failure = outcome.failure
    if failure is None:
        return {
            "last_ok": outcome.polled,
            "failures": 0,
            "failure_kind": None,
            "failure_message": None,
            "failure_advice": None,
            "failed_at": None,
            "failing_since": None,
        }
    return {
        "failures": failures_after(state, outcome),
        "failure_kind": failure.kind,
        "failure_message": storable(failure.message),
        "failure_advice": storable(failure.advice),
        "failed_at": outcome.polled,
        "failing_since": state.failing_since or outcome.polled,
    }


def release_dead_leases(conn: Connection, *, one_machine: bool) -> int:
    """End the leases of processes that are known to have died. Returns how many feeds they held."""
    dead = dead_tokens(lease_tokens(conn), one_machine=one_machine)
    if not dead:
        return 0
    theirs = feeds.c.lease_token.in_(dead)
    return conn.execute(update(feeds).where(theirs).values(lease_token=None, lease_until=None)).rowcount


def lease_tokens(conn: Connection) -> tuple[str, ...]:
    """Return the tokens of all leases."""
    held = select(feeds.c.lease_token).where(feeds.c.lease_token.is_not(None)).distinct()
    return tuple(token for token in conn.execute(held).scalars() if token is not None)


def wrong_schedules(
    conn: Connection, now: datetime, overdue_before: datetime, lease: float, beyond: datetime | None = None
) -> tuple[Plan, ...]:
    """Return active feeds whose schedule cannot be right, and end leases that last too long.

    These are feeds polled or added in the future, due for longer than plausible, or scheduled for later than
    `beyond`. Leases longer than `lease` seconds come from a clock that was set back.
    """
    too_long = feeds.c.lease_until > now + timedelta(seconds=lease) + CLOCK_TOLERANCE
    conn.execute(update(feeds).where(too_long).values(lease_token=None, lease_until=None))
    polled_before = feeds.c.last_polled.is_not(None) & (feeds.c.next_poll_at <= overdue_before)
    future = now + CLOCK_TOLERANCE
    wrong = or_(feeds.c.last_polled > future, feeds.c.added > future, polled_before)
    if beyond is not None:
        wrong = wrong | (feeds.c.next_poll_at > beyond)
    columns = (feeds.c.id, feeds.c.last_polled, feeds.c.next_poll_at)
    query = select(*columns).where(feeds.c.status == "active", feeds.c.next_poll_at.is_not(None), wrong)
    return tuple(
        Plan(feed_id=row.id, last_polled=row.last_polled, next_poll_at=row.next_poll_at)
        for row in conn.execute(query)
    )


def reschedule(conn: Connection, moments: Mapping[int, datetime], now: datetime) -> None:
    """Set the next polls of feeds; last polls and additions in the future become now."""
    rows = [{"feed": feed_id, "next_poll_at": at} for feed_id, at in moments.items()]
    if rows:
        mine = feeds.c.id == bindparam("feed")
        conn.execute(update(feeds).where(mine).values(next_poll_at=bindparam("next_poll_at")), rows)
    for column in (feeds.c.last_polled, feeds.c.added):
        conn.execute(update(feeds).where(column > now).values({column.name: now}))


def write_description(conn: Connection, feed_id: int, parsed: Feed) -> None:
    """Write a feed's description of itself to its row; a missing field does not delete the stored one."""
    said = {
        "title": parsed.title,
        "site_url": parsed.site_url,
        "description": parsed.description,
        "language": parsed.language,
        "icon": parsed.icon,
        "hubs": orjson.dumps([storable(hub) for hub in parsed.hubs]).decode() if parsed.hubs else None,
    }
    values: dict[str, Any] = {name: storable(value) for name, value in said.items() if value}
    # These are replaced by each document, also by nothing.
    values["ttl"] = None if parsed.ttl is None else min(parsed.ttl, MAX_TTL)
    values["skip_hours"] = _list_text(parsed.skip_hours)
    values["skip_days"] = _list_text([storable(day) for day in parsed.skip_days])
    values["notes"] = _list_text([storable(note[:MAX_NOTE]) for note in parsed.notes[:MAX_NOTES]])
    conn.execute(update(feeds).where(feeds.c.id == feed_id).values(**values))


def _list_text(values: Sequence[Any]) -> str | None:
    return orjson.dumps(list(values)).decode() if values else None


# Pages


def pending_pages(
    conn: Connection, now: datetime, limit: int, bucket: int | None = None
) -> tuple[PendingPage, ...]:
    first = revisions.alias()
    query = (
        select(articles, first.c.entry)
        .outerjoin(first, (first.c.article_id == articles.c.id) & (first.c.number == 0))
        .where(articles.c.page_next_try_at <= now)
        .order_by(articles.c.sort_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    if bucket is not None:
        query = query.where(articles.c.bucket == bucket)
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=articles)
    rows = conn.execute(query).mappings().all()
    own = settings_for_pages(conn, [(row["id"], row["feed_id"]) for row in rows])
    return tuple(
        PendingPage(
            article_id=row["id"],
            url=row["url"],
            entry=entry_of(row["entry"], f"the entry of article {row['id']}"),
            feed_id=row["feed_id"],
            attempts=row["page_attempts"],
            held=row["page_state"] == "read",
            published=row["sort_at"],
            validators=Validators(etag=row["page_etag"], last_modified=row["page_last_modified"]),
            own=own.get(row["id"], FeedSettings()),
        )
        for row in rows
    )


def claim_pages(
    conn: Connection, now: datetime, limit: int, lease: float, bucket: int | None = None
) -> tuple[PendingPage, ...]:
    claimed = pending_pages(conn, now, limit, bucket)
    if claimed:
        mine = articles.c.id.in_([page.article_id for page in claimed])
        until = now + timedelta(seconds=lease)
        conn.execute(update(articles).where(mine).values(page_next_try_at=until))
    return claimed


def release_pages(conn: Connection, article_ids: Sequence[int], now: datetime, lease: float) -> None:
    # A page that was saved at the last moment has a later time of its own, or none, and keeps it.
    claimed = articles.c.page_next_try_at <= now + timedelta(seconds=lease)
    mine = articles.c.id.in_(article_ids) & claimed
    conn.execute(update(articles).where(mine).values(page_next_try_at=now))


def request_page(conn: Connection, article_id: int, now: datetime) -> None:
    [number] = resolve_duplicates(conn, [article_id])
    wanted = (articles.c.id == number) & (articles.c.page_state != "none")
    state = {"page_next_try_at": now, "page_attempts": 0}
    if conn.execute(update(articles).where(wanted).values(**state)).rowcount == 0:
        raise NotFound(f"There is no article {article_id} with a page to fetch.")


def postpone_page(conn: Connection, article_id: int, until: datetime) -> None:
    mine = articles.c.id == article_id
    conn.execute(update(articles).where(mine, LISTED).values(page_next_try_at=until))
