"""Prometheus metrics of polling: polls, pages, failures, job times, backlog."""

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
    """Metrics of one process, in their own registry. Pass `observe` to a Poller as its `watch`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        self._polls = Counter("unabridged_polls", "Feeds polled, by outcome.", ["result"], registry=here)
        self._pages = Counter("unabridged_pages", "Pages read, by outcome.", ["result"], registry=here)
        self._articles = Counter("unabridged_new_articles", "Articles seen for the first time", registry=here)
        self._failures = Counter(
            "unabridged_failures",
            "Feeds and pages that failed, by kind of failure.",
            ["stage", "kind"],
            registry=here,
        )
        self._jobs = Histogram(
            "unabridged_job_seconds",
            "Time of a worker's jobs, by kind.",
            ["job"],
            buckets=SECONDS,
            registry=here,
        )
        self._failed_jobs = Counter(
            "unabridged_failed_jobs", "Jobs of a worker that failed.", ["job"], registry=here
        )

    def observe(self, progress: Progress) -> None:
        """Count a step of polling."""
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
        """Measure the time of a job, and count it if it fails."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._failed_jobs.labels(job).inc()
            raise
        finally:
            self._jobs.labels(job).observe(time.monotonic() - began)

    def add_sites(self, counts: Callable[[], tuple[int, int]]) -> None:
        """Add gauges of the sites that were learnt, and of those that are suspect."""
        self.registry.register(_Sites(counts))

    def add_backlog(self, waiting: Callable[[], Waiting]) -> None:
        """Add gauges of the backlog, read from the archive at each scrape."""
        self.registry.register(_Backlog(waiting))


class _Sites(Collector):
    """Gauges of learnt and suspect sites."""

    def __init__(self, counts: Callable[[], tuple[int, int]]) -> None:
        self._counts = counts

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registration does not query the archive."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Count the sites in the archive."""
        learnt, suspect = self._counts()
        yield GaugeMetricFamily("unabridged_sites_learnt", "Sites with a learnt profile.", value=learnt)
        yield GaugeMetricFamily(
            "unabridged_sites_suspect", "Sites whose profile raised an alarm.", value=suspect
        )


class _Backlog(Collector):
    """Gauges of due feeds and pages."""

    def __init__(self, waiting: Callable[[], Waiting]) -> None:
        self._waiting = waiting

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registration does not query the archive."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Read the backlog from the archive."""
        found, now = self._waiting(), time.time()
        for name, words, count, since in (
            ("feeds", "Feeds", found.feeds, found.feeds_since),
            ("pages", "Pages", found.pages, found.pages_since),
        ):
            yield GaugeMetricFamily(f"unabridged_{name}_due", f"{words} that are due.", value=count)
            late = 0.0 if since is None else max(0.0, now - since.timestamp())
            yield GaugeMetricFamily(
                f"unabridged_{name}_late_seconds",
                f"{words}: seconds since the first of them was due.",
                value=late,
            )
