"""Figures of polling for Prometheus."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import Waiting
from unabridged.poll.metrics import Metrics
from unabridged.poll.reports import PageReport, PollReport, Progress

FAILURE = Failure(kind="timeout", message="No answer.", advice="Wait.")


def seen(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_feeds_pages_articles_and_failures_are_counted() -> None:
    metrics = Metrics()
    feed = PollReport(feed_id=1, url="", title="", kind="news", new=(1, 2))
    failed = PollReport(feed_id=2, url="", title="", kind="failed", failure=FAILURE)
    page = PageReport(article_id=1, url="", kind="read")
    for report in (feed, failed, None):
        metrics.observe(Progress(stage="feeds", done=1, total=2, report=report))
    metrics.observe(Progress(stage="pages", done=1, total=1, report=page))
    assert seen(metrics, "unabridged_polls_total", result="news") == 1
    assert seen(metrics, "unabridged_polls_total", result="failed") == 1
    assert seen(metrics, "unabridged_pages_total", result="read") == 1
    assert seen(metrics, "unabridged_new_articles_total") == 2
    assert seen(metrics, "unabridged_failures_total", stage="feeds", kind="timeout") == 1


def test_a_job_is_timed_and_counted_when_it_fails() -> None:
    metrics = Metrics()
    with metrics.timed("poll"):
        pass
    with pytest.raises(ValueError, match="no"), metrics.timed("poll"):
        raise ValueError("no")
    assert seen(metrics, "unabridged_job_seconds_count", job="poll") == 2
    assert seen(metrics, "unabridged_failed_jobs_total", job="poll") == 1


def test_the_backlog_is_read_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def waiting() -> Waiting:
        asked.append(1)
        since = datetime.now(UTC) - timedelta(hours=1)
        return Waiting(feeds=3, feeds_since=since, pages=0, pages_since=None)

    metrics = Metrics()
    metrics.add_backlog(waiting)
    assert asked == []
    assert seen(metrics, "unabridged_feeds_due") == 3
    late = seen(metrics, "unabridged_feeds_late_seconds")
    assert late is not None and 3600 <= late < 3700
    assert seen(metrics, "unabridged_pages_late_seconds") == 0


def test_learnt_and_suspect_sites_are_counted_when_they_are_asked_for() -> None:
    metrics = Metrics()
    metrics.add_sites(lambda: (12, 2))
    assert seen(metrics, "unabridged_sites_learnt") == 12
    assert seen(metrics, "unabridged_sites_suspect") == 2
