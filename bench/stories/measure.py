"""Put reports into stories: by an archive on disk, and by the titles alone as a baseline."""

import tempfile
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from bench.stories.reports import OUTLETS, START, Report
from unabridged.archive import Archive, PollOutcome
from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.archive.storage.tables import articles
from unabridged.archive.storage.tables_stories import story_articles, story_changes
from unabridged.model import Article, Clock, Entry, Feed

Clusters = dict[int, Hashable]
"""Place of a report in the list -> its cluster."""

THRESHOLDS = tuple(place / 100 for place in range(10, 105, 5))
"""Jaccard similarities of titles among which the baseline's is chosen."""

BASELINE_DAYS = timedelta(days=10)
"""Time between two titles from which they are not compared, as in the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """What an archive made of reports. milliseconds: CPU of all analyses, an article. changes: how many."""

    clusters: Clusters
    milliseconds: float
    changes: int


def by_archive(reports: Sequence[Report]) -> Clustered:
    """Save reports day by day, analyse them each day, and return the stories."""
    with tempfile.TemporaryDirectory() as folder, Archive(str(Path(folder, "archive.db"))) as archive:
        feeds = [_feed(archive, outlet) for outlet in range(OUTLETS)]
        spent = 0.0
        places = range(len(reports))
        for _, group in groupby(places, lambda place: (reports[place].at - START).days):
            _save(archive, feeds, reports, list(group))
            begun = time.process_time()
            archive.analysis.all()
            spent += time.process_time() - begun
        clusters, changes = _stored(archive)
    return Clustered(clusters=clusters, milliseconds=spent * 1000 / len(reports), changes=changes)


def _feed(archive: Archive, outlet: int) -> tuple[int, str]:
    url = f"https://outlet{outlet}.example/feed"
    return archive.library().subscriptions.add(url, now=START).feed.id, url


def _save(
    archive: Archive, feeds: Sequence[tuple[int, str]], reports: Sequence[Report], day: Sequence[int]
) -> None:
    """Save the reports of a day, in order, each run of one outlet at once."""
    for outlet, run in groupby(day, lambda place: reports[place].outlet):
        number, url = feeds[outlet]
        chosen = list(run)
        entries = [_entry(place, reports[place]) for place in chosen]
        now = reports[chosen[-1]].at
        outcome = PollOutcome(polled=now, next_poll_at=now + timedelta(hours=1))
        feed = Feed(url=url, format="rss", title=f"Outlet {outlet}")
        archive.ingest.save_entries(number, feed, entries, outcome, read_newest=0)


def _entry(place: int, report: Report) -> tuple[Entry, Article]:
    url = f"https://outlet{report.outlet}.example/{place}"
    article = Article(
        url=url,
        title=report.title,
        html=f"<p>{report.text}</p>",
        text=report.text,
        markdown=report.text,
        published=report.at,
        language=report.language or None,
    )
    published = Clock(kind="published", at=report.at, origin="feed")
    return Entry(guid=url, url=url, title=report.title, published=published), article


def _stored(archive: Archive) -> tuple[Clusters, int]:
    query = select(articles.c.url, articles.c.id, story_articles.c.story_id)
    query = query.outerjoin(story_articles, story_articles.c.article_id == articles.c.id)
    with archive._db.reading() as conn:
        rows = conn.execute(query).all()
        changes = len(conn.execute(select(story_changes.c.id)).all())
    found: Clusters = {
        int(url.rsplit("/", 1)[1]): f"alone {number}" if story is None else story
        for url, number, story in rows
    }
    return found, changes


def by_titles(reports: Sequence[Report], threshold: float) -> Clusters:
    """Join each report to the story of the earlier one with the most similar title, by Jaccard similarity."""
    titles = [frozenset(tokens(fold(report.title))) for report in reports]
    holders: dict[str, list[int]] = {}
    found: Clusters = {}
    for place, (report, title) in enumerate(zip(reports, titles, strict=True)):
        near = {other for token in title for other in holders.get(token, ())}
        best, score = max(
            (
                (other, _jaccard(title, titles[other]))
                for other in near
                if _recent(report.at, reports[other].at)
            ),
            key=lambda pair: pair[1],
            default=(place, 0.0),
        )
        found[place] = found[best] if score >= threshold else place
        for token in title:
            holders.setdefault(token, []).append(place)
    return found


def _recent(now: datetime, then: datetime) -> bool:
    return abs(now - then) <= BASELINE_DAYS


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
