"""An archive of articles that an export has to write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unabridged.archive import Archive, PollOutcome, Query
from unabridged.extraction import article_from_entry
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import ImportReport, import_paths
from unabridged.formats.markdown_pool import LIMITS
from unabridged.formats.selection import Selection
from unabridged.model import Clock, Entry, Feed
from unabridged.processes.pool import Limits

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


FEED = Feed(url="https://news.example/feed", format="rss", title="News")


def order(**given: Any) -> ExportJob:
    return ExportJob(selection=Selection(query=Query(**given)), now=NOW)


def fill_with(archive: Archive, count: int) -> int:
    feed = archive.library().subscriptions.add(FEED.url, now=NOW).feed
    entries = [
        Entry(
            guid=f"g{number}",
            url=f"https://news.example/{number}",
            title=f"Story: {number} *of* “many” 龙",
            published=Clock(kind="published", at=NOW - timedelta(minutes=number), origin="feed"),
            content_html=f"<p>Text <b>{number}</b> &amp; more.</p><p>Zweiter Absatz über Öl.</p>",
            authors=("Ada", "李四"),
            tags=("a",),
        )
        for number in range(count)
    ]
    pairs = [(entry, article_from_entry(entry, FEED)) for entry in entries]
    archive.ingest.save_entries(feed.id, FEED, pairs, PollOutcome(polled=NOW, next_poll_at=NOW))
    return feed.id


def take(archive: Archive, *paths: Path, limits: Limits = LIMITS) -> ImportReport:
    return import_paths(archive, paths, now=NOW, limits=limits)
