"""View-model of the page for administrators: storage, growth, workers, versions, failures, backups. Pure."""

import platform
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from importlib.util import find_spec
from typing import Literal

from unabridged import urls
from unabridged.archive.records.maintenance import (
    DatabaseVersion,
    DayGrowth,
    LastCheck,
    LeaseHolder,
    Sizes,
    WorkerReport,
)
from unabridged.archive.records.polling import RecentFailure, Waiting
from unabridged.extraction.html.sanitizer import POLICY_VERSION
from unabridged.serve.languages import formats
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, ngettext, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sources.advice import failure_advice, plain_advice, plain_message
from unabridged.serve.views.sources.health import BAR, GAP, HEIGHT, Bar, Chart

DAYS = 30
"""Days of growth that are shown."""

SHOWN = 20
"""Lines of failures that are shown."""

_ADDRESS = re.compile(r"https?://[^\s,;)]*[^\s,;).]")

LATE = timedelta(minutes=1)
"""A worker without a sign of life for so long is late: it sends one every ten seconds."""

PARTS: Mapping[str, tuple[str, ...]] = {
    # what is shown -> parts of the report of sizes
    later("Texts"): ("articles", "versions"),
    later("Raw pages"): ("raw pages", "dictionaries"),
    later("Pictures"): ("pictures",),
}
TASKS: Mapping[str, str] = {
    "poll_bucket": later("Poll feeds"),
    "read_pages": later("Read pages"),
    "fetch_pictures": later("Fetch pictures"),
    "replay_shard": later("Extract again"),
}
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("authlib", "webauthn"),
    "postgresql": ("procrastinate", "psycopg"),
    "bulk": ("pyarrow",),
    "ray": ("ray",),
    "datatrove": ("datatrove",),
}
"""Extra of the program -> modules that it brings."""


RunKind = Literal["backup", "check"]


