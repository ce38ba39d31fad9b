"""Subscriptions that lead to the same feed are found, and those that do not are left alone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.poll.feeds.test_diagnostics import NOW, a_feed
from unabridged.archive.records.core import PendingRedirect, StoredFeed, Subscription
from unabridged.poll.feeds.same_feeds import SameFeed, Titles, feeds_of_one_site, same_feeds

NEWEST = tuple(f"Title {number}" for number in range(20))


def pair(**of_second: Any) -> tuple[StoredFeed, StoredFeed]:
    """Two feeds of one site."""
    second = a_feed(id=4, url="https://a.example/atom.xml")
    return a_feed(), replace(second, **of_second)


def found(feeds: tuple[StoredFeed, ...], titles: Titles) -> tuple[SameFeed, ...]:
    subscriptions = [
        Subscription(user=1, feed=one, title=f"Feed {one.id}", folder=None, added=NOW) for one in feeds
    ]
    return same_feeds(subscriptions, titles)


def pairs(feeds: tuple[StoredFeed, ...], titles: Titles) -> list[tuple[int, int]]:
    return [(one.feed_id, one.into) for one in found(feeds, titles)]


@pytest.mark.parametrize(
    ("second", "same"),
    [
        (NEWEST, True),
        (NEWEST[:6], True),  # a shorter document of the same feed
        (tuple(title.upper() for title in NEWEST), True),
        (("Fresh", *NEWEST[:19]), True),
        (NEWEST[:4], False),  # too few to say anything
        (NEWEST[::3], False),  # one section of the site
        (tuple(f"Other {number}" for number in range(20)), False),
        (("Quiz",) * 20, False),
        ((), False),
    ],
)
def test_feeds_of_one_site_are_the_same_if_their_newest_titles_are(
    second: tuple[str, ...], same: bool
) -> None:
    assert pairs(pair(), {3: NEWEST, 4: second}) == ([(4, 3)] if same else [])


def test_feeds_of_two_sites_are_not_compared() -> None:
    assert pairs(pair(site_url="https://b.example/"), {3: NEWEST, 4: NEWEST}) == []


def test_the_feed_that_answers_over_https_is_kept() -> None:
    first, second = pair()
    assert pairs((replace(first, failures=2), second), {3: NEWEST, 4: NEWEST}) == [(3, 4)]
    assert pairs((replace(first, url="http://a.example/rss"), second), {3: NEWEST, 4: NEWEST}) == [(3, 4)]
    assert pairs((replace(first, status="gone"), second), {3: NEWEST, 4: NEWEST}) == [(3, 4)]


@pytest.mark.parametrize(("hits", "same"), [(3, True), (2, False)])
def test_a_confirmed_redirect_to_another_feed_says_that_they_are_the_same(hits: int, same: bool) -> None:
    moved = PendingRedirect(to="http://www.b.example/feed", hits=hits, since=NOW)
    feeds = (
        a_feed(redirect=moved),
        a_feed(id=4, url="https://b.example/feed", site_url="https://b.example/"),
    )
    [*lines] = found(feeds, {})
    assert [(one.feed_id, one.into) for one in lines] == ([(3, 4)] if same else [])
    assert all("“Feed 4”" in one.why for one in lines)


def test_two_feeds_that_redirect_to_each_other_are_one_pair() -> None:
    first, second = pair()
    there = PendingRedirect(to=second.url, hits=3, since=NOW)
    back = PendingRedirect(to=first.url, hits=3, since=NOW)
    assert pairs((replace(first, redirect=there), replace(second, redirect=back)), {}) == [(3, 4)]


def test_a_site_with_very_many_feeds_is_left_out() -> None:
    many = [
        Subscription(user=1, feed=a_feed(id=number), title="A", folder=None, added=NOW)
        for number in range(301)
    ]
    assert feeds_of_one_site(many) == ()
    assert len(feeds_of_one_site(many[:300])[0]) == 300
