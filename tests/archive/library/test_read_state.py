"""Read and starred flags, and when they were last changed."""

from tests.archive.sample_feeds import HOUR, NOW, an_entry, filled, save
from unabridged.archive import Archive, Query


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
