"""Profiles of articles in the archive: their rows, the keys by which they are found, and counts of terms."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

from sqlalchemy import Connection, TextClause, delete, select, text

from unabridged.archive.storage.bulk_rows import add_counts, insert_rows, rows_among
from unabridged.archive.storage.tables import from_microseconds
from unabridged.archive.storage.tables_stories import story_articles, story_keys, term_counts
from unabridged.stories.profiles import KEYS, Profile, TermCounts, packed, rarity_of, unpacked

BUCKETS = 1 << 18
"""Counters of terms; terms that share one are counted together."""

NEWEST = 40
"""Articles that are looked up of each key, the newest; a term in more of them says little."""

SHARED = 2
"""Keys that two articles must share to be compared."""

CANDIDATES = 24
"""Articles with which one is compared, those with most keys in common."""

_HOUR = 3_600_000_000

StoredProfile = tuple[int | None, Profile]
"""The story of an article, None for none, and its profile."""


# Counts of terms


Rarities = dict[str, dict[int, float]]
"""Language -> hash of a term -> its rarity."""


def rarities(conn: Connection, new: Sequence[TermCounts], known: Sequence[TermCounts]) -> Rarities:
    """Count the terms of new articles, and return the rarity of all terms.

    known: articles that were counted before.
    """
    added: Counter[int] = Counter()
    for language in {one.language for one in new}:
        own = [one.frequencies for one in new if one.language == language]
        terms = Counter(chain.from_iterable(own))
        salt = _salt(language)
        for key, count in terms.items():
            added[(key ^ salt) % BUCKETS] += count
        added[_articles_bucket(language)] += len(own)
    add_counts(conn, term_counts, added)
    return _rarities(conn, [*new, *known])


def _rarities(conn: Connection, given: Sequence[TermCounts]) -> Rarities:
    buckets = {
        language: _buckets(language, (one.frequencies for one in given if one.language == language))
        for language in {one.language for one in given}
    }
    wanted = {bucket for own in buckets.values() for bucket in own.values()}
    wanted.update(map(_articles_bucket, buckets))
    counts = dict(rows_among(conn, term_counts, ("bucket", "count"), "bucket", list(wanted)))
    found: Rarities = {}
    for language, own in buckets.items():
        articles = counts.get(_articles_bucket(language), 0)
        found[language] = {key: rarity_of(counts.get(bucket, 0), articles) for key, bucket in own.items()}
    return found


def _buckets(language: str, terms: Iterable[Iterable[int]]) -> dict[int, int]:
    """Map the terms of a language to their counters."""
    salt = _salt(language)
    return {key: (key ^ salt) % BUCKETS for key in set(chain.from_iterable(terms))}


def _articles_bucket(language: str) -> int:
    """Return the counter of the articles in a language, beyond those of terms."""
    return BUCKETS + crc32(language.encode()) % BUCKETS


def _salt(language: str) -> int:
    return crc32(b"language " + language.encode())


# Profiles


def add_profile(conn: Connection, article_id: int, one: Profile, *, at: int, story: int | None) -> None:
    """Store a profile. at: microseconds since 1970."""
    row = {
        "article_id": article_id,
        "story_id": story,
        "at": from_microseconds(at),
        "language": one.language,
        "terms": packed(one),
    }
    insert_rows(conn, story_articles, [row])
    insert_rows(conn, story_keys, [{"key": key, "article_id": article_id} for key in one.keys], skip=True)


def remove_from_stories(conn: Connection, article_ids: Sequence[int]) -> dict[int, int | None]:
    """Remove profiles; returns the story that each article was in. Stories keep their numbers."""
    rows = rows_among(conn, story_articles, ("article_id", "story_id", "terms"), "article_id", article_ids)
    for number, _, terms in rows:
        keys = unpacked(terms, "", 0.0).keys
        conn.execute(delete(story_keys).where(story_keys.c.key.in_(keys), story_keys.c.article_id == number))
    if rows:
        conn.execute(delete(story_articles).where(story_articles.c.article_id.in_([row[0] for row in rows])))
    return {number: story for number, story, _ in rows}


def profiles_of(conn: Connection, article_ids: Sequence[int]) -> dict[int, StoredProfile]:
    """Return story and profile of articles."""
    names = ("article_id", "story_id", "at", "language", "terms")
    rows = rows_among(conn, story_articles, names, "article_id", article_ids)
    return {
        number: (story, unpacked(terms, language, hours(at))) for number, story, at, language, terms in rows
    }


def hours(at: int) -> float:
    """Return hours since 1970 of microseconds."""
    return at / _HOUR


def candidates(conn: Connection, keys: Sequence[int]) -> list[int]:
    """Return the articles that share most keys, SHARED at least, among the newest of each key."""
    if not keys:
        return []
    found = conn.execute(_newest(len(keys)), {f"key{place}": key for place, key in enumerate(keys)})
    shared = Counter(number for (number,) in found)
    return [number for number, count in shared.most_common(CANDIDATES) if count >= SHARED]


@lru_cache(maxsize=KEYS)
def _newest(count: int) -> TextClause:
    part = (
        "SELECT * FROM (SELECT article_id FROM story_keys WHERE key = :key{0}"
        f" ORDER BY article_id DESC LIMIT {NEWEST}) AS part{{0}}"
    )
    return text(" UNION ALL ".join(part.format(place) for place in range(count)))


def members(conn: Connection, story: int) -> list[int]:
    """Return the articles of a story by number."""
    query = select(story_articles.c.article_id).where(story_articles.c.story_id == story)
    return list(conn.execute(query.order_by(story_articles.c.article_id)).scalars())


def grouped(found: Mapping[int, StoredProfile]) -> dict[int, list[Profile]]:
    """Return the profiles of each story."""
    groups: dict[int, list[Profile]] = {}
    for story, one in found.values():
        if story is not None:
            groups.setdefault(story, []).append(one)
    return groups
