"""One feed brought up to date: the steps of the story, each ending on the record."""

import asyncio
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import LeasedFeed, StoredFeed, Validators
from unabridged.archive.records.polling import Finished, PollOutcome, Quarantined
from unabridged.config import PollSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import (
    BadStatus,
    DamagedRecord,
    ExtractError,
    FeedError,
    FeedFault,
    FeedKilledReader,
    FetchError,
    HostSilent,
    InvalidURL,
    NotAFeed,
    UnabridgedError,
)
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import ACCEPT_FEED, SILENCING, Fetcher
from unabridged.fetch.response_headers import fresh_for
from unabridged.model import Article, Feed, NotModified, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.failures import failure_of
from unabridged.poll.feeds.schedule import (
    JITTER,
    Rhythm,
    Wishes,
    after_failure,
    next_check,
    permanent_target,
    rhythm_of,
    weigh_redirect,
)
from unabridged.poll.outcome_writer import Ledger
from unabridged.poll.reports import PollReport
from unabridged.poll.robots import Robots
from unabridged.poll.websub import Hubs
from unabridged.urls import host

log = logging.getLogger(__name__)

MAX_VALIDATOR = 1000
"""Characters of an ETag or Last-Modified that are worth keeping."""

BLOCKED_FOR = timedelta(hours=6)
"""How long a page is left alone that answered with a wall against programs instead of the article."""

GONE = 410
LISTED = "list:"
"""Before the digest of a page's list of articles, where such a page stands in for a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with. ledger: where results are written down, many at once. robots: None where
    robots.txt is not obeyed; hubs: None where no hub can reach us. clock: the present; luck: a number in
    [0, 1) against all at once."""

    archive: Archive
    fetcher: Fetcher
    reader: FeedReader
    extractor: Extractor
    settings: PollSettings
    ledger: Ledger
    robots: Robots | None = None
    hubs: Hubs | None = None
    clock: Callable[[], datetime] = utc_now
    luck: Callable[[], float] = random.random


async def poll_feed(leased: LeasedFeed, tools: Tools) -> PollReport:
    """Ask a claimed feed and take in what it says; failures end on its record, not here.

    Raises ArchiveError (LeaseLost among them) when the result cannot be written down.
    """
    return await contained(leased, tools, _ask(leased, tools))


async def contained(leased: LeasedFeed, tools: Tools, work: Awaitable[PollReport]) -> PollReport:
    """Do work on one feed; whatever that feed brings about ends on its record, and the run goes on.

    Raises ArchiveError where the archive as a whole refuses, but not for one damaged record of it.
    """
    try:
        return await work
    except DamagedRecord as exc:
        return await _failed(leased, exc, tools)
    except UnabridgedError:
        raise
    except Exception as exc:
        log.exception("Feed %d failed; the others go on.", leased.feed.id)
        return await _failed(leased, FeedFault(leased.feed.url, exc), tools)


async def _ask(leased: LeasedFeed, tools: Tools) -> PollReport:
    feed = leased.feed
    try:
        answer = await tools.fetcher.get(
            feed.url,
            etag=feed.validators.etag,
            last_modified=feed.validators.last_modified,
            accept=ACCEPT_FEED,
            max_bytes=tools.fetcher.settings.max_feed_bytes,
            own=leased.own,
        )
    except HostSilent as exc:
        return await _postponed(leased, exc, tools)
    except (FetchError, InvalidURL) as exc:
        return await _failed(leased, exc, tools)
    return await take_in(leased, answer, tools)


