"""Many sources on all cores of one machine; a page that ends its process is left out, nothing else."""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unabridged.bulk.child import Failed, Task, place_of
from unabridged.bulk.shard import Filters, Job, ShardReport, SiteOptions, finished
from unabridged.bulk.sources.source import WARC_SUFFIXES
from unabridged.bulk.writers import Format
from unabridged.errors import ExportError
from unabridged.processes.pool import ChildDied, ChildPool, Limits

WEEK = 7 * 24 * 3600
LIMITS = Limits(memory=3_000_000_000, cpu=WEEK, wall=WEEK)
"""Of a file; a page has its own limit, kept in the child."""

STILL = 60.0
"""Seconds on the clock without a step to the next page, after which a child is ended: more than ten times
what a page may take."""

LOOK = 0.25
MOST_ENDED = 20
"""Pages of one source that may end their process; then the source is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Progress of one source.

    read, size: bytes. outcome: None while it runs. again: done by an earlier run.
    """

    job: Job
    size: int
    read: int = 0
    pages: int = 0
    outcome: ShardReport | Failed | None = None
    again: bool = False


Watch = Callable[[Shard], None]


def jobs_of(
    paths: Sequence[Path],
    out: Path,
    *,
    format: Format,
    filters: Filters,
    page_seconds: float,
    sites: SiteOptions | None = None,
) -> tuple[Job, ...]:
    """Return a job for each WARC file, those of a folder in the order of their names.

    Raises ExportError where there is none, or two would be written to one file.
    """
    jobs: dict[Path, Job] = {}
    for source in _sources(paths):
        target = out / f"{_stem(source)}.{format}"
        if target in jobs and jobs[target].source != source:
            raise ExportError(
                f"{jobs[target].source} and {source} would both become {target}. Rename one, or run them one "
                "after the other into folders of their own."
            )
        jobs[target] = Job(
            source=source,
            target=target,
            format=format,
            filters=filters,
            page_seconds=page_seconds,
            sites=sites or SiteOptions(),
        )
    if not jobs:
        raise ExportError("There is no WARC file (*.warc, *.warc.gz, *.warc.zst) in what was named.")
    return tuple(jobs.values())


def _sources(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.name.endswith(WARC_SUFFIXES))
        else:
            yield path


def _stem(path: Path) -> str:
    for suffix in WARC_SUFFIXES:
        if path.name.endswith(suffix) and len(path.name) > len(suffix):
            return path.name.removesuffix(suffix)
    return path.name


async def run_local(jobs: Sequence[Job], *, workers: int = 0, watch: Watch) -> tuple[Shard, ...]:
    """Work off all files in so many processes (0: one a core); those that are finished are passed over.

    Returns what came of each, in the order given. Raises ExportError for a file that an earlier run made
    with other options, before anything is done.
    """
    shards = [shard_of(job) for job in jobs]
    for shard in shards:
        watch(shard)

    def done(number: int, shard: Shard) -> None:
        shards[number] = shard

    await run_shards(shards, workers=workers, watch=watch, done=done)
    return tuple(shards)


async def run_shards(
    shards: Iterable[Shard], *, workers: int = 0, watch: Watch, done: Callable[[int, Shard], None]
) -> None:
    """Work off shards that have no outcome yet. done: told the number and the state of each that ends.

    An exception of `done` ends the run.
    """
    waiting = iter([(number, shard) for number, shard in enumerate(shards) if shard.outcome is None])
    workers = workers or os.cpu_count() or 1

    async def work(place: Path) -> None:
        for number, shard in waiting:  # shared by all workers
            done(number, await _worked_off(shard, place, children, watch))

    with tempfile.TemporaryDirectory(prefix="unabridged-bulk-") as folder:
        async with ChildPool("unabridged.bulk.child", workers, LIMITS) as children:
            try:
                async with asyncio.TaskGroup() as group:
                    for number in range(workers):
                        group.create_task(work(Path(folder) / str(number)))
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None


def shard_of(job: Job) -> Shard:
    """Return a source's state before a run: finished by an earlier one, or not begun."""
    report, size = finished(job), job.pages.size
    if report is None:
        return Shard(job=job, size=size)
    return Shard(job=job, size=size, read=size, pages=report.pages, outcome=report, again=True)


async def _worked_off(shard: Shard, place: Path, children: ChildPool, watch: Watch) -> Shard:
    job, skip = shard.job, dict[int, str]()
    outcome: ShardReport | Failed | None = None
    while outcome is None:
        try:
            task = Task(job=replace(job, skip=skip), place=place)
            outcome = await _watched(children, task, shard, watch)
        except ChildDied as exc:
            position, _, _ = place_of(place)
            if position in skip or len(skip) >= MOST_ENDED:
                outcome = Failed(why=f"{job.pages.name}: its process ended {len(skip) + 1} times (it {exc}).")
            skip[position] = str(exc)
    done = ended(shard, outcome)
    watch(done)
    return done


def ended(shard: Shard, outcome: ShardReport | Failed) -> Shard:
    """Return a source's state when it is worked off, or given up."""
    pages = outcome.pages if isinstance(outcome, ShardReport) else 0
    return replace(shard, read=shard.size, pages=pages, outcome=outcome)


async def _watched(children: ChildPool, task: Task, shard: Shard, watch: Watch) -> ShardReport | Failed:
    """Have a task done, say how far it is, and end it where it stands still. Raises ChildDied."""
    task.place.unlink(missing_ok=True)
    doing = asyncio.create_task(children.do(task))
    still = Stillness()
    try:
        while not doing.done():
            await asyncio.wait({doing}, timeout=LOOK)
            position, pages, done = place_of(task.place)
            watch(replace(shard, read=done, pages=pages))
            if task.place.exists() and still.at(position, pages) > STILL + task.job.page_seconds:
                raise ChildDied("stood still")
    finally:
        if not doing.done():
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
    outcome: ShardReport | Failed = doing.result()
    return outcome


class Stillness:
    """Time for which a position has not changed."""

    def __init__(self) -> None:
        self._place = (-1, -1)
        self._since = 0.0

    def at(self, *place: int) -> float:
        """Return the seconds for which the place has been this one."""
        if place != self._place:
            self._place, self._since = (place[0], place[1]), time.monotonic()
        return time.monotonic() - self._since
