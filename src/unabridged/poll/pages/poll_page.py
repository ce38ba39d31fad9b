"""One article's page read, or looked at again: each look ends on the article's record."""

import asyncio
import logging
from datetime import datetime, timedelta

from unabridged.archive.articles.version_policy import classify_change
from unabridged.archive.records.core import Failure, PendingPage, Validators
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
from unabridged.model import NotModified
from unabridged.poll.failures import failure_of
from unabridged.poll.feeds.poll_feed import BLOCKED_FOR, Tools, remember_silence, repeatable
from unabridged.poll.feeds.recheck import recheck_at
from unabridged.poll.feeds.schedule import JITTER, page_retry
from unabridged.poll.pages.fetch_article import Visit, read_again
from unabridged.poll.pages.reextract import restate
from unabridged.poll.reports import PageReport, ReadPage

log = logging.getLogger(__name__)

TAKEN_DOWN = frozenset((404, 410))
"""What a site answers where it had an article before and has none any more."""

ASKS_FOR_REST = frozenset((429, 503))
GONE_FOR_GOOD = frozenset((410, 451))


async def read_page(pending: PendingPage, tools: Tools) -> PageReport:
    """Read one article's page and keep what it gives; a failure stays on the article's record.

    A page that we hold is asked for conditionally. Raises ArchiveError when the result cannot be
    written down.
    """
    try:
        return await _read(pending, tools)
    except DamagedRecord as exc:
        return await _failed(pending, exc, tools)
    except UnabridgedError:
        raise
    except Exception as exc:
        log.exception("The page of article %d failed; the others go on.", pending.article_id)
        return await _failed(pending, FeedFault(pending.url, exc), tools)


async def _read(pending: PendingPage, tools: Tools) -> PageReport:
    visit = Visit(
        fetcher=tools.fetcher,
        extractor=tools.extractor,
        now=tools.clock(),
        own=pending.own,
        robots=tools.robots,
    )
    try:
        read = await read_again(pending.url, pending.validators, visit, entry=pending.entry)
    except HostSilent as exc:
        return await _postponed(pending, exc, tools)
    except (FetchError, InvalidURL, ExtractError) as exc:
        return await _failed(pending, exc, tools)
    if isinstance(read, NotModified):
        return await _not_modified(pending, tools)
    return await _take(pending, read, tools)


async def _take(pending: PendingPage, read: ReadPage, tools: Tools) -> PageReport:
    now = tools.clock()
    if pending.held:
        await _keep_apart(pending, read, tools)
    again = _recheck(pending, tools)
    if read.article.completeness.kind == "blocked":
        again = again if pending.held else _again(pending, "blocked", None, tools)
        again = again and max(again, now + BLOCKED_FOR)
    change = await asyncio.to_thread(
        tools.archive.ingest.save_page,
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


async def _keep_apart(pending: PendingPage, read: ReadPage, tools: Tools) -> None:
    """Before an edit is believed, save what only our reading changed since as a version of its own."""
    stored = await asyncio.to_thread(tools.archive.library().articles.get, pending.article_id)
    if classify_change(stored.article, read.article).kind == "changed":
        await restate(tools.archive, tools.extractor, stored, pending.entry, tools.clock())


def page_validators(read: ReadPage) -> Validators:
    """Return what to ask with next time; nothing where the first page cannot speak for the others."""
    if not read.alone:
        return Validators()
    headers = read.page.headers
    return Validators(
        etag=repeatable(headers.get("etag")), last_modified=repeatable(headers.get("last-modified"))
    )


async def _not_modified(pending: PendingPage, tools: Tools) -> PageReport:
    again = _recheck(pending, tools)
    change = await asyncio.to_thread(
        tools.archive.ingest.record_page_unchanged, pending.article_id, now=tools.clock(), next_check_at=again
    )
    return PageReport(
        article_id=pending.article_id, url=pending.url, kind="kept", change=change, next_try_at=again
    )


async def _postponed(pending: PendingPage, exc: HostSilent, tools: Tools) -> PageReport:
    """Put a page off that was not asked for, since its host wants silence: no failed try."""
    again = tools.clock() + timedelta(seconds=(exc.retry_after or 0) * (1 + JITTER * tools.luck()))
    await asyncio.to_thread(tools.archive.schedule.postpone_page, pending.article_id, again)
    return PageReport(article_id=pending.article_id, url=pending.url, kind="postponed", next_try_at=again)


async def _failed(pending: PendingPage, exc: UnabridgedError, tools: Tools) -> PageReport:
    await remember_silence(exc, tools)
    status = exc.status if isinstance(exc, BadStatus) else None
    failure = failure_of(exc)
    again = _again(pending, failure.kind, exc if isinstance(exc, BadStatus) else None, tools)
    if pending.held and status not in GONE_FOR_GOOD:
        again = _sooner(again, _recheck(pending, tools), status)
    taken_down = pending.held and status in TAKEN_DOWN
    if taken_down:
        failure = Failure(
            kind="taken-down",
            message=f"The publisher has taken the article down. {failure.message}",
            advice="Nothing is to be done: the text stays here.",
        )
    await asyncio.to_thread(
        tools.archive.ingest.record_page_failure,
        pending.article_id,
        failure,
        now=tools.clock(),
        next_try_at=again,
        status=status,
        taken_down=taken_down,
    )
    return PageReport(
        article_id=pending.article_id, url=pending.url, kind="failed", failure=failure, next_try_at=again
    )


def _sooner(again: datetime | None, recheck: datetime | None, status: int | None) -> datetime | None:
    """A look that failed takes nothing from the looks to come, unless the site asks for rest."""
    if again is None or recheck is None or status in ASKS_FOR_REST:
        return again or recheck
    return min(again, recheck)


def _recheck(pending: PendingPage, tools: Tools) -> datetime | None:
    if pending.published is None:
        return None
    return recheck_at(pending.published, tools.clock(), tools.settings.recheck, tools.luck())


def _again(pending: PendingPage, kind: str, status: BadStatus | None, tools: Tools) -> datetime | None:
    return page_retry(
        tools.clock(),
        pending.attempts + 1,
        kind=kind,
        status=status.status if status else None,
        retry_after=status.retry_after if status else None,
        settings=tools.settings,
        luck=tools.luck(),
    )
