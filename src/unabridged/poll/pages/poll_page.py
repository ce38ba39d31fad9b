"""Poll one article's page: fetch, extract, save, schedule the recheck. Every outcome is stored."""

import asyncio
import logging
from datetime import datetime, timedelta

from unabridged.archive.articles.version_policy import classify_change
from unabridged.archive.records.core import Change, Failure, PendingPage, Validators
from unabridged.errors import (
    BadStatus,
    DamagedRecord,
    ExtractError,
    FeedFault,
    FetchError,
    HostSilent,
    InvalidURL,
    UnabridgedError,
)
from unabridged.model import CompletenessKind, NotModified
from unabridged.poll.context import PollContext, record_retry_after, storable_validator
from unabridged.poll.failures import BACK_OFF_STATUSES, PERMANENT_STATUSES, TAKEN_DOWN_STATUSES, failure_of
from unabridged.poll.feeds.schedule import JITTER_SHARE, page_retry, recheck_at
from unabridged.poll.pages.fetch_article import ArticleFetch, refetch_article
from unabridged.poll.pages.reextract import save_reextraction
from unabridged.poll.pages.web_archives import read_archived
from unabridged.poll.reports import PageReport, ReadPage

log = logging.getLogger(__name__)

WALLS: frozenset[CompletenessKind] = frozenset(("blocked", "consent_wall"))
"""Verdicts on pages that hide the article from us; asking again soon would not help."""

BLOCKED_FOR = timedelta(hours=6)
"""Shortest pause after a page that answered with a wall instead of the article."""


async def poll_page(pending: PendingPage, context: PollContext) -> PageReport:
    """Fetch and save one article's page. A failure is stored on the article, not raised.

    A page that is stored is fetched conditionally. Raises ArchiveError if the result cannot be saved.
    """
    try:
        return await _read(pending, context)
    except DamagedRecord as exc:
        return await _record_failure(pending, exc, context)
    except UnabridgedError:
        raise
    except Exception as exc:
        log.exception("The page of article %d failed; other pages are not affected.", pending.article_id)
        return await _record_failure(pending, FeedFault(pending.url, exc), context)


async def _read(pending: PendingPage, context: PollContext) -> PageReport:
    fetch = ArticleFetch(
        fetcher=context.fetcher,
        extractor=context.extractor,
        now=context.clock(),
        own=pending.own,
        robots=context.robots,
    )
    try:
        read = await refetch_article(pending.url, pending.validators, fetch, entry=pending.entry)
    except HostSilent as exc:
        return await _record_postponed(pending, exc, context)
    except (FetchError, InvalidURL, ExtractError) as exc:
        return await _record_failure(pending, exc, context)
    if isinstance(read, NotModified):
        return await _not_modified(pending, context)
    return await _save(pending, read, context)


async def _save(pending: PendingPage, read: ReadPage, context: PollContext) -> PageReport:
    now = context.clock()
    if pending.held:
        await _save_own_changes(pending, read, context)
    again = _recheck(pending, context)
    verdict = read.article.completeness.kind
    if verdict in WALLS:
        again = again if pending.held else _next_try(pending, verdict, None, context)
        again = again and max(again, now + BLOCKED_FOR)
    change = await asyncio.to_thread(
        context.archive.ingest.save_page,
        pending.article_id,
        read.article,
        read.page,
        now=now,
        next_check_at=again,
        retry_at=again,
        validators=page_validators(read),
    )
    return PageReport(
        article_id=pending.article_id,
        url=pending.url,
        kind="read" if change.kind in ("new", "changed") else "kept",
        change=change,
        next_try_at=again,
    )


async def _save_own_changes(pending: PendingPage, read: ReadPage, context: PollContext) -> None:
    """Re-extract the stored page first, so that changes of our extractor are not recorded as the
    publisher's edits."""
    stored = await asyncio.to_thread(context.archive.library().articles.get, pending.article_id)
    if classify_change(stored.article, read.article).kind == "changed":
        await save_reextraction(context.archive, context.extractor, stored, pending.entry, context.clock())


