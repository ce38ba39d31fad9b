"""Re-extraction (replay) of stored pages with the current extractor and rules, in batches."""

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
from unabridged.archive.records.library import (
    EVERY_PAGE,
    ReplayChange,
    ReplayKind,
    ReplaySelection,
    ReplaySource,
    ReplayVerdict,
)
from unabridged.dates.parse import utc_now
from unabridged.errors import ArchiveError, ExtractError
from unabridged.model import Article, Entry, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.extractor.site_rules import NO_RULES

BATCH = 64
"""Articles extracted concurrently and saved in one transaction."""

MAX_EXAMPLES = 5
"""Most examples of large differences, and of refused articles, in a report."""

ON_WORKERS = "--on-workers"
"""Option of a replay that workers run shard by shard."""

APPLIED: frozenset[str] = frozenset(("text", "head", "body"))
"""Kinds of change that are saved. A change of details alone does not make a version."""

Outcome = ReplayKind | Literal["joined", "failed", "meanwhile"]
"""joined: the article has several pages, and only the first is stored. failed: no article can be extracted
from the page. meanwhile: the article got another version during the re-extraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """Selection and options of a replay. chosen: the stored pages.

    dry: report changes without saving them. shorter: also accept texts that lose a fifth of their words.
    asked: the command line, for the record.
    """

    chosen: ReplaySelection = EVERY_PAGE
    dry: bool = False
    shorter: bool = False
    asked: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the request as JSON for a job."""
        since, until = self.chosen.since, self.chosen.until
        return {
            "feed": self.chosen.feed,
            "site": self.chosen.site,
            "since": None if since is None else since.isoformat(),
            "until": None if until is None else until.isoformat(),
            "shorter": self.shorter,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Undo `to_json`."""
        since, until = given["since"], given.get("until")
        chosen = ReplaySelection(
            feed=given["feed"],
            site=given.get("site"),
            since=None if since is None else datetime.fromisoformat(since),
            until=None if until is None else datetime.fromisoformat(until),
        )
        return cls(chosen=chosen, shorter=given["shorter"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Result of re-extracting one article. words: how many changed."""

    source: ReplaySource
    kind: Outcome
    reason: str
    words: int = 0
    article: Article | None = None


@dataclass(slots=True, kw_only=True)
class ReplayReport:
    """Report of a replay, filled while it runs. number: ID for undoing it; None for a dry run.

    biggest: of the articles that are (or would be) saved, those with most changed words, most first.
    refused: the first few worse results and failures.
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
    """Re-extract every stored page that the request selects; save the improved articles in batches.

    watch: called after each batch. If interrupted, saved changes stay and can be undone by the report's
    number. Raises ArchiveError.
    """
    report = ReplayReport()
    if not request.dry:
        report.number = await asyncio.to_thread(archive.reextraction.begin, request.asked, now=clock())
    extractor.use_rules(await asyncio.to_thread(archive.feeds.site_rules))
    sources = archive.reextraction.sources(request.chosen, batch=BATCH)
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
    """Run one shard of a replay that another process began.

    part: (index of the shard, number of shards). Raises ArchiveError.
    """
    report = ReplayReport(number=number)
    extractor.use_rules(await asyncio.to_thread(archive.feeds.site_rules))
    sources = archive.reextraction.sources(request.chosen, batch=BATCH, part=part)
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


async def reextract_page(
    archive: Archive, extractor: Extractor, source: ReplaySource, *, tried: Mapping[str, str] = NO_RULES
) -> Article | None:
    """Extract an article from the stored page; None if it continues on pages that are not stored.

    tried: site rules to try, in the place of those that are stored. Raises ExtractError, or ArchiveError if
    the stored page is damaged.
    """
    page = await stored_page(archive, source)
    part = await extractor.page(page, entry=source.entry, now=page.fetched, tried=tried)
    return part.article if part.is_complete else None


async def stored_page(archive: Archive, source: ReplaySource) -> Page:
    """Return the page that an article was extracted from. Raises ArchiveError if it is damaged."""
    stored = await asyncio.to_thread(archive.library().articles.snapshot, source.snapshot)
    return Page(
        url=source.article.url,
        final_url=stored.url,
        status=stored.status,
        headers=stored.headers,
        body=stored.body,
        fetched=source.fetched or stored.fetched,
    )


async def save_reextraction(
    archive: Archive, extractor: Extractor, stored: StoredArticle, entry: Entry | None, now: datetime
) -> bool:
    """Re-extract the stored page of an article before an edit of its publisher is saved.

    Differences found are due to our extractor or rules and are saved as a version of their own. Returns
    whether one was saved. Raises ArchiveError.
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
