"""Streams of items: every selection agrees with a look at each item; places, times, origins."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.archive.sample_feeds import HOUR, NOW, a_feed, a_page, an_article, an_entry, fine
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.items import ItemEdit, ItemStream, StreamPart, item_stamp, split_stamp
from unabridged.archive.storage.tables import EPOCH, articles
from unabridged.errors import InvalidValue, NotFound

ALL = StreamPart(kind="all")
UNREAD, READ, STARRED = (StreamPart(kind="unread"), StreamPart(kind="read"), StreamPart(kind="starred"))
OTHER = StreamPart(kind="other")


@dataclass
class Facts:
    """What is known of each item of a person, by its number."""

    library: Library
    feeds: dict[int, set[int]]
    read: set[int]
    starred: set[int]
    tagged: set[int]
    folder: set[int]
    hours: dict[int, int]
    tag: int
    folder_id: int

    def holds(self, part: StreamPart, number: int) -> bool:
        tests: dict[str, Callable[[], bool]] = {
            "all": lambda: True,
            "read": lambda: number in self.read,
            "unread": lambda: number not in self.read,
            "starred": lambda: number in self.starred,
            "feed": lambda: part.number in self.feeds[number],
            "folder": lambda: part.number == self.folder_id and bool(self.feeds[number] & self.folder),
            "tag": lambda: part.number == self.tag and number in self.tagged,
            "other": lambda: not self.feeds[number],
        }
        return tests[part.kind]()

    def is_beyond(self, stream: ItemStream, number: int) -> bool:
        if stream.place is None:
            return True
        return number > stream.place if stream.oldest else number < stream.place

    def expected(self, stream: ItemStream) -> list[int]:
        """Return the numbers of a stream, by looking at each item."""
        found = [
            number
            for number in self.feeds
            if any(self.holds(part, number) for part in stream.parts)
            and all(self.holds(part, number) for part in stream.only)
            and not any(self.holds(part, number) for part in stream.without)
            and (stream.since is None or NOW + self.hours[number] * HOUR >= stream.since)
            and (stream.until is None or NOW + self.hours[number] * HOUR < stream.until)
            and self.is_beyond(stream, number)
        ]
        return sorted(found, reverse=not stream.oldest)


@pytest.fixture
def facts(archive: Archive) -> Facts:
    """A person with three feeds, two of them in a folder, a shared article, a saved page, a duplicate."""
    add_user(archive, "somebody else")
    mine = archive.library()
    first, second, third = (
        mine.subscriptions.add(f"https://news.example/{name}", now=NOW, folder=folder).feed.id
        for name, folder in (("a", "Daily"), ("b", "Daily"), ("c", None))
    )
    left = mine.subscriptions.add("https://news.example/left", now=NOW).feed.id
    shown = ((first, range(4)), (second, range(3, 7)), (third, range(7, 9)), (left, range(9, 11)))
    for hour, (feed, numbers) in enumerate(shown):
        entries = [an_entry(n) for n in numbers]
        archive.ingest.save_entries(feed, a_feed(), entries, fine(NOW + hour * HOUR))
    page = "https://news.example/saved"
    mine.articles.save(an_article(page), a_page(page), now=NOW + 4 * HOUR)
    mine.subscriptions.remove(left)
    items = {one.item_id or 0: one for one in mine.articles.items_after(0, 100)}
    mine.items.edit([1, 4, 9], ItemEdit(read=True), now=NOW + HOUR)
    mine.items.edit([4, 5, 12], ItemEdit(starred=True, add=("Später",)), now=NOW + HOUR)
    origins = mine.items.origins([one.id for one in items.values()])
    return Facts(
        library=mine,
        feeds={n: {origin.feed_id for origin in origins.get(one.id, ())} for n, one in items.items()},
        read={1, 4, 9},
        starred={4, 5, 12},
        tagged={4, 5, 12},
        folder={first, second},
        hours={n: ((one.delivered or NOW) - NOW) // HOUR for n, one in items.items()},
        tag=mine.tags.all()[0].id,
        folder_id=mine.subscriptions.folders()[0].id,
    )


def test_the_origins_of_items_are_the_feeds_that_show_them(facts: Facts) -> None:
    assert facts.feeds == {
        **{n: {1} for n in (1, 2, 3)},
        4: {1, 2},
        **{n: {2} for n in (5, 6, 7)},
        **{n: {3} for n in (8, 9)},
        **{n: set() for n in (10, 11, 12)},
    }


@pytest.mark.parametrize("looks", [80, pytest.param(300, marks=pytest.mark.long)])
def test_every_selection_agrees_with_a_look_at_each_item(facts: Facts, looks: int) -> None:
    chance = random.Random(7)
    parts = [ALL, UNREAD, READ, STARRED, OTHER]
    parts += [StreamPart(kind="feed", number=n) for n in (1, 2, 3, 4, 99)]
    parts += [StreamPart(kind="folder", number=n) for n in (facts.folder_id, 99)]
    parts += [StreamPart(kind="tag", number=n) for n in (facts.tag, 99)]
    times = [None, None, *(NOW + hours * HOUR for hours in range(5))]
    for _ in range(looks):
        stream = ItemStream(
            parts=tuple(chance.sample(parts, chance.randint(0, 3))),
            only=tuple(chance.sample(parts, chance.choice((0, 0, 1, 2)))),
            without=tuple(chance.sample(parts, chance.choice((0, 0, 1, 2)))),
            since=chance.choice(times),
            until=chance.choice(times),
            place=chance.choice((None, None, 3, 8, 100)),
            oldest=chance.random() < 0.5,
        )
        expected = facts.expected(stream)
        assert [ref.id for ref in facts.library.items.page(stream).refs] == expected, stream
        assert facts.library.items.numbers(stream) == sorted(expected)
        assert facts.library.items.count(stream) == len(expected)


@pytest.mark.parametrize("oldest", [False, True])
@pytest.mark.parametrize("part", [ALL, UNREAD, StreamPart(kind="feed", number=2)])
def test_pages_hold_every_item_once(facts: Facts, part: StreamPart, oldest: bool) -> None:
    seen: list[int] = []
    while True:
        place = seen[-1] if seen else None
        page = facts.library.items.page(ItemStream(parts=(part,), place=place, oldest=oldest, limit=2))
        seen += [ref.id for ref in page.refs]
        if not page.more:
            break
    assert seen == facts.expected(ItemStream(parts=(part,), oldest=oldest))


def test_a_stream_is_marked_read_up_to_a_stamp(facts: Facts) -> None:
    second = (NOW + HOUR - EPOCH) // timedelta(seconds=1) * 1_000_000
    folder = StreamPart(kind="folder", number=facts.folder_id)
    changed = facts.library.items.read_all(ItemStream(parts=(folder,), stamped=second + 6), now=NOW + HOUR)
    assert changed == 4  # 2, 3, 5 and 6; 1 and 4 were read, 7 came later in the same second
    assert facts.library.items.numbers(ItemStream(parts=(UNREAD,))) == [7, 8, 10, 11, 12]


def test_stamps_differ_and_follow_the_numbers() -> None:
    at = NOW + timedelta(microseconds=400_000)
    assert item_stamp(7, at) == (NOW - EPOCH) // timedelta(microseconds=1) + 7
    assert split_stamp(item_stamp(1_000_007, at)) == (NOW, 7)


def test_items_are_edited_in_one_transaction_or_not_at_all(facts: Facts) -> None:
    items = facts.library.items
    with pytest.raises(InvalidValue):
        items.edit([2], ItemEdit(read=True, starred=True, add=("",)), now=NOW)
    assert 2 in items.numbers(ItemStream(parts=(UNREAD,)))
    assert items.edit([2, 999], ItemEdit(read=True, remove=("Später",)), now=NOW) == 1
    assert 2 not in items.numbers(ItemStream(parts=(UNREAD,)))


def test_the_newest_item_of_each_feed_is_known(facts: Facts) -> None:
    assert {feed: ref.id for feed, ref in facts.library.items.newest_by_feed().items()} == {1: 4, 2: 7, 3: 9}


def test_items_of_no_subscription_are_noticed(archive: Archive) -> None:
    mine = archive.library()
    feed = mine.subscriptions.add("https://news.example/a", now=NOW).feed.id
    archive.ingest.save_entries(feed, a_feed(), [an_entry(1)], fine())
    assert not mine.items.has_others()
    mine.subscriptions.remove(feed)
    assert mine.items.has_others()
    assert not archive.library(add_user(archive, "somebody")).items.has_others()


def test_articles_come_in_the_order_asked_for_without_unknown_ones(facts: Facts) -> None:
    found = facts.library.items.articles([5, 999, 1, 12])
    assert [one.item_id for one in found] == [5, 1, 12]


def test_the_duplicate_of_an_article_is_in_no_stream(facts: Facts, archive: Archive) -> None:
    database = archive._db
    number = facts.library.items.articles([2])[0].id
    other = facts.library.items.articles([3])[0].id
    merged = update(articles).where(articles.c.id == number).values(same_as=other)
    database.writing(lambda conn: conn.execute(merged))
    assert 2 not in facts.library.items.numbers(ItemStream())
    assert 2 not in [ref.id for ref in facts.library.items.page(ItemStream()).refs]


def test_folders_are_renamed_joined_and_removed(archive: Archive) -> None:
    mine = archive.library().subscriptions
    for name, folder in (("a", "One"), ("b", "Two"), ("c", None)):
        mine.add(f"https://news.example/{name}", now=NOW, folder=folder)
    mine.rename_folder("One", " Eins ")
    assert {one.name for one in mine.folders()} == {"Eins", "Two"}
    mine.rename_folder("Two", "Eins")
    assert [(one.name, one.feeds) for one in mine.folders()] == [("Eins", 2)]
    mine.remove_folder("Eins")
    assert mine.folders() == ()
    assert len(mine.all()) == 3
    with pytest.raises(NotFound):
        mine.rename_folder("none", "x")
    with pytest.raises(NotFound):
        mine.remove_folder("none")
    assert mine.last_polled() is None
