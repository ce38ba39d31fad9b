"""Poll one feed: fetch, parse, save, reschedule. Every outcome is stored."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta

from unabridged.archive.records.core import LeasedFeed, StoredFeed, Validators
from unabridged.archive.records.polling import Finished, PollOutcome, Quarantined, StoredList
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
from unabridged.fetch.client import ACCEPT_FEED
from unabridged.fetch.http_cache import fresh_for
from unabridged.model import Article, Feed, NotModified, Page
from unabridged.poll.context import PollContext, record_retry_after, storable_validator
from unabridged.poll.failures import GONE, failure_of
from unabridged.poll.feeds.page_lists import LIST_PREFIX, is_page, read_stored_list
from unabridged.poll.feeds.schedule import (
    JITTER_SHARE,
    PostingRate,
    PublisherHints,
    after_failure,
    confirm_redirect,
    next_check,
    permanent_target,
    posting_rate,
)
from unabridged.poll.reports import PollReport

log = logging.getLogger(__name__)


async def poll_feed(leased: LeasedFeed, context: PollContext) -> PollReport:
    """Fetch a leased feed and process the response. Failures are stored on the feed, not raised.

    Raises ArchiveError (for example LeaseLost) if the result cannot be saved.
    """
    return await isolate_faults(leased, context, _fetch_and_process(leased, context))


async def isolate_faults(leased: LeasedFeed, context: PollContext, work: Awaitable[PollReport]) -> PollReport:
    """Await work on one feed. Store unexpected errors on the feed, so that other feeds go on.

    Raises ArchiveError if the archive as a whole fails, but not for one damaged record.
    """
    try:
        return await work
    except DamagedRecord as exc:
        return await _record_failure(leased, exc, context)
    except UnabridgedError:
        raise
    except Exception as exc:
        log.exception("Feed %d failed; other feeds are not affected.", leased.feed.id)
        return await _record_failure(leased, FeedFault(leased.feed.url, exc), context)


async def _fetch_and_process(leased: LeasedFeed, context: PollContext) -> PollReport:
    feed = leased.feed
    try:
        answer = await context.fetcher.get(
            feed.url,
            etag=feed.validators.etag,
            last_modified=feed.validators.last_modified,
            accept=ACCEPT_FEED,
            max_bytes=context.fetcher.settings.max_feed_bytes,
            own=leased.own,
        )
    except HostSilent as exc:
        return await _record_postponed(leased, exc, context)
    except (FetchError, InvalidURL) as exc:
        return await _record_failure(leased, exc, context)
    return await process_response(leased, answer, context)


async def process_response(
    leased: LeasedFeed,
    answer: Page | NotModified,
    context: PollContext,
    *,
    parsed: Feed | None = None,
    listed: StoredList | None = None,
) -> PollReport:
    """Process the response of a leased feed: unchanged, a document, or an unreadable body.

    parsed: the document, if the caller has parsed it already. listed: what was learnt about its list then, if
    it is a page.
    """
    feed = leased.feed
    if isinstance(answer, NotModified):
        return await _record_unchanged(leased, answer, _renewed(feed.validators, answer), context)
    validators = _validators(answer)
    if validators.body_sha256 == feed.validators.body_sha256 and feed.last_ok is not None:
        return await _record_unchanged(leased, answer, validators, context)
    try:
        if parsed is None:
            parsed, listed = await _parse_document(feed, answer, context)
        if parsed.format != "page" and context.documents.has(feed.id, feed.validators, parsed):
            context.documents.add(feed.id, validators, parsed)
            return await _record_unchanged(leased, answer, validators, context)
        articles = await context.extractor.entries(parsed)
    except (FeedError, ExtractError) as exc:
        if isinstance(exc, FeedKilledReader):
            await _quarantine(feed, answer, exc, context)
        return await _record_failure(leased, exc, context)
    if parsed.format == "page":
        validators = replace(validators, body_sha256=entry_list_hash(parsed))
        if validators.body_sha256 == feed.validators.body_sha256:
            return await _record_unchanged(leased, answer, validators, context, listed=listed)
    outcome = await _success_outcome(leased, answer, validators, context, parsed=parsed)
    outcome = replace(outcome, listed=listed)
    report = await save_document(leased, parsed, articles, outcome, context)
    context.documents.add(feed.id, validators, parsed)
    if context.hubs is not None:
        await context.hubs.update(feed.id, parsed, answer)
    return report


async def save_document(
    leased: LeasedFeed, parsed: Feed, articles: Sequence[Article], outcome: PollOutcome, context: PollContext
) -> PollReport:
    """Save a document and the outcome of the poll in one transaction. Raises LeaseLost."""
    feed = leased.feed
    saved = await asyncio.to_thread(
        context.archive.ingest.save_entries,
        feed.id,
        parsed,
        list(zip(parsed.entries, articles, strict=True)),
        outcome,
        token=leased.token,
        read_newest=context.settings.read_newest,
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


async def _quarantine(feed: StoredFeed, page: Page, exc: FeedKilledReader, context: PollContext) -> None:
    body = Quarantined(
        feed_id=feed.id,
        at=context.clock(),
        why=str(exc),
        body=page.body,
        content_type=page.headers.get("content-type"),
    )
    await asyncio.to_thread(context.archive.feeds.quarantine, body)


async def _parse_document(
    feed: StoredFeed, page: Page, context: PollContext
) -> tuple[Feed, StoredList | None]:
    """Return the document of a response, and what was learnt about its list if it is a page."""
    try:
        return await context.reader.read(page, context.clock()), None
    except NotAFeed:
        # Only a subscription to a page is read as a page: a broken feed must report its error.
        if not is_page(feed):
            raise
    reading, listed = await read_stored_list(feed, page, context)
    return reading.feed, listed


def entry_list_hash(parsed: Feed) -> str:
    """Return a hash of a page's list of articles. The bytes of the page itself change at every visit."""
    lines = "\n".join(f"{entry.url} {entry.title}" for entry in parsed.entries)
    return LIST_PREFIX + hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()


