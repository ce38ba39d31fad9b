"""Figures of polling for Prometheus: what was done, how long it took, what waits."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from unabridged.archive.records.polling import Waiting
from unabridged.poll.reports import PollReport, Progress

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """Counters of one process, in a registry of their own. `watch` is what a Poller is to be watched by."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        self._polls = Counter("unabridged_polls", "Feeds asked, by outcome.", ["result"], registry=here)
        self._pages = Counter("unabridged_pages", "Pages read, by outcome.", ["result"], registry=here)
        self._articles = Counter("unabridged_new_articles", "Articles seen for the first time", registry=here)
        self._failures = Counter(
            "unabridged_failures", "Feeds and pages that failed, by why.", ["stage", "kind"], registry=here
        )
        self._jobs = Histogram(
            "unabridged_job_seconds", "Jobs of a worker, by kind.", ["job"], buckets=SECONDS, registry=here
        )
        self._failed_jobs = Counter(
            "unabridged_failed_jobs", "Jobs of a worker that broke off.", ["job"], registry=here
        )

    def observe(self, progress: Progress) -> None:
        """Count what was just done."""
        report = progress.report
        if report is None:
            return
        if isinstance(report, PollReport):
            self._polls.labels(report.kind).inc()
            self._articles.inc(len(report.new))
        else:
            self._pages.labels(report.kind).inc()
        if report.failure is not None:
            self._failures.labels(progress.stage, report.failure.kind).inc()

    @contextmanager
    def timed(self, job: str) -> Iterator[None]:
        """Take the time of a job, and count it where it breaks off."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._failed_jobs.labels(job).inc()
            raise
        finally:
            self._jobs.labels(job).observe(time.monotonic() - began)

    def add_backlog(self, waiting: Callable[[], Waiting]) -> None:
        """Show what waits in the archive, asked of it at each look."""
        self.registry.register(_Backlog(waiting))


class _Backlog(Collector):
    """What is due in the archive, as gauges."""

    def __init__(self, waiting: Callable[[], Waiting]) -> None:
        self._waiting = waiting

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: the archive is asked only when somebody looks."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Ask the archive."""
        found, now = self._waiting(), time.time()
        for name, words, count, since in (
            ("feeds", "Feeds", found.feeds, found.feeds_since),
            ("pages", "Pages", found.pages, found.pages_since),
        ):
            yield GaugeMetricFamily(f"unabridged_{name}_due", f"{words} that are due.", value=count)
            late = 0.0 if since is None else max(0.0, now - since.timestamp())
            yield GaugeMetricFamily(
                f"unabridged_{name}_late_seconds", f"{words}: how late the first of them is.", value=late
            )