async def take_in(
    leased: LeasedFeed, answer: Page | NotModified, tools: Tools, *, parsed: Feed | None = None
) -> PollReport:
    """Take in what a claimed feed answered: nothing new, a document, or something unreadable.

    parsed: the document, where the caller has read it already.
    """
    feed = leased.feed
    if isinstance(answer, NotModified):
        return await _unchanged(leased, answer, None, tools)
    validators = _validators(answer)
    if validators.body_sha256 == feed.validators.body_sha256 and feed.last_ok is not None:
        return await _unchanged(leased, answer, validators, tools)
    try:
        parsed = parsed or await _document(feed, answer, tools)
        articles = await tools.extractor.entries(parsed)
    except (FeedError, ExtractError) as exc:
        if isinstance(exc, FeedKilledReader):
            await _put_aside(feed, answer, exc, tools)
        return await _failed(leased, exc, tools)
    if parsed.format == "page":
        validators = replace(validators, body_sha256=list_digest(parsed))
        if validators.body_sha256 == feed.validators.body_sha256:
            return await _unchanged(leased, answer, validators, tools)
    outcome = await _good_outcome(leased, answer, validators, tools, parsed=parsed)
    report = await keep_document(leased, parsed, articles, outcome, tools)
    if tools.hubs is not None:
        await tools.hubs.note(feed.id, parsed, answer)
    return report


async def keep_document(
    leased: LeasedFeed, parsed: Feed, articles: Sequence[Article], outcome: PollOutcome, tools: Tools
) -> PollReport:
    """Save a document with the poll's outcome, in one transaction. Raises LeaseLost."""
    feed = leased.feed
    saved = await asyncio.to_thread(
        tools.archive.ingest.save_entries,
        feed.id,
        parsed,
        list(zip(parsed.entries, articles, strict=True)),
        outcome,
        token=leased.token,
        read_newest=tools.settings.read_newest,
    )
    return PollReport(
        feed_id=feed.id,
        url=feed.url,
        title=parsed.title or feed.title,
        kind="news" if saved.new or saved.updated else "unchanged",
        new=saved.new,
        updated=saved.updated,
        entries=len(parsed.entries),
        next_poll_at=outcome.next_poll_at,
        moved_to=outcome.moved_to,
    )


async def _put_aside(feed: StoredFeed, page: Page, exc: FeedKilledReader, tools: Tools) -> None:
    body = Quarantined(
        feed_id=feed.id,
        at=tools.clock(),
        why=str(exc),
        body=page.body,
        content_type=page.headers.get("content-type"),
    )
    await asyncio.to_thread(tools.archive.feeds.quarantine, body)


async def _document(feed: StoredFeed, page: Page, tools: Tools) -> Feed:
    try:
        return await tools.reader.read(page, tools.clock())
    except NotAFeed:
        # Only what was subscribed to as a page is read as one: a feed that breaks must say so.
        known = feed.validators.body_sha256 or ""
        listed = (
            await tools.extractor.article_list(page, now=tools.clock()) if known.startswith(LISTED) else None
        )
        if listed is None:
            raise
        return listed


def list_digest(parsed: Feed) -> str:
    """Return what tells one state of a page's list of articles from another; its bytes change anyway."""
    lines = "\n".join(f"{entry.url} {entry.title}" for entry in parsed.entries)
    return LISTED + hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()


def _validators(page: Page) -> Validators:
    return Validators(
        etag=repeatable(page.headers.get("etag")),
        last_modified=repeatable(page.headers.get("last-modified")),
        body_sha256=hashlib.sha256(page.body).hexdigest(),
    )


def repeatable(validator: str | None) -> str | None:
    """Return a validator that can be sent back byte for byte, None for one that cannot."""
    if validator and len(validator) <= MAX_VALIDATOR and validator.isascii() and validator.isprintable():
        return validator
    return None


async def _unchanged(
    leased: LeasedFeed, answer: Page | NotModified, validators: Validators | None, tools: Tools
) -> PollReport:
    feed = leased.feed
    outcome = await _good_outcome(leased, answer, validators, tools)
    await tools.ledger.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(
        feed_id=feed.id,
        url=feed.url,
        title=feed.title,
        kind="unchanged",
        next_poll_at=outcome.next_poll_at,
        moved_to=outcome.moved_to,
    )


