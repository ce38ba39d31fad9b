"""Edits of many subscriptions in one transaction, and the undoing of a removal."""

import pytest

from tests.archive.sample_feeds import NOW
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, ListedFeed
from unabridged.errors import NotFound


def subscribe(archive: Archive) -> tuple[int, ...]:
    return archive.library().subscriptions.add_many(
        [
            ListedFeed(url="https://a.example/feed", folder="News", title="My A"),
            ListedFeed(url="https://b.example/feed", folder="Blogs"),
            ListedFeed(url="https://c.example/feed"),
        ],
        now=NOW,
    )


def facts(archive: Archive) -> list[tuple[int, str, str | None]]:
    return sorted((one.feed.id, one.title, one.folder) for one in archive.library().subscriptions.all())


def test_feeds_move_together_and_folders_without_feeds_go(archive: Archive) -> None:
    numbers = subscribe(archive)
    mine = archive.library().subscriptions
    mine.move_all(numbers[:2], "Reading")
    assert [(one.name, one.feeds) for one in mine.folders()] == [("Reading", 2)]
    mine.move_all(numbers, None)
    assert mine.folders() == ()


def test_one_number_that_is_no_subscription_moves_and_removes_nothing(archive: Archive) -> None:
    numbers = subscribe(archive)
    mine, before = archive.library().subscriptions, facts(archive)
    with pytest.raises(NotFound, match="999"):
        mine.move_all([*numbers, 999], "X")
    with pytest.raises(NotFound, match="999"):
        mine.remove_all([*numbers, 999], now=NOW)
    assert facts(archive) == before


def test_a_removal_is_undone_once_with_titles_and_folders(archive: Archive) -> None:
    numbers = subscribe(archive)
    mine, before = archive.library().subscriptions, facts(archive)
    mine.remove_all(numbers[:2], now=NOW)
    assert [one.feed.id for one in mine.all()] == [numbers[2]]
    assert mine.folders() == ()
    mine.add("https://b.example/feed", now=NOW, folder="Blogs")
    assert mine.restore_removed(now=NOW) == (numbers[0],)
    assert facts(archive) == before
    mine.remove_all(numbers[:1], now=NOW)
    mine.add("https://a.example/feed", now=NOW)
    assert mine.restore_removed(now=NOW) == ()
    assert mine.restore_removed(now=NOW) == ()


def test_nobody_undoes_the_removal_of_another(archive: Archive) -> None:
    numbers = subscribe(archive)
    archive.library().subscriptions.remove_all(numbers, now=NOW)
    assert archive.library(add_user(archive, "bo")).subscriptions.restore_removed(now=NOW) == ()
    assert len(archive.library().subscriptions.restore_removed(now=NOW)) == 3


def test_the_ids_of_a_filtered_list_are_those_that_its_pages_show(archive: Archive) -> None:
    numbers = subscribe(archive)
    mine = archive.library().subscriptions
    [news] = [one for one in mine.folders() if one.name == "News"]
    assert mine.ids() == numbers
    assert mine.ids(folder=news.id) == numbers[:1]
    assert mine.ids(folder=0) == numbers[2:]
    assert mine.ids(words="my A") == numbers[:1]
    assert mine.ids(words="b.example") == numbers[1:2]
    assert mine.ids(words="nothing") == ()
