"""Folding of near-duplicates in a list: of each group one article is in front, the others are under it.

Only articles of the list count: an article that is alone of its group in a list stands there, whatever other
lists show. So folding never takes the last article of a group away, and nobody's copies fold another's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from unabridged.archive.articles.list_conditions import conditions, joined_list
from unabridged.archive.articles.queries import (
    MAX_LIMIT,
    headlines_among,
    list_headlines,
    neighbours,
)
from unabridged.archive.feeds.unread_counts import count_unread
from unabridged.archive.records.core import Headline, Query
from unabridged.archive.records.library import FoldedHeadlines, FoldedUnread, Front
from unabridged.archive.storage.bulk_rows import KEYS_PER_QUERY, rows_among, some_rows
from unabridged.archive.storage.tables import articles, items, revisions, sightings, sources, subscriptions
from unabridged.archive.storage.tables_library import item_tags
from unabridged.archive.storage.tables_rules import search_items
from unabridged.archive.storage.tables_stories import article_analyses
from unabridged.model import WHOLE_KINDS

MEMBERS = 2_000
"""Articles of the groups of one page that are looked at: a boilerplate text may have thousands of copies."""

ROUNDS = 5
"""Pages that are read for one page of a folded list until it has more than half of what was asked for."""

SHOWN_UNDER = 20
"""Headlines under one article; of further ones only the number is told."""

STEPS = 50
"""Folded articles that are passed over on the way to the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Article of a group in a list. whole: its text is not known to be cut."""

    article_id: int
    group: int
    whole: bool
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """Near-duplicates of a list. under: front -> the others of its group in the list, by number."""

    under: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def folded(self) -> frozenset[int]:
        """Return the articles that are under another one."""
        return frozenset(number for others in self.under.values() for number in others)


def fold(members: Iterable[Member], front: Front) -> Folding:
    """Put one article of each group in front: a whole one before a cut one, then the first or the longest."""
    groups: defaultdict[int, set[Member]] = defaultdict(set)
    for member in members:
        groups[member.group].add(member)
    under = {}
    for group in groups.values():
        first, *others = sorted(group, key=lambda one: _place(one, front))
        if others:
            under[first.article_id] = tuple(sorted(one.article_id for one in others))
    return Folding(under=under)


def _place(member: Member, front: Front) -> tuple[bool, int, int]:
    return not member.whole, -member.words if front == "longest" else 0, member.article_id


def fold_list(conn: Connection, query: Query, numbers: Sequence[int], user: int, front: Front) -> Folding:
    """Find which articles of a list are folded, for some of them. query: of the list, without its place."""
    groups = _groups_of(conn, numbers)
    if not groups:
        return Folding()
    among = sorted(set(groups.values()))[:KEYS_PER_QUERY]
    names = ("article_id", "copy_group")
    groups |= dict(some_rows(conn, article_analyses, names, "copy_group", among, MEMBERS))
    return fold(_members(conn, query, groups, user), front)


def fold_some(conn: Connection, numbers: Sequence[int], user: int, front: Front) -> Folding:
    """Find which of some articles of a user are folded under another one of them."""
    return fold(_members(conn, Query(), _groups_of(conn, numbers), user), front)


def _groups_of(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Map articles to their groups; those without near-duplicates are left out."""
    rows = rows_among(conn, article_analyses, ("article_id", "copy_group"), "article_id", numbers)
    return {number: group for number, group in rows if group is not None}


def _members(conn: Connection, query: Query, groups: Mapping[int, int], user: int) -> list[Member]:
    """Return those of the articles that are in a list."""
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    statement: Select[Any] = (
        select(articles.c.id, revisions.c.words, revisions.c.completeness)
        .select_from(articles)
        .join(items, items.c.article_id == articles.c.id)
        .join(sources, sources.c.id == articles.c.source_id)
        .join(revisions, current)
    )
    statement, _ = joined_list(statement, query)
    statement = statement.where(*conditions(query, user))
    numbers = sorted(groups)
    return [
        Member(article_id=number, group=groups[number], whole=kind in WHOLE_KINDS, words=words)
        for start in range(0, len(numbers), KEYS_PER_QUERY)
        for number, words, kind in conn.execute(
            statement.where(articles.c.id.in_(numbers[start : start + KEYS_PER_QUERY]))
        )
    ]


# Lists


