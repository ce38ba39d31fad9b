"""Stories in the archive: articles join the story that they belong to; stories merge and split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from unabridged.archive.analysis import story_index as index
from unabridged.archive.records.stories import StoryChangeReason
from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.tables import articles, from_microseconds, revisions
from unabridged.archive.storage.tables_stories import (
    article_analyses,
    stories,
    story_articles,
    story_changes,
)
from unabridged.model import Article
from unabridged.stories import clusters
from unabridged.stories.clusters import Neighbour
from unabridged.stories.profiles import Profile, count_terms, profile

CHECKED_SIZES = frozenset((4, 8, 16, 32))
"""Articles of a story at which its parts are compared anew."""

MOST_CHECKED = 40
"""Articles of a story, the newest, that are compared with one another."""

MOST_ON_BOTH = 6
"""Articles of each of two stories that are compared to decide whether they are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """An article to place. at: its time in lists, noticed: when its version was saved, in microseconds."""

    number: int
    profile: Profile
    at: int
    noticed: int
    copies: frozenset[int]


def place_articles(conn: Connection, numbers: Sequence[int], texts: Mapping[int, Article]) -> None:
    """Put articles into stories by their current texts. numbers: all articles that may have been in stories
    by an earlier text; those without a text leave them."""
    former = index.remove_from_stories(conn, numbers)
    counts = {
        number: count_terms(article.title, article.text, article.language, _tokens)
        for number, article in texts.items()
    }
    new = [one for number, one in counts.items() if number not in former]
    known = [one for number, one in counts.items() if number in former]
    rarity = index.rarities(conn, new, known)
    times = _times(conn, list(texts))
    groups = _copy_groups(conn, list(texts))
    for number, one in sorted(counts.items()):
        at, noticed = times[number]
        made = profile(one, index.hours(at), rarity[one.language])
        copies = _copies(conn, groups.get(number), number)
        _place(conn, _Placed(number=number, profile=made, at=at, noticed=noticed, copies=copies))
    for number, story in sorted(former.items()):
        if story is not None:
            check_parts(conn, story, times.get(number, (0, 0))[1])


def _tokens(text: str) -> Sequence[str]:
    return tokens(fold(text))


def _times(conn: Connection, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the time in lists of articles, and when their current version was saved."""
    rows = rows_among(conn, articles, ("id", "sort_at", "first_seen", "revision"), "id", numbers)
    versions = rows_among(conn, revisions, ("article_id", "number", "saved"), "article_id", numbers)
    saved = {(article, number): at for article, number, at in versions}
    return {number: (at, saved.get((number, version), seen)) for number, at, seen, version in rows}


def _copy_groups(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    rows = rows_among(conn, article_analyses, ("article_id", "copy_group"), "article_id", numbers)
    return {number: group for number, group in rows if group is not None}


def _copies(conn: Connection, group: int | None, number: int) -> frozenset[int]:
    """Return the other near-duplicates of an article, the newest ones."""
    if group is None:
        return frozenset()
    other = article_analyses.c.article_id
    query = select(other).where(article_analyses.c.copy_group == group, other != number)
    return frozenset(conn.execute(query.order_by(other.desc()).limit(index.CANDIDATES)).scalars())


def _place(conn: Connection, new: _Placed) -> None:
    near = {*index.candidates(conn, new.profile.keys), *new.copies}
    found = index.profiles_of(conn, sorted(near))
    neighbours = [
        Neighbour(article=number, story=story, likeness=_likeness(new, number, other))
        for number, (story, other) in found.items()
    ]
    placement = clusters.place(neighbours)
    story = placement.story
    if story is None and placement.articles:
        story = _found_story(conn, (*placement.articles, new.number))
    index.add_profile(conn, new.number, new.profile, at=new.at, story=story)
    if story is None:
        return
    _move(conn, placement.articles, story)
    for other in placement.others:
        story = _merge_if_alike(conn, new, (story, other), found)
    _check_growth(conn, story, new.noticed)


def _likeness(new: _Placed, number: int, other: Profile) -> float:
    return clusters.COPY if number in new.copies else clusters.likeness(new.profile, other)


def _found_story(conn: Connection, members: Sequence[int]) -> int:
    """Return a new story's number: that of its first article that no story ever had, else a higher one."""
    taken = {number for (number,) in rows_among(conn, stories, ("id",), "id", members)}
    free = [number for number in members if number not in taken]
    number = min(free) if free else _highest(conn) + 1
    conn.execute(insert(stories), {"id": number, "forward": None})
    return number


def _highest(conn: Connection) -> int:
    """Return the highest number that an article or a story has."""
    highest = (conn.execute(select(func.max(table.c.id))).scalar() or 0 for table in (articles, stories))
    return max(highest)


def _move(conn: Connection, numbers: Sequence[int], story: int | None) -> None:
    if numbers:
        mine = story_articles.c.article_id.in_(numbers)
        conn.execute(update(story_articles).where(mine).values(story_id=story))


# Merge and split


def _merge_if_alike(
    conn: Connection, new: _Placed, pair: tuple[int, int], found: Mapping[int, index.StoredProfile]
) -> int:
    """Merge two stories to which an article belongs, if they are alike or it is a copy of articles in both.

    Returns the number of the story that the article is in then.
    """
    kept, gone = min(pair), max(pair)
    held = {story for number, (story, _) in found.items() if number in new.copies}
    reason: StoryChangeReason = "copies" if gone in held else "reports_on_both"
    if reason != "copies":
        groups = index.grouped(found)
        some, others = (groups.get(story, [])[-MOST_ON_BOTH:] for story in pair)
        if clusters.average(some, others) < clusters.MERGE:
            return pair[0]
    conn.execute(update(story_articles).where(story_articles.c.story_id == gone).values(story_id=kept))
    gone_or_forwarded = (stories.c.id == gone) | (stories.c.forward == gone)
    conn.execute(update(stories).where(gone_or_forwarded).values(forward=kept))
    _record(conn, "merged", gone, kept, reason, new.noticed)
    return kept


def _record(
    conn: Connection, kind: str, source: int, target: int, reason: StoryChangeReason, noticed: int
) -> None:
    row = {
        "at": from_microseconds(noticed),
        "kind": kind,
        "source": source,
        "target": target,
        "reason": reason,
    }
    insert_rows(conn, story_changes, [row])


def _check_growth(conn: Connection, story: int, noticed: int) -> None:
    count = select(func.count()).where(story_articles.c.story_id == story)
    if conn.execute(count).scalar_one() in CHECKED_SIZES:
        check_parts(conn, story, noticed)


def check_parts(conn: Connection, story: int, noticed: int) -> None:
    """Split a story whose parts have little in common.

    The number stays with the part of at least two articles that has the earliest one.
    """
    numbers = index.members(conn, story)[-MOST_CHECKED:]
    profiles = {number: one for number, (_, one) in index.profiles_of(conn, numbers).items()}
    found = clusters.parts(profiles, _copy_groups(conn, numbers))
    if len(found) < 2:
        return
    alone = [number for part in found if len(part) == 1 for number in part]
    _move(conn, alone, None)
    for part in [part for part in found if len(part) > 1][1:]:
        own = _found_story(conn, part)
        _move(conn, part, own)
        _record(conn, "split", story, own, "too_different", noticed)
