"""Copies of an archive into another database, row for row."""

from collections.abc import Callable

import pytest

from tests.archive.maintenance.filled_archive import fill, prints
from tests.archive.sample_feeds import NOW, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.maintenance.copy_archive import copy_archive
from unabridged.archive.migrations.runner import prepare
from unabridged.archive.storage.engine import Database
from unabridged.errors import ArchiveError


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_moves_to_another_database_row_for_row(
    archive: Archive, dsn: str, other_dsn: Callable[[str], str], kind: str
) -> None:
    fill(archive)
    target = other_dsn(kind)

    copied = archive.maintenance.copy_to(target)

    assert prints(target) == prints(dsn) == copied.tables
    assert not copied.late
    with Archive(target) as moved:
        assert moved.maintenance.verify().problems == ()
        last = max(one.id for one in archive.library().articles.all(Query()))
        feed = moved.library().subscriptions.add("https://more.example/feed", now=NOW).feed
        [number] = save(moved, feed.id, an_entry(500, url="https://more.example/500")).new
        assert number > last + 1  # the erased article's number is not given again
        with pytest.raises(ArchiveError, match="holds an archive already"):
            archive.maintenance.copy_to(target)
        assert moved.library().articles.get(number).id == number


def test_a_copy_that_fails_half_way_leaves_the_target_empty(
    archive: Archive, dsn: str, other_dsn: Callable[[str], str]
) -> None:
    fill(archive)
    target = Database(other_dsn("postgresql"))
    prepare(target)

    def stop(what: str, done: int, _total: int) -> None:
        if what == "revisions" and done:
            raise KeyboardInterrupt

    source = Database(dsn)
    with pytest.raises(KeyboardInterrupt):
        copy_archive(source, target, stop)
    source.close()
    address = target.url.render_as_string(hide_password=False)
    target.close()
    assert archive.maintenance.copy_to(address).tables == prints(dsn)