@dataclass(slots=True)
class Run:
    """A backup or a check. what, done, total: as told by the work. error: the reason why it failed, or ""."""

    kind: RunKind
    started: datetime
    what: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    is_running: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A backup in the folder. broken: problems that its check found, None if it was not checked."""

    name: str
    size: int
    made: datetime
    broken: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Sizes and growth, with the time of the measurement."""

    at: datetime
    sizes: Sizes
    growth: tuple[DayGrowth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageLine:
    """A part of the storage. share: percent of the whole, for a bar."""

    name: str
    size: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLine:
    """A process that works. is_late: it may have died."""

    name: str
    what: str
    when: str
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue of work."""

    name: str
    waiting: str
    running: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLine:
    """Failures of one kind at one host."""

    host: str
    what: str
    advice: str
    count: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A part of the program and its version."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupLine:
    """A backup. is_good: it was checked, and nothing is wrong."""

    name: str
    size: str
    made: str
    checked: str
    is_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A backup or a check in words. share: percent that is done. is_bad: it failed."""

    text: str
    share: int
    is_running: bool
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminView:
    """The page for administrators."""

    storage: tuple[StorageLine, ...]
    total: str
    measured: str
    index_note: str
    chart: Chart
    workers_note: str
    workers: tuple[WorkerLine, ...]
    queues: tuple[QueueLine, ...]
    due: str
    versions: tuple[VersionLine, ...]
    failures: tuple[FailureLine, ...]
    failures_note: str
    checked: str
    is_damaged: bool


def admin_view(
    measured: Measured,
    moment: Moment,
    *,
    database: DatabaseVersion,
    report: WorkerReport | None,
    holders: Sequence[LeaseHolder],
    waiting: Waiting,
    failures: Sequence[RecentFailure],
    checked: LastCheck | None,
    polls: bool,
) -> AdminView:
    """Build the page. polls: this process polls the feeds itself."""
    lines = _failure_lines(failures, moment)
    return AdminView(
        storage=_storage(measured.sizes),
        total=formats.size(measured.sizes.total),
        measured=formatting.relative_time(measured.at, moment.now, moment.zone),
        index_note=gettext("This SQLite cannot tell the size of its indexes.")
        if measured.sizes.index is None
        else "",
        chart=growth_chart(measured.growth, moment),
        workers_note=_workers_note(database, report, polls=polls),
        workers=(*_worker_lines(report, moment), *_holder_lines(holders, moment)),
        queues=_queue_lines(report),
        due=_due(waiting),
        versions=_versions(database),
        failures=lines[:SHOWN],
        failures_note=_failures_note(failures, lines),
        checked=_checked(checked, moment),
        is_damaged=checked is not None and checked.broken > 0,
    )


def _storage(sizes: Sizes) -> tuple[StorageLine, ...]:
    stored = {one.name: one.stored for one in sizes.parts}
    known = {gettext(name): sum(stored.get(part, 0) for part in parts) for name, parts in PARTS.items()}
    if sizes.index is not None:
        known[gettext("Indexes")] = sizes.index
    known[gettext("Free space inside")] = sizes.free
    # what is left: the search index, marks, and what the pages of the database do not fill
    known[gettext("Search index and the rest")] = max(0, sizes.total - sum(known.values()))
    whole = max(1, sizes.total)
    return tuple(
        StorageLine(name=name, size=formats.size(size), share=round(min(100.0, 100 * size / whole), 1))
        for name, size in known.items()
    )


def growth_chart(growth: Sequence[DayGrowth], moment: Moment) -> Chart:
    """Build the chart of the bytes added on each of the last days (UTC)."""
    last = moment.now.date()
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    by_day = {one.day: one for one in growth}
    found = [by_day.get(day, DayGrowth(day=day)) for day in days]
    most = max((one.total for one in found), default=0) or 1
    bars: list[Bar] = []
    for place, one in enumerate(found):
        title = gettext("{day}: {size}").format(day=formats.day(one.day), size=formats.size(one.total))
        y = float(HEIGHT)
        for kind, size in (("whole", one.texts), ("partial", one.pages), ("delay", one.pictures)):
            height = round(HEIGHT * size / most, 1)
            if height:
                y = round(y - height, 1)
                bars.append(Bar(x=place * (BAR + GAP), y=y, height=height, kind=kind, title=title))
    total = sum(one.total for one in found)
    return Chart(
        title=gettext("Growth"),
        summary=gettext("{size} in {days} days").format(size=formats.size(total), days=DAYS),
        bars=tuple(bars),
        width=DAYS * (BAR + GAP) - GAP,
        height=HEIGHT,
        first=formats.day(days[0]),
        last=formats.day(days[-1]),
    )


def _workers_note(database: DatabaseVersion, report: WorkerReport | None, *, polls: bool) -> str:
    if report is not None:
        return gettext("Workers share the polling. The reader itself does not poll.")
    if database.product == "PostgreSQL":
        alone = gettext("No worker has used this database yet.")
    else:
        alone = gettext("On SQLite one process does everything. Workers of their own need PostgreSQL.")
    if polls:
        return sentences(alone, gettext("The reader polls the feeds itself."))
    return sentences(alone, gettext("The reader does not poll; feeds are polled where that was started."))


def _worker_lines(report: WorkerReport | None, moment: Moment) -> tuple[WorkerLine, ...]:
    return tuple(
        WorkerLine(
            name=gettext("Worker {n}").format(n=one.number),
            what=", ".join(_task_name(job) for job in one.jobs) or gettext("waits for work"),
            when=gettext("last sign of life {time}").format(
                time=formatting.relative_time(one.last_sign, moment.now, moment.zone)
            ),
            is_late=moment.now - one.last_sign > LATE,
        )
        for one in (report.workers if report else ())
    )


def _holder_lines(holders: Sequence[LeaseHolder], moment: Moment) -> tuple[WorkerLine, ...]:
    return tuple(
        WorkerLine(
            name=gettext("Process {n}").format(n=one.process) if one.process else gettext("A process"),
            what=ngettext("polls {n} feed", "polls {n} feeds", one.feeds).format(n=number(one.feeds)),
            when=gettext("at the latest until {time}").format(
                time=formatting.time_of_day(one.until, moment.zone)
            ),
        )
        for one in holders
    )


def _task_name(task: str) -> str:
    return gettext(TASKS.get(task, task))


def _queue_lines(report: WorkerReport | None) -> tuple[QueueLine, ...]:
    return tuple(
        QueueLine(
            name=_task_name(one.task),
            waiting=number(one.waiting),
            running=number(one.running),
            failed=number(one.failed),
        )
        for one in (report.queues if report else ())
    )


def _due(waiting: Waiting) -> str:
    feeds = ngettext("{n} feed is due", "{n} feeds are due", waiting.feeds).format(n=number(waiting.feeds))
    pages = ngettext("{n} page waits", "{n} pages wait", waiting.pages).format(n=number(waiting.pages))
    return gettext("{feeds}, {pages}.").format(feeds=feeds, pages=pages)


def _versions(database: DatabaseVersion) -> tuple[VersionLine, ...]:
    extras = [name for name, modules in EXTRAS.items() if all(find_spec(one) for one in modules)]
    return (
        VersionLine(name="Unabridged", value=metadata.version("unabridged")),
        VersionLine(name=gettext("Tables of the archive"), value=database.schema),
        VersionLine(name="Python", value=platform.python_version()),
        VersionLine(name=database.product, value=database.version),
        VersionLine(name=gettext("Rules for safe HTML"), value=str(POLICY_VERSION)),
        VersionLine(name=gettext("Extras"), value=", ".join(extras) or gettext("none")),
    )


def _failure_lines(failures: Sequence[RecentFailure], moment: Moment) -> tuple[FailureLine, ...]:
    """Group failures by host, feed or page, and kind; the most frequent first. Addresses may hold secrets."""
    groups: dict[tuple[str, str, str], list[RecentFailure]] = defaultdict(list)
    for one in failures:
        groups[(urls.host(one.url), one.about, one.failure.kind)].append(one)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        FailureLine(
            host=host,
            what=_ADDRESS.sub(_host_of, plain_message(some[0].failure.message)),
            advice=_advice(some[0]),
            count=_count_of(about, len(some)),
            when=formatting.relative_time(some[0].at, moment.now, moment.zone),
        )
        for (host, about, _), some in ordered
    )


