"""Lists of items in any order: filters, orders, positions and totals agree with a look at each item."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

import pytest

from tests.archive.items.test_streams import Facts
from tests.archive.items.test_streams import facts as facts  # a fixture
from tests.archive.sample_feeds import HOUR, NOW, a_page, an_article
from unabridged.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.items import ItemEdit, ItemList, ItemOrder, StreamPart

PARTS = (
    *(StreamPart(kind=kind) for kind in ("all", "read", "unread", "starred", "other", "no_folder")),
    *(StreamPart(kind="feed", number=number) for number in (1, 2, 3, 99)),
    StreamPart(kind="folder", number=1),
)


def last_change(one: StoredArticle) -> datetime:
    return max(at for at in (one.delivered, one.changed, one.revised) if at is not None)


def holds(facts: Facts, part: StreamPart, number: int) -> bool:
    if part.kind == "no_folder":
        return bool(facts.feeds[number] - facts.folder)
    return facts.holds(part, number)


def expected(facts: Facts, wanted: ItemList, stored: dict[int, StoredArticle]) -> set[int]:
    """Return the numbers of a list, by looking at each item."""
    found = set()
    for number, one in stored.items():
        changed = last_change(one)
        hidden = wanted.hidden_read is not None and one.read and not one.starred
        if (
            any(holds(facts, part, number) for part in wanted.parts)
            and all(holds(facts, part, number) for part in wanted.only)
            and (wanted.above is None or number > wanted.above)
            and (wanted.below is None or number < wanted.below)
            and (wanted.published_after is None or one.at > wanted.published_after)
            and (wanted.published_before is None or one.at < wanted.published_before)
            and (wanted.changed_after is None or changed > wanted.changed_after)
            and (wanted.changed_before is None or changed < wanted.changed_before)
            and (wanted.among is None or one.id in wanted.among)
            and not hidden
        ):
            found.add(number)
    return found


KEYS: dict[ItemOrder, Callable[[StoredArticle, Facts], Any]] = {
    "id": lambda one, _facts: one.item_id,
    "status": lambda one, _facts: one.read,
    "changed_at": lambda one, _facts: last_change(one),
    "published_at": lambda one, _facts: one.at,
    "created_at": lambda one, _facts: one.delivered,
    "category_title": lambda one, facts: "" if not facts.feeds[one.item_id or 0] & facts.folder else "daily",
    "category_id": lambda one, facts: 0 if not facts.feeds[one.item_id or 0] & facts.folder else 1,
    "title": lambda one, _facts: one.article.title.lower(),
    "author": lambda one, _facts: ", ".join(one.article.authors).lower(),
}


@pytest.fixture
def stored(facts: Facts, archive: Archive) -> dict[int, StoredArticle]:
    """The items of the person, two of which were read and edited later, by number."""
    first = facts.library.items.articles([2])[0]
    changed = an_article(first.article.url, title="Zebra", text="Another text with more words.")
    archive.ingest.save_page(first.id, changed, a_page(first.article.url), now=NOW + 7 * HOUR)
    facts.library.items.edit([6], ItemEdit(starred=False), now=NOW + 6 * HOUR)
    everything = facts.library.items.articles(sorted(facts.feeds))
    return {one.item_id or 0: one for one in everything if one.same_as is None}


@pytest.mark.parametrize("looks", [90, pytest.param(300, marks=pytest.mark.long)])
def test_every_list_agrees_with_a_look_at_each_item(
    facts: Facts, stored: dict[int, StoredArticle], looks: int
) -> None:
    chance = random.Random(11)
    times = [None, None, None, *(NOW + hours * HOUR for hours in range(-3, 9))]
    ids = tuple(one.id for one in stored.values())
    orders = get_args(ItemOrder)
    for turn in range(looks):
        wanted = ItemList(
            parts=tuple(chance.sample(PARTS, chance.choice((1, 1, 2)))),
            only=tuple(chance.sample(PARTS, chance.choice((0, 0, 1)))),
            order=orders[turn % len(orders)],
            descending=chance.random() < 0.5,
            above=chance.choice((None, None, 3)),
            below=chance.choice((None, None, 9)),
            published_after=chance.choice(times),
            published_before=chance.choice(times),
            changed_after=chance.choice(times),
            changed_before=chance.choice(times),
            hidden_read=chance.choice((None, None, NOW + 9 * HOUR)),
            among=chance.choice((None, None, (), ids[:6])),
        )
        found = facts.library.items.listed(wanted)
        assert set(found.numbers) == expected(facts, wanted, stored), wanted
        assert found.total == len(found.numbers)
        keys = [KEYS[wanted.order](stored[number], facts) for number in found.numbers]
        assert keys == sorted(keys, reverse=wanted.descending), wanted


def test_positions_leave_nothing_out_and_keep_the_total(facts: Facts) -> None:
    for order in get_args(ItemOrder):
        whole = facts.library.items.listed(ItemList(order=order)).numbers
        parts = [
            facts.library.items.listed(ItemList(order=order, offset=at, limit=4))
            for at in range(0, len(whole) + 4, 4)
        ]
        assert tuple(number for part in parts for number in part.numbers) == whole
        assert {part.total for part in parts} == {len(whole)}


def test_what_was_read_after_a_time_is_not_hidden(facts: Facts) -> None:
    shown = facts.library.items.listed(ItemList(hidden_read=NOW)).numbers
    assert {1, 4, 9} <= set(shown)  # read an hour later
    hidden = facts.library.items.listed(ItemList(hidden_read=NOW + HOUR)).numbers
    assert {1, 4, 9} & set(hidden) == {4}  # starred


def test_counts_by_feed_are_those_of_read_and_unread_items(facts: Facts) -> None:
    reads, unreads = facts.library.items.counts_by_feed()
    for feed in (1, 2, 3):
        mine = {number for number, feeds in facts.feeds.items() if feed in feeds}
        assert reads.get(feed, 0) == len(mine & facts.read)
        assert unreads.get(feed, 0) == len(mine - facts.read)


def test_subscriptions_without_counts_have_their_folder(facts: Facts) -> None:
    found = facts.library.items.subscriptions()
    assert [(one.feed.id, one.folder, one.folder_id) for one in found] == [
        (1, "Daily", facts.folder_id),
        (2, "Daily", facts.folder_id),
        (3, None, None),
    ]
    assert [one.feed.id for one in facts.library.items.subscriptions([3, 99, 1])] == [1, 3]


def test_totals_are_of_one_person_alone(facts: Facts, archive: Archive) -> None:
    marks = ((), (StreamPart(kind="read"),), (StreamPart(kind="unread"),))
    mine = [facts.library.items.listed(ItemList(only=only)) for only in marks]
    assert [found.total for found in mine] == [12, 3, 9]
    other = archive.library(2)
    other.subscriptions.add("https://news.example/a", now=NOW)
    theirs = [other.items.listed(ItemList(only=only)) for only in marks]
    assert [found.total for found in theirs] == [4, 0, 4]
    assert all(found.total == len(found.numbers) for found in (*mine, *theirs))
    assert [facts.library.items.listed(ItemList(only=only)) for only in marks] == mine
