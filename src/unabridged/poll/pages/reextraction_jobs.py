"""Re-extractions of single feeds in this process, one of each feed at a time, with their progress."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import Replay, ReplaySelection
from unabridged.dates.parse import utc_now
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.extractor.suspect_pages import SuspectPages
from unabridged.poll.pages.reextract import ReplayReport, ReplayRequest, replay

ASKED = "--feed {feed}"
"""Description of a run, as the command line would write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractionProgress:
    """Progress of a re-extraction. total: stored pages of the feed; read, saved: pages and new versions so
    far."""

    feed_id: int
    started: datetime
    total: int
    read: int = 0
    saved: int = 0


class ReextractionJobs:
    """Runs re-extractions of feeds. clock: the current time."""

    def __init__(self, archive: Archive, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._archive = archive
        self._clock = clock
        self._running: dict[int, ReextractionProgress] = {}

    def running(self) -> tuple[ReextractionProgress, ...]:
        """Return the progress of all re-extractions that run, the oldest first."""
        return tuple(self._running.values())

    def of_feed(self, feed_id: int) -> ReextractionProgress | None:
        """Return the progress of a feed's re-extraction, None if none runs."""
        return self._running.get(feed_id)

    def past_runs(self, feed_id: int) -> tuple[Replay, ...]:
        """Return the runs for a feed that are in the archive, newest first, without one that goes on."""
        runs = self._archive.reextraction.runs()
        mine = [run for run in reversed(runs) if run.asked == ASKED.format(feed=feed_id)]
        running = self._running.get(feed_id)
        return tuple(run for run in mine if running is None or run.finished or run.started < running.started)

    async def run(
        self, extractor: Extractor, feed_id: int, suspect: SuspectPages | None = None
    ) -> ReplayReport | None:
        """Extract the stored pages of a feed again and save what is better.

        suspect: only these pages of a site, whichever feeds show them. Returns None if a re-extraction of
        this feed runs already. Raises ArchiveError.
        """
        if feed_id in self._running:
            return None
        self._running[feed_id] = ReextractionProgress(feed_id=feed_id, started=self._clock(), total=0)
        try:
            chosen = ReplaySelection(feed=feed_id) if suspect is None else suspect.selection
            asked = ASKED.format(feed=feed_id) if suspect is None else suspect.options
            total = await asyncio.to_thread(self._archive.reextraction.count_sources, chosen)
            request = ReplayRequest(chosen=chosen, asked=asked)
            self._show(feed_id, total, ReplayReport())
            return await replay(
                self._archive,
                extractor,
                request,
                watch=lambda report: self._show(feed_id, total, report),
                clock=self._clock,
            )
        finally:
            del self._running[feed_id]

    def _show(self, feed_id: int, total: int, report: ReplayReport) -> None:
        started = self._running[feed_id].started
        self._running[feed_id] = ReextractionProgress(
            feed_id=feed_id, started=started, total=total, read=report.read, saved=report.saved
        )