def _advice(one: RecentFailure) -> str:
    if one.about == "page" and one.failure.kind == "status":
        return plain_advice("page-status", one.failure.advice)
    return failure_advice(one.failure)


def _host_of(address: re.Match[str]) -> str:
    return urls.host(address[0]) or "…"


def _count_of(about: str, count: int) -> str:
    if about == "feed":
        return ngettext("{n} feed", "{n} feeds", count).format(n=number(count))
    return ngettext("{n} page", "{n} pages", count).format(n=number(count))


def _failures_note(failures: Sequence[RecentFailure], lines: Sequence[FailureLine]) -> str:
    if not failures:
        return gettext("Nothing has failed in the last day.")
    if len(lines) > SHOWN:
        return gettext("The {n} most frequent are shown.").format(n=SHOWN)
    return ""


def _checked(checked: LastCheck | None, moment: Moment) -> str:
    if checked is None:
        return gettext("The archive was not checked from here yet.")
    when = formatting.date_time(checked.at, moment.zone)
    if not checked.broken:
        return gettext("Checked on {time}: everything is as it was stored.").format(time=when)
    found = ngettext("{n} damaged part", "{n} damaged parts", checked.broken)
    words = found.format(n=number(checked.broken))
    return gettext("Checked on {time}: {found}.").format(time=when, found=words)


def backup_line(backup: BackupFile, moment: Moment, run: Run | None = None) -> BackupLine:
    """Describe a backup. run: the present or last one."""
    is_new = run is not None and run.is_running and backup.made == run.started.replace(microsecond=0)
    if is_new:
        checked = gettext("being checked")
    elif backup.broken is None:
        checked = gettext("not checked to its end")
    else:
        checked = gettext("checked, complete") if not backup.broken else gettext("damaged")
    return BackupLine(
        name=backup.name,
        size=formats.size(backup.size),
        made=formatting.date_time(backup.made, moment.zone),
        checked=checked,
        is_good=backup.broken == 0 or is_new,
    )


def run_line(run: Run, moment: Moment) -> RunLine:
    """Tell how far a backup or a check is, or how it ended."""
    share = int(100 * run.done / run.total) if run.total else 0
    if run.is_running:
        text = gettext("Backing up: {n} %") if run.kind == "backup" else gettext("Checking: {n} %")
        return RunLine(text=text.format(n=share), share=share, is_running=True, is_bad=False)
    if run.error:
        text = gettext("The backup failed.") if run.kind == "backup" else gettext("The check failed.")
        return RunLine(text=sentences(text, reported(run.error)), share=0, is_running=False, is_bad=True)
    when = formatting.relative_time(run.started, moment.now, moment.zone)
    text = (
        gettext("The backup of {time} is written.")
        if run.kind == "backup"
        else gettext("The check of {time} is done.")
    )
    return RunLine(text=text.format(time=when), share=100, is_running=False, is_bad=False)
