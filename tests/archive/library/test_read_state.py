"""Read and starred flags, and when they were last changed."""

import pytest

from tests.archive.sample_feeds import HOUR, NOW, an_entry, filled, save
from unabridged.archive import Archive, Query
from unabridged.archive.records.core import Beside
from unabridged.errors import NotFound


def test_when_an_article_came_and_was_last_marked_is_known(archive: Archive) -> None:
    [number] = filled(archive, 1)
    before = archive.library().articles.get(number)
    assert (before.delivered, before.changed) == (NOW, None)
    archive.library().tags.add([number], ["later"], now=NOW + HOUR)
    assert archive.library().articles.get(number).changed == NOW + HOUR
    archive.library().marks.set_starred([number], True, now=NOW + 2 * HOUR)
    assert archive.library().articles.get(number).changed == NOW + 2 * HOUR


def titles(archive: Archive, query: Query) -> list[str]:
    return [one.title for one in archive.library().articles.headlines(query).headlines]


def test_marks_are_kept_counted_and_listed(archive: Archive, feed_id: int) -> None:
    numbers = [one.id for one in archive.library().articles.headlines(Query(limit=5)).headlines]

    assert archive.library().marks.set_read([*numbers, 999], True, now=NOW) == 5
    assert archive.library().marks.set_read(numbers, True, now=NOW) == 0
    assert archive.library().marks.set_starred(numbers[:2], True, now=NOW) == 2

    counts = archive.library().counts()
    assert (counts.articles, counts.unread, counts.starred) == (25, 20, 2)
    assert archive.library().subscriptions.get(feed_id).unread == 20
    assert len(titles(archive, Query(unread=True))) == 20
    assert titles(archive, Query(starred=True)) == ["Story 24", "Story 23"]
    assert archive.library().marks.set_read(numbers[:1], False, now=NOW) == 1
    assert archive.library().articles.get(numbers[0]).read is False
    assert archive.library().articles.get(numbers[1]).starred is True


def test_marking_all_read_spares_what_came_later(archive: Archive, feed_id: int) -> None:
    save(archive, feed_id, an_entry(100), now=NOW + HOUR)

    assert archive.library().marks.set_all_read(Query(feed=feed_id), now=NOW + 2 * HOUR, before=NOW) == 25

    assert titles(archive, Query(unread=True)) == ["Story 100"]


def test_a_new_version_stays_read(archive: Archive, feed_id: int) -> None:
    archive.library().marks.set_all_read(Query(), now=NOW, before=NOW)
    save(archive, feed_id, an_entry(3, text="Teaser 3 was edited."), now=NOW + HOUR)
    assert archive.library().counts().unread == 0


def test_marking_all_read_is_undone_exactly(archive: Archive, feed_id: int) -> None:
    lines = archive.library().articles.headlines(Query()).headlines
    marks = archive.library().marks
    marks.set_read([lines[0].id], True, now=NOW)
    at = NOW + HOUR
    assert marks.set_all_read(Query(feed=feed_id), now=at, before=NOW) == 24
    marks.set_read([lines[1].id], False, now=NOW + 2 * HOUR)
    marks.set_read([lines[1].id], True, now=NOW + 3 * HOUR)
    assert marks.undo_all_read(at, now=NOW + 4 * HOUR) == 23
    assert marks.undo_all_read(at, now=NOW + 4 * HOUR) == 0
    read = [line.id for line in archive.library().articles.headlines(Query()).headlines if line.read]
    assert read == [lines[0].id, lines[1].id]


def test_what_is_newer_or_older_than_an_article_is_marked(archive: Archive, feed_id: int) -> None:
    lines = archive.library().articles.headlines(Query()).headlines
    marks = archive.library().marks
    newer, older = Beside(article_id=lines[3].id, side="newer"), Beside(article_id=lines[20].id, side="older")
    assert marks.set_all_read(Query(), now=NOW, before=NOW, beside=newer) == 3
    assert marks.set_all_read(Query(feed=feed_id), now=NOW, before=NOW, beside=older) == 4
    read = [line.read for line in archive.library().articles.headlines(Query()).headlines]
    assert read == [True] * 3 + [False] * 18 + [True] * 4
    with pytest.raises(NotFound):
        marks.set_all_read(Query(), now=NOW, before=NOW, beside=Beside(article_id=999, side="older"))
