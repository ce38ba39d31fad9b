"""Stories of many articles at once: for rows of lists and lines of exports."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from sqlalchemy import Connection, select

from unabridged.archive.analysis.sources import attributions_among
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.stories import ArticleReadings, StoryMark
from unabridged.archive.storage.bulk_rows import KEYS_PER_QUERY, rows_among
from unabridged.archive.storage.tables import LISTED, articles, items
from unabridged.archive.storage.tables_stories import article_analyses, story_articles


def story_marks(conn: Connection, article_ids: Sequence[int], user: int) -> dict[int, StoryMark]:
    """Map articles to their stories; those that are in none that the user sees are left out."""
    found = _stories_of(conn, _seen(conn, article_ids, user))
    counts = count_articles(conn, sorted(set(found.values())), user)
    return {
        article_id: StoryMark(number=number, articles=counts[number])
        for article_id, number in found.items()
        if number in counts
    }


def _seen(conn: Connection, article_ids: Sequence[int], user: int) -> list[int]:
    """Return those of some articles that the user may see."""
    if user == OWNER:
        return list(article_ids)
    query = select(items.c.article_id).where(items.c.user_id == user, items.c.article_id.in_(article_ids))
    return sorted(set(conn.execute(query).scalars()))


def _stories_of(conn: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    rows = rows_among(conn, story_articles, ("article_id", "story_id"), "article_id", article_ids)
    return {article_id: number for article_id, number in rows if number is not None}


def count_articles(conn: Connection, numbers: Sequence[int], user: int) -> dict[int, int]:
    """Count the user's articles of stories; those that the user does not see as stories are left out.

    A story has two articles at least that are not all copies of one another in one feed.
    """
    members = dict(rows_among(conn, story_articles, ("article_id", "story_id"), "story_id", numbers))
    found: defaultdict[int, list[Hashable]] = defaultdict(list)
    for article_id, feed, group in _own_members(conn, sorted(members), user):
        alone = feed is None or group is None
        found[members[article_id]].append(article_id if alone else (feed, group))
    return {number: len(texts) for number, texts in found.items() if len(set(texts)) > 1}


def _own_members(
    conn: Connection, article_ids: Sequence[int], user: int
) -> Iterator[tuple[int, int | None, int | None]]:
    """Yield number, feed and group of near-duplicates of those of some articles that the user has.

    The numbers are in the query, since SQLite reads all items of the user for a join with stories.
    """
    for start in range(0, len(article_ids), KEYS_PER_QUERY):
        query = (
            select(articles.c.id, articles.c.feed_id, article_analyses.c.copy_group)
            .join(items, (items.c.article_id == articles.c.id) & (items.c.user_id == user))
            .outerjoin(article_analyses, article_analyses.c.article_id == articles.c.id)
            .where(items.c.article_id.in_(article_ids[start : start + KEYS_PER_QUERY]), LISTED)
        )
        for row in conn.execute(query):
            yield row[0], row[1], row[2]


def article_readings(conn: Connection, article_ids: Sequence[int], user: int) -> dict[int, ArticleReadings]:
    """Map articles that the user may see to their story, group of near-duplicates, and credited sources."""
    article_ids = _seen(conn, article_ids, user)
    marks = story_marks(conn, article_ids, user)
    copies = dict(rows_among(conn, article_analyses, ("article_id", "copy_group"), "article_id", article_ids))
    credits = attributions_among(conn, article_ids)
    return {
        one: ArticleReadings(
            story=marks[one].number if one in marks else None,
            copies=copies.get(one),
            credits=credits.get(one, ()),
        )
        for one in article_ids
    }