def page_validators(read: ReadPage) -> Validators:
    """Return the validators of the next request; none if the article has several pages."""
    if not read.alone:
        return Validators()
    headers = read.page.headers
    return Validators(
        etag=storable_validator(headers.get("etag")),
        last_modified=storable_validator(headers.get("last-modified")),
    )


async def _not_modified(pending: PendingPage, context: PollContext) -> PageReport:
    again = _recheck(pending, context)
    change = await asyncio.to_thread(
        context.archive.ingest.record_page_unchanged,
        pending.article_id,
        now=context.clock(),
        next_check_at=again,
    )
    return PageReport(
        article_id=pending.article_id, url=pending.url, kind="kept", change=change, next_try_at=again
    )


async def _record_postponed(pending: PendingPage, exc: HostSilent, context: PollContext) -> PageReport:
    """Postpone a page whose host is blocked by a Retry-After. This is not a failed try."""
    again = context.clock() + timedelta(
        seconds=(exc.retry_after or 0) * (1 + JITTER_SHARE * context.jitter())
    )
    await asyncio.to_thread(context.archive.schedule.postpone_page, pending.article_id, again)
    return PageReport(article_id=pending.article_id, url=pending.url, kind="postponed", next_try_at=again)


async def _record_failure(pending: PendingPage, exc: UnabridgedError, context: PollContext) -> PageReport:
    await record_retry_after(exc, context)
    status = exc.status if isinstance(exc, BadStatus) else None
    failure = failure_of(exc)
    again = _next_try(pending, failure.kind, exc if isinstance(exc, BadStatus) else None, context)
    if pending.held and status not in PERMANENT_STATUSES:
        again = _sooner(again, _recheck(pending, context), status)
    taken_down = pending.held and status in TAKEN_DOWN_STATUSES
    if taken_down:
        failure = Failure(
            kind="taken-down",
            message=f"The publisher has taken the article down. {failure.message}",
            advice="Nothing to do: the text stays in the archive.",
        )
    await asyncio.to_thread(
        context.archive.ingest.record_page_failure,
        pending.article_id,
        failure,
        now=context.clock(),
        next_try_at=again,
        status=status,
        taken_down=taken_down,
    )
    if status in TAKEN_DOWN_STATUSES:
        change = await _save_archived(pending, context)
        if change is not None and change.kind != "worse":
            return PageReport(article_id=pending.article_id, url=pending.url, kind="read", change=change)
    return PageReport(
        article_id=pending.article_id, url=pending.url, kind="failed", failure=failure, next_try_at=again
    )


async def _save_archived(pending: PendingPage, context: PollContext) -> Change | None:
    """Save a removed page as web archives have it; None if the stored text is whole, or none has it."""
    if not context.settings.web_archives:
        return None
    stored = await asyncio.to_thread(context.archive.library().articles.get, pending.article_id)
    if stored.revision_source != "feed" and stored.article.completeness.whole:
        return None
    before = stored.page.taken_down or context.clock()
    found = await read_archived(pending.url, context, before=before, entry=pending.entry)
    if found is None:
        return None
    return await asyncio.to_thread(
        context.archive.ingest.save_archived_page,
        pending.article_id,
        found.article,
        found.page,
        origin=found.origin,
        now=context.clock(),
    )


def _sooner(again: datetime | None, recheck: datetime | None, status: int | None) -> datetime | None:
    """Return the earlier of retry and recheck, unless the site asks for fewer requests."""
    if again is None or recheck is None or status in BACK_OFF_STATUSES:
        return again or recheck
    return min(again, recheck)


def _recheck(pending: PendingPage, context: PollContext) -> datetime | None:
    if pending.published is None:
        return None
    return recheck_at(pending.published, context.clock(), context.settings.recheck, context.jitter())


def _next_try(
    pending: PendingPage, kind: str, status: BadStatus | None, context: PollContext
) -> datetime | None:
    return page_retry(
        context.clock(),
        pending.attempts + 1,
        kind=kind,
        status=status.status if status else None,
        retry_after=status.retry_after if status else None,
        settings=context.settings,
        jitter=context.jitter(),
    )
