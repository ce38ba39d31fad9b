"""History made anew: kept pages read with today's extractor and rules, many at a time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, Literal, Self

from unabridged.archive.articles.version_policy import decide_replay
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.library import ReplayChange, ReplayKind, ReplaySource, ReplayVerdict
from unabridged.dates.parse import utc_now
from unabridged.errors import ArchiveError, ExtractError
from unabridged.model import Article, Entry, Page
from unabridged.poll.extractor.pool import Extractor

BATCH = 64
"""Articles read side by side, and changes saved in one transaction."""

MAX_EXAMPLES = 5
"""The biggest differences that a report holds whole."""

ON_WORKERS = "--on-workers"
"""Among a replay's options: workers do it, part by part."""

APPLIED: frozenset[str] = frozenset(("text", "head", "body"))
"""Kinds of change that are saved; other notes alone are no reason for a version."""

Outcome = ReplayKind | Literal["joined", "failed", "meanwhile"]
"""joined: made of several pages, of which one is kept; failed: no article can be made of the page any
more; meanwhile: the article got another version while it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """What to make anew. dry: only say what would change. shorter: take texts that lose a fifth, too."""

    feed: int | None = None
    since: datetime | None = None
    dry: bool = False
    shorter: bool = False
    asked: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what another process has to know of it."""
        since = None if self.since is None else self.since.isoformat()
        return {"feed": self.feed, "since": since, "shorter": self.shorter}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Undo `to_json`."""
        since = given["since"]
        return cls(
            feed=given["feed"],
            since=None if since is None else datetime.fromisoformat(since),
            shorter=given["shorter"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One article and what a replay makes of it."""

    source: ReplaySource
    kind: Outcome
    reason: str
    words: int = 0
    article: Article | None = None


@dataclass(slots=True, kw_only=True)
class ReplayReport:
    """What a replay came to, filled while it runs. number: to take it back with; None for a dry run.

    biggest: the articles with most changed words among those that are (or would be) saved, biggest
    first. refused: worse ones and failures, the first few.
    """

    number: int | None = None
    read: int = 0
    saved: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    biggest: list[Difference] = field(default_factory=list)
    refused: list[Difference] = field(default_factory=list)

    def take(self, found: Difference) -> None:
        """Count one article."""
        self.read += 1
        self.counts[found.kind] += 1
        if found.kind in APPLIED:
            ranked = sorted([*self.biggest, found], key=lambda one: -one.words)
            self.biggest = ranked[:MAX_EXAMPLES]
        elif found.kind in ("worse", "failed") and len(self.refused) < MAX_EXAMPLES:
            self.refused.append(replace(found, article=None))


async def replay(
    archive: Archive,
    extractor: Extractor,
    request: ReplayRequest,
    *,
    watch: Callable[[ReplayReport], None] = lambda report: None,
    clock: Callable[[], datetime] = utc_now,
) -> ReplayReport:
    """Read every kept page that the request names anew and save what is better, batch by batch.

    watch: told after each batch. Broken off, what was saved stays, and can be taken back by its number.
    Raises ArchiveError.
    """
    report = ReplayReport()
    if not request.dry:
        report.number = await asyncio.to_thread(archive.reextraction.begin, request.asked, now=clock())
    sources = archive.reextraction.sources(feed=request.feed, since=request.since, batch=BATCH)
    while batch := await asyncio.to_thread(_next_batch, sources):
        found = await asyncio.gather(*(_difference(archive, extractor, one, request) for one in batch))
        for one in found:
            report.take(one)
        await _save(archive, report, found, clock())
        watch(report)
    if report.number is not None:
        await asyncio.to_thread(archive.reextraction.finish, report.number, now=clock())
    return report


async def replay_shard(
    archive: Archive,
    extractor: Extractor,
    request: ReplayRequest,
    number: int,
    part: tuple[int, int],
    *,
    clock: Callable[[], datetime] = utc_now,
) -> ReplayReport:
    """Do one part of a replay that was begun elsewhere. part: which, of how many. Raises ArchiveError."""
    report = ReplayReport(number=number)
    sources = archive.reextraction.sources(feed=request.feed, since=request.since, batch=BATCH, part=part)
    while batch := await asyncio.to_thread(_next_batch, sources):
        found = await asyncio.gather(*(_difference(archive, extractor, one, request) for one in batch))
        for one in found:
            report.take(one)
        await _save(archive, report, found, clock())
    return report


def _next_batch(sources: Iterator[ReplaySource]) -> list[ReplaySource]:
    return list(islice(sources, BATCH))


async def _save(archive: Archive, report: ReplayReport, found: Sequence[Difference], now: datetime) -> None:
    changes = [
        _change(one.source, one.article, one.reason) for one in found if one.kind in APPLIED and one.article
    ]
    if report.number is None or not changes:
        return
    saved = await asyncio.to_thread(archive.reextraction.apply, report.number, changes, now=now)
    report.saved += saved
    report.counts["meanwhile"] += len(changes) - saved


def _change(source: ReplaySource, article: Article, reason: str) -> ReplayChange:
    return ReplayChange(article_id=source.article_id, base=source.revision, article=article, reason=reason)


async def _difference(
    archive: Archive, extractor: Extractor, source: ReplaySource, request: ReplayRequest
) -> Difference:
    try:
        made = await reextract_page(archive, extractor, source)
    except (ExtractError, ArchiveError) as exc:
        return Difference(source=source, kind="failed", reason=str(exc))
    if made is None:
        return Difference(source=source, kind="joined", reason="made of several pages")
    verdict: ReplayVerdict = decide_replay(source.article, made, shorter=request.shorter)
    return Difference(
        source=source, kind=verdict.kind, reason=verdict.reason, words=verdict.words, article=made
    )


async def reextract_page(archive: Archive, extractor: Extractor, source: ReplaySource) -> Article | None:
    """Make an article of the page that we hold; None where it goes on over pages that we do not hold.

    Raises ExtractError, ArchiveError (a page that is damaged).
    """
    kept = await asyncio.to_thread(archive.library().articles.snapshot, source.snapshot)
    fetched = source.fetched or kept.fetched
    page = Page(
        url=source.article.url,
        final_url=kept.url,
        status=kept.status,
        headers=kept.headers,
        body=kept.body,
        fetched=fetched,
    )
    part = await extractor.page(page, entry=source.entry, now=fetched)
    return part.article if part.is_complete else None


async def save_reextraction(
    archive: Archive, extractor: Extractor, stored: StoredArticle, entry: Entry | None, now: datetime
) -> bool:
    """Before an edit is believed: read the page that we hold with today's extractor and rules, too.

    What differs already there is ours, not the publisher's, and is saved as such. Returns whether
    anything was. Raises ArchiveError.
    """
    if stored.snapshot is None:
        return False
    source = ReplaySource(
        article_id=stored.id,
        revision=stored.revision,
        article=stored.article,
        snapshot=stored.snapshot,
        fetched=stored.fetched,
        entry=entry,
    )
    try:
        made = await reextract_page(archive, extractor, source)
    except ExtractError:
        return False
    if made is None:
        return False
    verdict = decide_replay(stored.article, made)
    if verdict.kind not in ("text", "head"):
        return False
    change = _change(source, made, verdict.reason)
    return bool(await asyncio.to_thread(archive.reextraction.apply, None, [change], now=now))
