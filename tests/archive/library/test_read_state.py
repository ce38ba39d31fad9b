"""Read and starred flags, and when they were last changed."""

from tests.archive.sample_feeds import HOUR, NOW, filled
from unabridged.archive import Archive


def test_when_an_article_came_and_was_last_marked_is_known(archive: Archive) -> None:
    [number] = filled(archive, 1)
    before = archive.library().articles.get(number)
    assert (before.delivered, before.changed) == (NOW, None)
    archive.library().tags.add([number], ["later"], now=NOW + HOUR)
    assert archive.library().articles.get(number).changed == NOW + HOUR
    archive.library().marks.set_starred([number], True, now=NOW + 2 * HOUR)
    assert archive.library().articles.get(number).changed == NOW + 2 * HOUR