def _validators(page: Page) -> Validators:
    return Validators(
        etag=storable_validator(page.headers.get("etag")),
        last_modified=storable_validator(page.headers.get("last-modified")),
        body_sha256=hashlib.sha256(page.body).hexdigest(),
    )


def _renewed(stored: Validators, answer: NotModified) -> Validators | None:
    """Return the validators with those that a 304 names anew (RFC 9110, 15.4.5); None if nothing changed."""
    etag = storable_validator(answer.headers.get("etag")) or stored.etag
    modified = storable_validator(answer.headers.get("last-modified")) or stored.last_modified
    renewed = replace(stored, etag=etag, last_modified=modified)
    return None if renewed == stored else renewed


async def _record_unchanged(
    leased: LeasedFeed,
    answer: Page | NotModified,
    validators: Validators | None,
    context: PollContext,
    *,
    listed: StoredList | None = None,
) -> PollReport:
    feed = leased.feed
    outcome = replace(await _success_outcome(leased, answer, validators, context), listed=listed)
    await context.outcomes.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(
        feed_id=feed.id,
        url=feed.url,
        title=feed.title,
        kind="unchanged",
        next_poll_at=outcome.next_poll_at,
        moved_to=outcome.moved_to,
    )


async def _success_outcome(
    leased: LeasedFeed,
    answer: Page | NotModified,
    validators: Validators | None,
    context: PollContext,
    *,
    parsed: Feed | None = None,
) -> PollOutcome:
    feed, now = leased.feed, context.clock()
    rate = await _posting_rate(feed, parsed, context)
    said = parsed or feed
    hints = PublisherHints(
        ttl=said.ttl,
        fresh=fresh_for(answer.headers, now),
        skip_hours=said.skip_hours,
        skip_days=said.skip_days,
    )
    again = next_check(
        now,
        rate=rate,
        chosen=feed.interval,
        hints=hints,
        settings=context.settings,
        jitter=context.jitter(),
    )
    if leased.pushed and feed.interval is None:
        # The hub delivers news; a poll at the ceiling checks that it still does.
        again = max(
            again, now + timedelta(seconds=context.settings.ceiling * (1 - JITTER_SHARE * context.jitter()))
        )
    target = permanent_target(answer.redirects, answer.final_url) if answer.redirects else None
    pending, moved_to = confirm_redirect(feed.redirect, target, now)
    return PollOutcome(
        polled=now,
        next_poll_at=again,
        validators=validators,
        redirect=pending,
        moved_to=moved_to,
        moved_status=answer.redirects[0].status if moved_to else 301,
        last_post=rate.last_post,
        usual_gap=rate.usual_gap,
    )


async def _posting_rate(feed: StoredFeed, parsed: Feed | None, context: PollContext) -> PostingRate:
    """Return how often a feed posts: as stored for a 304, else from its entries, else from the archive."""
    if parsed is None and feed.last_post is not None:
        return PostingRate(last_post=feed.last_post, usual_gap=feed.usual_gap or 0)
    now = context.clock()
    entries = parsed.entries if parsed else ()
    stated = sorted((one.published.at for one in entries if one.published is not None), reverse=True)
    shown = posting_rate(stated[:20], now)
    if shown is None:
        shown = posting_rate(await asyncio.to_thread(context.archive.schedule.posting_times, feed.id), now)
    return shown or PostingRate(last_post=now)


async def _record_failure(leased: LeasedFeed, exc: UnabridgedError, context: PollContext) -> PollReport:
    feed, now = leased.feed, context.clock()
    failure = failure_of(exc)
    gone = isinstance(exc, BadStatus) and exc.status == GONE
    next_poll_at = after_failure(
        now,
        feed.failures + 1,
        kind=failure.kind,
        retry_after=exc.retry_after if isinstance(exc, BadStatus) else None,
        settings=context.settings,
        jitter=context.jitter(),
    )
    outcome = PollOutcome(
        polled=now,
        next_poll_at=None if gone else next_poll_at,
        failure=failure,
        redirect=feed.redirect,
        status="gone" if gone else None,
    )
    await record_retry_after(exc, context)
    await context.outcomes.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(
        feed_id=feed.id,
        url=feed.url,
        title=feed.title,
        kind="gone" if gone else "failed",
        failure=failure,
        next_poll_at=outcome.next_poll_at,
    )


async def _record_postponed(leased: LeasedFeed, exc: HostSilent, context: PollContext) -> PollReport:
    """Postpone a feed whose host is blocked by a Retry-After. This is not a failure of the feed."""
    feed, now = leased.feed, context.clock()
    again = now + timedelta(seconds=(exc.retry_after or 0) * (1 + JITTER_SHARE * context.jitter()))
    outcome = PollOutcome(polled=now, next_poll_at=again, postponed=True)
    await context.outcomes.write(Finished(feed_id=feed.id, outcome=outcome, token=leased.token))
    return PollReport(feed_id=feed.id, url=feed.url, title=feed.title, kind="postponed", next_poll_at=again)
