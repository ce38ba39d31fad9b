"""Subscriptions: made, listed, titled, in folders, removed and purged."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_page, an_article, an_entry, save
from tests.archive.stored_rows import add_user, due_feeds, feed_numbers
from unabridged.archive import (
    Archive,
    ListedFeed,
    Query,
)
from unabridged.archive.records.rules import RuleDraft
from unabridged.config import FeedSettings
from unabridged.errors import InvalidURL, InvalidValue, NotFound


def test_subscribing_twice_is_subscribing_once(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW)
    again = archive.library().subscriptions.add(
        "http://www.news.example/feed/", now=NOW + HOUR, folder="World", title="Mine"
    )

    assert (first.new, again.new) == (True, False)
    assert first.feed.id == again.feed.id
    assert (again.title, again.folder) == ("Mine", "World")
    assert len(archive.library().subscriptions.all()) == 1


def test_many_feeds_are_subscribed_to_at_once_or_none(archive: Archive) -> None:
    rows = [
        ListedFeed(url="https://a.example/", folder="World"),
        ListedFeed(url="https://b.example/", title="Mine"),
        ListedFeed(url="https://a.example"),
    ]
    first, second, again = archive.library().subscriptions.add_many(rows, now=NOW)
    assert first == again
    assert {(one.feed.id, one.folder, one.title) for one in archive.library().subscriptions.all()} == {
        (first, "World", "https://a.example/"),
        (second, None, "Mine"),
    }
    with pytest.raises(InvalidURL):
        archive.library().subscriptions.add_many(
            [ListedFeed(url="https://c.example/"), ListedFeed(url="nonsense:")], now=NOW
        )
    assert len(feed_numbers(archive)) == 2


def test_a_listed_feed_stands_as_the_list_says_and_a_new_folder_keeps_as_long(archive: Archive) -> None:
    archive.library().subscriptions.add("https://old.example/", folder="Old", now=NOW)
    rows = [
        ListedFeed(url="https://a.example/", folder="New", paused=True, user_agent="Mine/1"),
        ListedFeed(url="https://b.example/", folder="Old"),
    ]
    paused, active = archive.library().subscriptions.add_many(
        rows, now=NOW, retain={"New": 60, "Old": 60, "None": 60}
    )
    assert (
        archive.library().subscriptions.feed(paused).status,
        archive.library().subscriptions.feed(active).status,
    ) == ("paused", "active")
    assert archive.feeds.settings(paused) == FeedSettings(user_agent="Mine/1")
    assert {one.name: one.retain for one in archive.library().subscriptions.folders()} == {
        "New": 60,
        "Old": None,
    }


def test_an_address_that_cannot_be_fetched_is_refused(archive: Archive) -> None:
    with pytest.raises(InvalidURL):
        archive.library().subscriptions.add("ftp://news.example/feed", now=NOW)
    assert feed_numbers(archive) == []


def test_unsubscribing_stops_polling_and_keeps_articles(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))

    archive.library().subscriptions.remove(feed.id)

    assert archive.library().subscriptions.all() == ()
    assert due_feeds(archive, NOW + timedelta(days=9)) == []
    assert len(archive.library().articles.page(Query()).articles) == 1
    with pytest.raises(NotFound):
        archive.library().subscriptions.remove(feed.id)
    archive.library().subscriptions.add(URL, now=NOW + HOUR)
    assert save(archive, feed.id, an_entry(1), now=NOW + HOUR).new == ()


def test_purging_erases_what_only_this_feed_showed_and_nobody_starred(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    _, starred, _ = save(archive, feed.id, an_entry(1), an_entry(2), an_entry(3)).new
    save(archive, other.id, an_entry(3, guid="theirs"))
    archive.library().marks.set_starred([starred], True, now=NOW)

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert sorted(one.title for one in archive.library().articles.headlines(Query()).headlines) == [
        "Story 2",
        "Story 3",
    ]


def test_what_two_feeds_showed_goes_with_the_second_that_is_purged(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(2))
    save(archive, other.id, an_entry(2, guid="theirs"))

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert feed_numbers(archive) == [other.id]
    again = archive.library().subscriptions.add(URL, now=NOW).feed
    assert len(save(archive, again.id, an_entry(1), an_entry(2)).new) == 1
    assert len(archive.library().articles.page(Query(feed=again.id)).articles) == 2

    assert archive.library().subscriptions.purge(again.id) == 1
    assert archive.library().subscriptions.purge(other.id) == 1
    assert (archive.library().counts().articles, feed_numbers(archive)) == (0, [])


def test_purging_erases_nothing_of_a_feed_that_somebody_else_reads(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    reader = add_user(archive, "somebody")
    archive.library(reader).subscriptions.add(URL, now=NOW)
    save(archive, feed.id, an_entry(1))

    assert archive.library().subscriptions.purge(feed.id) == 0
    assert archive.library(reader).counts().unread == 1
    assert archive.library(reader).subscriptions.purge(feed.id) == 1


def test_purging_a_feed_with_nothing_kept_forgets_it(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    number = save(archive, feed.id, an_entry(1)).new[0]
    archive.ingest.save_page(
        number, an_article("https://news.example/1"), a_page("https://news.example/1"), now=NOW
    )

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert feed_numbers(archive) == []
    assert archive.library().counts().snapshots == 0


def test_a_folder_made_by_itself_stays_without_feeds(archive: Archive) -> None:
    mine = archive.library().subscriptions
    made = mine.add_folder("  Later ")
    feed = mine.add(URL, now=NOW, folder="Later").feed
    mine.move(feed.id, "Arts")
    mine.remove(feed.id)
    assert [(one.id, one.name, one.feeds) for one in mine.folders()] == [(made.id, "Later", 0)]
    for name in ("Later", "Later ", " "):
        with pytest.raises(InvalidValue):
            mine.add_folder(name)


def test_folders_hold_feeds_and_vanish_when_empty(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW, folder="World").feed
    second = archive.library().subscriptions.add("https://other.example/feed", now=NOW, folder="World").feed
    save(archive, first.id, an_entry(1), an_entry(2))
    [folder] = archive.library().subscriptions.folders()
    assert (folder.name, folder.feeds, folder.unread) == ("World", 2, 2)
    assert len(archive.library().articles.headlines(Query(folder=folder.id)).headlines) == 2

    archive.library().subscriptions.move(second.id, "Arts")
    archive.library().subscriptions.move(first.id, None)

    assert [one.name for one in archive.library().subscriptions.folders()] == ["Arts"]
    assert {one.feed.id: one.folder for one in archive.library().subscriptions.all()} == {
        first.id: None,
        second.id: "Arts",
    }


def test_a_subscription_has_the_users_title_else_the_feeds_else_the_address(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    assert archive.library().subscriptions.get(feed.id).title == URL
    save(archive, feed.id, an_entry(1))
    assert archive.library().subscriptions.get(feed.id).title == "News"
    archive.library().subscriptions.rename(feed.id, "Mine")
    assert archive.library().subscriptions.get(feed.id).title == "Mine"
    assert archive.library().articles.headlines(Query()).headlines[0].feed_title == "Mine"
    archive.library().subscriptions.rename(feed.id, None)
    assert archive.library().subscriptions.get(feed.id).title == "News"


def test_unknown_numbers_are_not_found(archive: Archive) -> None:
    for ask in (
        archive.library().subscriptions.feed,
        archive.library().articles.get,
        archive.library().articles.revisions,
        archive.library().subscriptions.get,
        archive.library().subscriptions.purge,
    ):
        with pytest.raises(NotFound):
            ask(77)
    with pytest.raises(NotFound):
        archive.library().articles.revision(77, 1)
    with pytest.raises(NotFound):
        archive.library().articles.snapshot("00" * 32)
    with pytest.raises(NotFound):
        archive.library().articles.snapshot("../../etc/passwd")


def test_a_second_subscriber_gets_the_newest_articles_of_a_feed_that_is_known(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    numbers = save(archive, feed.id, *(an_entry(number) for number in range(60))).new
    archive.library().marks.set_read(list(numbers), True, now=NOW)
    bo, cy = (archive.accounts.add(name, now=NOW).id for name in ("Bo", "Cy"))
    archive.library(bo).rules.add(RuleDraft(action="mute", query='title:"Story 57"'), now=NOW)
    assert archive.library(bo).subscriptions.add(URL, now=NOW).new
    archive.library(cy).subscriptions.add_many([ListedFeed(url=URL)], now=NOW)
    for user in (bo, cy):
        lines = archive.library(user).articles.headlines(Query(limit=100)).headlines
        assert len(lines) == 50
        assert [line.title for line in lines if line.read] == (["Story 57"] if user == bo else [])
        newest = archive.library().articles.headlines(Query(limit=50)).headlines
        assert {line.id for line in lines} <= {line.id for line in newest}
    archive.library(bo).subscriptions.add(URL, now=NOW, title="Again")
    assert archive.library(bo).counts().articles == 50
