"""The view of the page for administrators: shares of the storage, growth by day, words for what goes on."""

from dataclasses import replace
from datetime import UTC, timedelta

from tests.serve.running_app import NOW
from unabridged.archive.records.core import Failure
from unabridged.archive.records.maintenance import (
    DatabaseVersion,
    DayGrowth,
    KindSize,
    LastCheck,
    LeaseHolder,
    QueueLength,
    Sizes,
    WorkerReport,
    WorkerState,
)
from unabridged.archive.records.polling import RecentFailure, Waiting
from unabridged.serve.views.admin import (
    DAYS,
    SHOWN,
    AdminView,
    BackupFile,
    Measured,
    Run,
    admin_view,
    backup_line,
    growth_chart,
    run_line,
)
from unabridged.serve.views.lists import Moment

MOMENT = Moment(now=NOW, zone=UTC)
SIZES = Sizes(
    parts=(
        KindSize(name="articles", count=2, stored=1_000),
        KindSize(name="versions", count=3, stored=3_000),
        KindSize(name="raw pages", count=3, stored=2_000),
        KindSize(name="dictionaries", count=1, stored=500),
        KindSize(name="pictures", count=1, stored=1_500),
    ),
    sites=(),
    total=10_000,
    free=0,
    index=1_000,
)
POSTGRESQL = DatabaseVersion(product="PostgreSQL", version="17.2", schema="0019")
WAITING = Waiting(feeds=1, feeds_since=None, pages=2, pages_since=None)


def view(**changed: object) -> AdminView:
    given: dict[str, object] = {
        "database": POSTGRESQL,
        "report": None,
        "holders": (),
        "waiting": WAITING,
        "failures": (),
        "checked": None,
        "polls": True,
    }
    measured = Measured(at=NOW, sizes=SIZES, growth=())
    return admin_view(measured, MOMENT, **(given | changed))  # type: ignore[arg-type]


def test_the_parts_of_the_storage_are_the_whole() -> None:
    lines = {one.name: (one.size, one.share) for one in view().storage}
    assert lines["Texts"] == ("4.0 kB", 40.0)
    assert lines["Raw pages"] == ("2.5 kB", 25.0)
    assert lines["Search index and the rest"] == ("1.0 kB", 10.0)
    assert sum(share for _, share in lines.values()) == 100
    untold = admin_view(
        Measured(at=NOW, sizes=replace(SIZES, index=None), growth=()),
        MOMENT,
        database=replace(POSTGRESQL, product="SQLite"),
        report=None,
        holders=(),
        waiting=WAITING,
        failures=(),
        checked=None,
        polls=False,
    )
    assert "cannot tell" in untold.index_note and "Indexes" not in [one.name for one in untold.storage]
    assert "does not poll" in untold.workers_note


def test_growth_is_a_bar_for_each_kind_of_each_day() -> None:
    today = NOW.date()
    growth = (
        DayGrowth(day=today - timedelta(days=DAYS), texts=10**9),  # before the chart
        DayGrowth(day=today - timedelta(days=1), texts=50, pages=50),
        DayGrowth(day=today, texts=100, pages=50, pictures=50),
    )
    chart = growth_chart(growth, MOMENT)
    assert [(bar.kind, bar.height) for bar in chart.bars] == [
        ("whole", 15.0),
        ("partial", 15.0),
        ("whole", 30.0),
        ("partial", 15.0),
        ("delay", 15.0),
    ]
    assert [bar.y for bar in chart.bars[2:]] == [30.0, 15.0, 0.0]
    assert chart.summary == "300 bytes in 30 days"
    assert growth_chart((), MOMENT).bars == ()


def test_workers_are_told_with_what_they_do_and_whether_they_live() -> None:
    report = WorkerReport(
        workers=(
            WorkerState(number=1, last_sign=NOW - timedelta(seconds=5), jobs=("poll_bucket", "other")),
            WorkerState(number=2, last_sign=NOW - timedelta(hours=2), jobs=()),
        ),
        queues=(QueueLength(task="read_pages", waiting=1200, running=1, failed=0),),
    )
    holder = LeaseHolder(machine="x", process=77, feeds=3, until=NOW)
    found = view(report=report, holders=(holder,))
    first, second, third = found.workers
    assert (first.what, first.is_late) == ("Poll feeds, other", False)
    assert (second.what, second.is_late) == ("waits for work", True)
    assert (third.name, third.what) == ("Process 77", "polls 3 feeds")
    assert (found.queues[0].name, found.queues[0].waiting) == ("Read pages", "1,200")
    assert "Workers share" in found.workers_note and "1 feed is due, 2 pages wait." in found.due


def failing(number: int, host: str = "a.example", about: str = "page") -> RecentFailure:
    failure = Failure(kind="status", message=f"https://{host}/{number}?key=hush answered 500.")
    return RecentFailure(about=about, url=f"https://{host}/{number}?key=hush", failure=failure, at=NOW)


def test_failures_are_grouped_by_host_and_tell_no_address() -> None:
    some = (failing(1, "b.example", "feed"), failing(2), failing(3), failing(4, "c.example"))
    found = view(failures=some)
    assert [(one.host, one.count) for one in found.failures] == [
        ("a.example", "2 pages"),
        ("b.example", "1 feed"),
        ("c.example", "1 page"),
    ]
    assert "hush" not in str(found) and found.failures[0].what == "a.example answered 500."
    many = view(failures=tuple(failing(1, f"h{n}.example") for n in range(SHOWN + 5)))
    assert len(many.failures) == SHOWN and str(SHOWN) in many.failures_note


def test_a_check_is_told_with_what_it_found() -> None:
    assert view().is_damaged is False
    assert "everything is as it was stored" in view(checked=LastCheck(at=NOW, broken=0)).checked
    found = view(checked=LastCheck(at=NOW, broken=2))
    assert found.is_damaged and "2 damaged parts" in found.checked


def test_backups_and_runs_are_told_in_words() -> None:
    made = BackupFile(name="x", size=1_000, made=NOW, broken=None)
    run = Run("backup", NOW, done=1, total=4)
    assert backup_line(made, MOMENT).is_good is False
    assert backup_line(made, MOMENT, run).checked == "being checked"
    assert backup_line(replace(made, broken=0), MOMENT).checked == "checked, complete"
    assert backup_line(replace(made, broken=3), MOMENT).is_good is False
    assert (run_line(run, MOMENT).text, run_line(run, MOMENT).share) == ("Backing up: 25 %", 25)
    assert run_line(Run("check", NOW), MOMENT).text == "Checking: 0 %"
    ended = Run("check", NOW, error="The disk is full.", is_running=False)
    assert (
        run_line(ended, MOMENT).text == "The check failed. The disk is full."
        and run_line(ended, MOMENT).is_bad
    )
    assert "is written" in run_line(Run("backup", NOW, is_running=False), MOMENT).text
