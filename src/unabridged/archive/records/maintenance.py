"""Records of maintenance: progress of long work, damage found, sizes, copies."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

Watch = Callable[[str, int, int], None]
"""Called as work goes on with its subject, how much is done, and of how much."""


def unwatched(_what: str, _done: int, _total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A damaged part. kind: file, revision, snapshot, dictionary, blob, reference or search."""

    kind: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Result of a check. counts: kind -> number of checked parts. broken: number of all problems.

    problems: the first of them. unchecked: why parts could not be checked now, with no sign of damage.
    """

    counts: dict[str, int]
    problems: tuple[Problem, ...]
    broken: int
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSize:
    """Size of one kind of data: number, bytes as stored, bytes before compression (None: unknown)."""

    name: str
    count: int
    stored: int
    raw: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSize:
    """Size of the raw pages of one site, in bytes as stored and before compression."""

    site: str
    pages: int
    stored: int
    raw: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Size report in bytes. total: the database file; free: unused space in it; index: its indexes alone.

    index: None if the database cannot tell.
    """

    parts: tuple[KindSize, ...]
    sites: tuple[SiteSize, ...]
    total: int
    free: int
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGrowth:
    """Bytes that were added on a day (UTC), as stored: of texts, raw pages and pictures."""

    day: date
    texts: int = 0
    pages: int = 0
    pictures: int = 0

    @property
    def total(self) -> int:
        return self.texts + self.pages + self.pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseHolder:
    """A process that polls feeds now. machine: a hash of its name; until: the last of its leases ends."""

    machine: str
    process: int | None
    feeds: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """A worker of the job queue. last_sign: its last sign of life. jobs: names of the tasks it works on."""

    number: int
    last_sign: datetime
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLength:
    """Jobs of one task in the job queue."""

    task: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReport:
    """The workers of an archive on PostgreSQL and their queues."""

    workers: tuple[WorkerState, ...]
    queues: tuple[QueueLength, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """The last check of an archive: when it ended, and the number of problems."""

    at: datetime
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseVersion:
    """The database of an archive. product: "SQLite" or "PostgreSQL". schema: version of the tables."""

    product: str
    version: str
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Content of a table: number of rows, and the sum of their hashes."""

    rows: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Result of a copy. tables: table -> its fingerprint, equal at both ends.

    late: the source was written to during the copy; those changes are not in it.
    """

    tables: dict[str, Fingerprint]
    late: bool = False

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())
