"""A reader's desk for end-to-end tests: the sample publisher, an archive, a poller, and a clock of ours."""

import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller
from unabridged.poll.reports import PageReport, PollReport
from unabridged.sample.layout import Site
from unabridged.sample.server import SamplePublisher
from unabridged.sample.truth import Truth, Verdict, compare

NONE: Mapping[str, Any] = {}
PATIENCE = 60.0
"""Seconds for one answer; hosts that answer at all need far less."""


@dataclass
class Clock:
    """The present, moved by hand; counted in seconds it goes on by itself as well."""

    now: datetime = datetime(2025, 4, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return time.monotonic() + self.now.timestamp()


@dataclass
class Desk:
    """What a reader has, with what came of each round: pages by address, feeds by address."""

    publisher: SamplePublisher
    archive: Archive
    poller: Poller
    clock: Clock
    feeds: list[dict[str, PollReport]] = field(default_factory=list)
    pages: list[dict[str, PageReport]] = field(default_factory=list)

    def subscribe(self, *addresses: str) -> None:
        for address in addresses:
            self.archive.library().subscriptions.add(address, now=self.clock())

    async def round(self, **later: float) -> None:
        """Let time pass, ask every feed that is due, read every page that is."""
        self.clock.now += timedelta(**later)
        summary = await self.poller.poll_due()
        self.feeds.append({report.url: report for report in summary.feeds})
        self.pages.append({report.url: report for report in summary.pages})


@asynccontextmanager
async def desk(
    folder: Path,
    sites: Sequence[Site | str],
    *,
    cases: Collection[str] = (),
    patience: float = PATIENCE,
    recheck: tuple[str, ...] = (),
    now: datetime = Clock.now,
    learn: bool = False,
    children: Mapping[str, Any] = NONE,
) -> AsyncIterator[Desk]:
    """A desk whose archive stays in `folder`.

    patience: seconds for one answer. recheck, learn: as in settings. children: the fixture of that name, else
    the poller starts its own.
    """
    clock = Clock(now)
    async with SamplePublisher(sites, cases=cases, step=3600.0) as publisher:
        fetching = FetchSettings(allow_private=publisher.hosts, per_host_gap=0.0, timeout=patience)
        with Archive(f"sqlite:///{folder / 'desk.sqlite'}") as archive:
            async with (
                Fetcher(fetching, now=clock, seconds=clock.seconds) as fetcher,
                Poller(
                    archive=archive,
                    fetcher=fetcher,
                    settings=PollSettings(workers=1, recheck=recheck, learn=learn),
                    clock=clock,
                    jitter=lambda: 0.5,
                    **children,
                ) as poller,
            ):
                yield Desk(publisher=publisher, archive=archive, poller=poller, clock=clock)


OpenDesk = Callable[..., AbstractAsyncContextManager[Desk]]


@dataclass(frozen=True)
class Seen:
    """One article as the reader has it, with what is true of it."""

    truth: Truth
    stored: StoredArticle

    @property
    def verdict(self) -> Verdict:
        return compare(self.truth, self.stored.article)

    @property
    def text(self) -> str:
        return self.stored.article.text


def all_seen(desk: Desk) -> dict[str, Seen]:
    """Every article that has a truth, by the last part of its path."""
    seen = {}
    for truth in desk.publisher.truths():
        stored = desk.archive.library().articles.find(truth.url)
        if stored is not None:
            seen[truth.url.rsplit("/", 1)[1]] = Seen(truth=truth, stored=stored)
    return seen