def folded_headlines(conn: Connection, query: Query, user: int, front: Front) -> FoldedHeadlines:
    """Return a page of a list without its folded articles, and what is folded under those that it has."""
    limit = max(1, min(query.limit, MAX_LIMIT))
    shown: list[Headline] = []
    under: dict[int, tuple[int, ...]] = {}
    place: str | None = query.before
    for _ in range(ROUNDS):
        page = list_headlines(conn, replace(query, before=place, limit=limit - len(shown)), user)
        found = fold_list(conn, query, [line.id for line in page.headlines], user, front)
        kept = [line for line in page.headlines if line.id not in found.folded]
        shown += kept
        under |= {line.id: found.under[line.id] for line in kept if line.id in found.under}
        place = page.next
        if place is None or len(shown) > limit // 2:
            break
    return FoldedHeadlines(
        headlines=tuple(shown), next=place, under=under, lines=_lines_under(conn, under, user)
    )


def _lines_under(
    conn: Connection, under: Mapping[int, tuple[int, ...]], user: int
) -> dict[int, tuple[Headline, ...]]:
    """Map the articles in front to the headlines of the first ones under them."""
    every = [number for others in under.values() for number in others[:SHOWN_UNDER]]
    lines = {line.id: line for line in headlines_among(conn, Query(), every, user)} if every else {}
    return {
        number: tuple(lines[other] for other in others[:SHOWN_UNDER] if other in lines)
        for number, others in under.items()
    }


def folded_neighbours(
    conn: Connection, article_id: int, query: Query, user: int, front: Front
) -> tuple[int | None, int | None]:
    """Return the next newer and the next older article of a list that are not folded."""
    newer, older = neighbours(conn, article_id, query, user)
    for _ in range(STEPS):
        folded = fold_list(conn, query, [one for one in (newer, older) if one], user, front).folded
        if newer not in folded and older not in folded:
            break
        if newer in folded:
            newer, _passed = neighbours(conn, newer, query, user)
        if older in folded:
            _passed, older = neighbours(conn, older, query, user)
    return newer, older


# Counts

FEW = 5_000
"""Unread items up to which the count goes from them to their groups, and above from all groups."""


def folded_unread(conn: Connection, user: int) -> FoldedUnread:
    """Count the unread articles of a user that are folded, in each list."""
    groups = _unread_groups(conn, user)
    if not groups:
        return FoldedUnread()
    numbers = list(groups)
    mine = select(subscriptions.c.feed_id, subscriptions.c.folder_id).where(subscriptions.c.user_id == user)
    folders = dict(conn.execute(mine).all())
    shown = [
        (feed, number)
        for feed, number in _pairs(conn, sightings, "feed_id", "article_id", numbers)
        if feed in folders
    ]
    in_folders = [(folders[feed], number) for feed, number in shown if folders[feed] is not None]
    own = rows_among(conn, items, ("id", "article_id"), "article_id", numbers, user_id=user)
    article_of: dict[int, int] = dict(own)
    tagged = [
        (tag, article_of[item])
        for tag, item in _pairs(conn, item_tags, "tag_id", "item_id", list(article_of))
    ]
    searched = _pairs(conn, search_items, "search_id", "article_id", numbers)
    return FoldedUnread(
        every=len(groups) - len(set(groups.values())),
        feeds=_repeated(shown, groups),
        folders=_repeated(in_folders, groups),
        tags=_repeated(tagged, groups),
        searches=_repeated(searched, groups),
    )


def _unread_groups(conn: Connection, user: int) -> dict[int, int]:
    """Map a user's unread articles that have unread near-duplicates to their groups.

    SQLite plans without statistics: "+ 0" makes it begin with the smaller side.
    """
    few = count_unread(conn, user) <= FEW
    number = article_analyses.c.article_id
    joined = number == items.c.article_id if few else number + 0 == items.c.article_id
    mine = items.c.user_id == user if few else items.c.user_id + 0 == user
    group = article_analyses.c.copy_group if few else func.abs(article_analyses.c.copy_group)
    query = select(number, group).select_from(items).join(article_analyses, joined)
    query = query.where(mine, items.c.read.is_(False), article_analyses.c.copy_group.is_not(None))
    found = dict(conn.execute(query).all())
    often: defaultdict[int, int] = defaultdict(int)
    for one in found.values():
        often[one] += 1
    return {one: group for one, group in found.items() if often[group] > 1}


def _pairs(
    conn: Connection, table: Table, scope: str, key: str, among: Sequence[int]
) -> list[tuple[int, int]]:
    return [(one, other) for one, other in rows_among(conn, table, (scope, key), key, among)]


def _repeated(pairs: Iterable[tuple[int, int]], groups: Mapping[int, int]) -> dict[int, int]:
    """Map scopes to how many of their articles are of a group that they have already."""
    counted: defaultdict[int, int] = defaultdict(int)
    distinct: defaultdict[int, set[int]] = defaultdict(set)
    for scope, number in pairs:
        counted[scope] += 1
        distinct[scope].add(groups[number])
    return {scope: count - len(distinct[scope]) for scope, count in counted.items()}