async def _good_outcome(
    leased: LeasedFeed,
    answer: Page | NotModified,
    validators: Validators | None,
    tools: Tools,
    *,
    parsed: Feed | None = None,
) -> PollOutcome:
    feed, now = leased.feed, tools.clock()
    rhythm = await _rhythm(feed, parsed, tools)
    said = parsed or feed
    wishes = Wishes(
        ttl=said.ttl,
        fresh=fresh_for(answer.headers, now),
        skip_hours=said.skip_hours,
        skip_days=said.skip_days,
    )
    again = next_check(now, rhythm=rhythm, wishes=wishes, settings=tools.settings, luck=tools.luck())
    if leased.pushed:
        # A hub tells us of news; one look a day finds out whether it still does.
        again = max(again, now + timedelta(seconds=tools.settings.ceiling * (1 - JITTER * tools.luck())))
    target = permanent_target(answer.redirects, answer.final_url) if answer.redirects else None
    pending, moved_to = weigh_redirect(feed.redirect, target, now)
    return PollOutcome(
        polled=now,
        next_poll_at=again,
        validators=validators,
        redirect=pending,
        moved_to=moved_to,
        moved_status=answer.redirects[0].status if moved_to else 301,
        last_post=rhythm.last_post,
        usual_gap=rhythm.usual_gap,
    )


async def _rhythm(feed: StoredFeed, parsed: Feed | None, tools: Tools) -> Rhythm:
    """Return how a feed posts: kept on its row, so that a 304 asks nobody; else of what it shows."""
    if parsed is None and feed.last_post is not None:
        return Rhythm(last_post=feed.last_post, usual_gap=feed.usual_gap or 0)
    now = tools.clock()
    entries = parsed.entries if parsed else ()
    stated = sorted((one.published.at for one in entries if one.published is not None), reverse=True)
    shown = rhythm_of(stated[:20], now)
    if shown is None:
        shown = rhythm_of(await asyncio.to_thread(tools.archive.schedule.posting_times, feed.id), now)
    return shown or Rhythm(last_post=now)


async def _failed(leased: LeasedFeed, exc: UnabridgedError, tools: Tools) -> PollReport:
    feed, now = leased.feed, tools.clock()
    failure = failure_of(exc)
    gone = isinstance(exc, BadStatus) and exc.status == GONE
    next_poll_at = after_failure(
        now,
        feed.failures + 1,
        kind=failure.kind,
        retry_after=exc.retry_after if isinstance(exc, BadStatus) else None,
        settings=tools.settings,
        luck=tools.luck(),
    )
    outcome = PollOutcome(
        polled=now,
        next_poll_at=None if gone else next_poll_at,
        failure=failure,
        redirect=feed.redirect,
        status="gone" if gone else None,
    )
    await remember_silence(exc, tools)
    await tools.ledger.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(
        feed_id=feed.id,
        url=feed.url,
        title=feed.title,
        kind="gone" if gone else "failed",
        failure=failure,
        next_poll_at=outcome.next_poll_at,
    )


async def _postponed(leased: LeasedFeed, exc: HostSilent, tools: Tools) -> PollReport:
    """Put a feed off that was not asked, since its host wants silence: no failure of the feed's own."""
    feed, now = leased.feed, tools.clock()
    again = now + timedelta(seconds=(exc.retry_after or 0) * (1 + JITTER * tools.luck()))
    outcome = PollOutcome(polled=now, next_poll_at=again, postponed=True)
    await tools.ledger.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(feed_id=feed.id, url=feed.url, title=feed.title, kind="postponed", next_poll_at=again)


async def remember_silence(exc: UnabridgedError, tools: Tools) -> None:
    """Keep a host's Retry-After beyond a restart."""
    if isinstance(exc, BadStatus) and exc.status in SILENCING and exc.retry_after:
        until = tools.clock() + timedelta(seconds=exc.retry_after)
        await asyncio.to_thread(tools.archive.feeds.block_host, host(exc.url), until)
