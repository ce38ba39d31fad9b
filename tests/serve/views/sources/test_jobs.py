"""Work under way in words."""

from datetime import UTC, datetime

from unabridged.archive.records.polling import FirstPolls, UnderWay
from unabridged.poll.pages.reextraction_jobs import ReextractionProgress
from unabridged.serve.views.sources.jobs import job_lines

QUIET = UnderWay(polled=0, due=0, pages=0, pictures=0)
RUNNING = ReextractionProgress(
    feed_id=3, started=datetime(2026, 1, 1, tzinfo=UTC), total=1200, read=64, saved=1
)


def test_nothing_under_way_is_no_line() -> None:
    assert job_lines(QUIET, FirstPolls(), (), {}) == ()


def test_each_sort_of_work_is_a_line_with_its_progress() -> None:
    busy = UnderWay(polled=1, due=12, pages=1, pictures=2)
    lines = job_lines(busy, FirstPolls(waiting=10, together=40), [RUNNING], {3: "The News"})
    assert [(line.what, line.done, line.total) for line in lines] == [
        ("The News: stored pages are read again, 64 of 1,200; 1 new version.", 64, 1200),
        ("New feeds: 30 of 40 read for the first time.", 30, 40),
        ("1 feed is being asked, 12 are due.", 0, 0),
        ("1 page waits or is read.", 0, 0),
        ("2 pictures are due.", 0, 0),
    ]


def test_work_on_feeds_of_others_is_not_told() -> None:
    assert job_lines(QUIET, FirstPolls(), [RUNNING], {4: "Another"}) == ()
