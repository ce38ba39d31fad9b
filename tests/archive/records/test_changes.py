"""The version that was current at a time: versions count from their fetch or capture, not their saving."""

from datetime import UTC, datetime, timedelta

from unabridged.archive.records.changes import version_at
from unabridged.archive.records.core import RevisionLine, RevisionSource

DAY = datetime(2026, 3, 20, tzinfo=UTC)


def line(number: int, source: RevisionSource, saved: int, fetched: int | None) -> RevisionLine:
    """Make a version. saved, fetched: days after DAY."""
    return RevisionLine(
        number=number,
        source=source,
        saved=DAY + timedelta(days=saved),
        fetched=None if fetched is None else DAY + timedelta(days=fetched),
        content_hash=str(number),
        snapshot=None,
        title="",
        words=1,
        reason="",
    )


def test_what_a_web_archive_had_and_what_was_read_again_count_from_their_pages() -> None:
    lines = [
        line(0, "feed", 0, None),
        line(1, "page", 1, 1),
        line(2, "page", 5, 5),
        line(3, "archive", 6, 3),
        line(4, "replay", 7, 5),
    ]
    found = {}
    for day in (-1, 0, 1, 2, 3, 4, 5, 9):
        at = version_at(lines, DAY, DAY + timedelta(days=day))
        found[day] = None if at is None else at.number
    assert found == {-1: None, 0: 0, 1: 1, 2: 1, 3: 3, 4: 3, 5: 4, 9: 4}


def test_the_first_version_counts_from_when_the_article_was_first_seen() -> None:
    lines = [line(0, "document", 9, None)]
    assert version_at(lines, DAY, DAY) is lines[0]
    assert version_at(lines, DAY, DAY - timedelta(seconds=1)) is None
