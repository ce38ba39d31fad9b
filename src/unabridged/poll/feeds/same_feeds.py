"""Subscriptions that lead to the same feed: by a redirect, or because they show the same entries. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from unabridged.archive.records.core import CONFIRMED_HITS, StoredFeed, Subscription
from unabridged.errors import InvalidURL
from unabridged.urls import host, identity

MIN_TITLES = 5
SHARE = 0.8
"""Two feeds of one site are the same if each has at least MIN_TITLES recent titles, and SHARE of the titles
of the shorter list, and of the longer one cut to its length, are in both."""

MOST_COMPARED = 300
"""Most feeds whose entries are compared."""

Titles = Mapping[int, Sequence[str]]
"""Number of a feed -> titles of its newest articles, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameFeed:
    """A feed that is the same as another one. feed_id: the one to give up; into: the one to keep."""

    feed_id: int
    into: int
    why: str


def feeds_of_one_site(subscriptions: Iterable[Subscription]) -> tuple[tuple[StoredFeed, ...], ...]:
    """Group the feeds that have their site in common with another one; MOST_COMPARED feeds at most."""
    groups: dict[str, list[StoredFeed]] = {}
    for one in subscriptions:
        groups.setdefault(_site(one.feed), []).append(one.feed)
    found: list[tuple[StoredFeed, ...]] = []
    left = MOST_COMPARED
    for some in sorted(groups.values(), key=len):
        if 1 < len(some) <= left:
            found.append(tuple(some))
            left -= len(some)
    return tuple(found)


def same_feeds(subscriptions: Sequence[Subscription], titles: Titles) -> tuple[SameFeed, ...]:
    """Return the feeds that are the same as another one, each once."""
    names = {one.feed.id: one.title for one in subscriptions}
    found: dict[int, SameFeed] = {}
    for feed, target in _redirected([one.feed for one in subscriptions]):
        why = f"Its publisher has moved it for good to the address of “{names[target.id]}”."
        found[feed.id] = SameFeed(feed_id=feed.id, into=target.id, why=why)
    for group in feeds_of_one_site(subscriptions):
        for pair in combinations(group, 2):
            kept, gone = sorted(pair, key=_rank)
            if _have_same_titles(titles.get(kept.id, ()), titles.get(gone.id, ())):
                why = f"Nearly all of its newest articles are in “{names[kept.id]}”, too."
                found.setdefault(gone.id, SameFeed(feed_id=gone.id, into=kept.id, why=why))
    return tuple(one for one in found.values() if not _points_back(one, found))


def _points_back(one: SameFeed, found: Mapping[int, SameFeed]) -> bool:
    """Say whether the feed to keep is to be merged into this one; of two such, the first one counts."""
    other = found.get(one.into)
    return other is not None and other.into == one.feed_id and one.feed_id > other.feed_id


def _redirected(feeds: Sequence[StoredFeed]) -> list[tuple[StoredFeed, StoredFeed]]:
    """Return the feeds that are redirected, confirmed, to the address of another one, with that one."""
    at = {_key(one.url): one for one in feeds}
    pairs = []
    for one in feeds:
        if one.redirect is None or one.redirect.hits < CONFIRMED_HITS:
            continue
        key = _key(one.redirect.to)
        target = None if key is None else at.get(key)
        if target is not None and target.id != one.id:
            pairs.append((one, target))
    return pairs


def _key(url: str) -> str | None:
    try:
        return identity(url)
    except InvalidURL:
        return None


def _site(feed: StoredFeed) -> str:
    return (feed.site_url and _key(feed.site_url)) or host(feed.url)


def _rank(feed: StoredFeed) -> tuple[object, ...]:
    """Return a sort key: the feed to keep comes first."""
    return (
        feed.status != "active",
        feed.redirect is not None,
        feed.failures > 0,
        not feed.url.startswith("https://"),
        feed.id,
    )


def _have_same_titles(one: Sequence[str], other: Sequence[str]) -> bool:
    count = min(len(one), len(other))
    mine, theirs = (frozenset(" ".join(title.split()).casefold() for title in some) for some in (one, other))
    newest = tuple(
        frozenset(" ".join(title.split()).casefold() for title in some[:count]) for some in (one, other)
    )
    if min(map(len, newest)) < MIN_TITLES:
        return False
    return all(
        len(few & every) >= SHARE * len(few) for few, every in ((newest[0], theirs), (newest[1], mine))
    )
