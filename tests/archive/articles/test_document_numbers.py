"""Numbers of articles in the document tree: given once, never again."""

from datetime import timedelta

from tests.archive.sample_feeds import NOW, an_entry, save
from unabridged.archive import Archive


def test_numbers_in_the_tree_are_given_once(archive: Archive, feed_id: int) -> None:
    assert archive.documents.assign_numbers() == 25
    assert archive.documents.assign_numbers() == 0
    before = [(one.number, one.stored.id) for one in archive.documents.articles("news", batch=10)]
    save(archive, feed_id, an_entry(-5), now=NOW + timedelta(days=1))
    archive.documents.assign_numbers()
    after = [(one.number, one.stored.id) for one in archive.documents.articles("news", batch=10)]
    assert [number for number, _ in before] == list(range(1, 26))
    assert after[:25] == before
    assert after[25][0] == 26
