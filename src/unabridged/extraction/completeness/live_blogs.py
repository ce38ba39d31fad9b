"""Signs of a live blog: many posts with times, one after another."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from unabridged.extraction.completeness.facts import Facts
from unabridged.extraction.html.dom import Element
from unabridged.text.patterns import lazy_regex

LEAST_WORDS = 60
LEAST_POSTS = 5
LONGEST_FLAG = 24
"""Characters of a flag beside the headline ("Live", "En direct")."""
ORDERED_SHARE = 0.8
"""Of the pairs of times that follow each other: so many must run in one direction."""
LEAST_PROSE = 8
"""Words of a post: fewer stand in timetables and programmes."""
MOST_TIMES = 400

_TIMED = lazy_regex(
    r"^\W{0,3}(?:\w{2,8}\W{1,2})?([01]?\d|2[0-3])\s?[:.h時时]\s?([0-5]\d)\b(?!\s?(?:%|€|km|\.\d{2}))"
)
_LIVE = lazy_regex(
    r"\blive\b|liveblog|live-?ticker|\bticker\b|newsblog|minute by minute|as it happened|latest updates|"
    r"en direct\b|\bdirect\b|minute par minute|en (?:directo|vivo)\b|\bdirecto\b|minuto a minuto|in diretta|"
    r"\bdiretta\b|ao vivo|em direto|minuto a minuto|liveverslag|na żywo|relacja|онлайн|прямая трансляция|"
    r"текстовая|наживо|živě|élő|közvetít|canlı|direkte\b|ζωντανά|直播|实时|即時|ライブ|速報|실시간|مباشر|لحظة",
    re.I,
)


_MARKS = ("liveblog", "live-blog", "live_blog", "LiveBlog", "liveticker", "live-ticker", "LiveTicker")


def live_blog(facts: Facts) -> Iterator[str]:
    """Yield signs that the text is a live blog."""
    if facts.words < LEAST_WORDS:
        return
    if "liveblogposting" in facts.metadata.types:
        yield "the page calls itself LiveBlogPosting"
        return
    title = facts.metadata.title
    times = times_of(facts.lines)
    if (
        len(times) < LEAST_POSTS
        and sum(1 for _ in islice(facts.dom.elements("time"), LEAST_POSTS)) < LEAST_POSTS
    ):
        return
    called = bool(_LIVE.search(title) or _LIVE.search(facts.given.url or ""))
    if len(times) < LEAST_POSTS and called:
        times = _times_of_elements(facts)
    posts = len(times)
    if posts < LEAST_POSTS or not (called or _is_flagged(facts)):
        return
    if _is_ordered(times) and facts.words >= LEAST_PROSE * posts:
        yield f"{posts} posts with times, one after another, below “{title[:80]}”"


def _has_times(facts: Facts) -> bool:
    """Say whether enough elements of the page are times."""
    return sum(1 for _ in islice(facts.dom.elements("time"), LEAST_POSTS)) == LEAST_POSTS


def _is_flagged(facts: Facts) -> bool:
    """Say whether a short flag beside the headline calls the text live, or the names of its elements."""
    if any(mark in facts.dom.source for mark in _MARKS):
        return True
    heading = next(iter(facts.dom.elements(("h1",))), None)
    beside = (heading.previous_sibling, heading.next_sibling) if heading is not None else ()
    texts = [one.text.strip() for one in beside if isinstance(one, Element)]
    return any(len(text) <= LONGEST_FLAG and _LIVE.search(text) for text in texts)


def times_of(lines: Sequence[str]) -> list[int]:
    """Return the times of day, in minutes, that lines begin with."""
    found = (
        _TIMED.match(line)
        for line in lines
        if line[:1].isdigit() or not line[:1].isalpha() or ":" in line[:16]
    )
    return [60 * int(one[1]) + int(one[2]) for one in found if one]


def _times_of_elements(facts: Facts) -> list[int]:
    """Return the times of day that the page's time elements show."""
    shown = (" ".join(one.text.split()) for one in islice(facts.dom.elements(("time",)), MOST_TIMES))
    return times_of([text for text in shown if text])


def _is_ordered(times: Sequence[int]) -> bool:
    """Say whether times run in one direction; a day's change is one pair."""
    steps = [later - earlier for earlier, later in pairwise(times) if later != earlier]
    if len(steps) < LEAST_POSTS - 2:
        return False
    falling = sum(step < 0 for step in steps)
    return max(falling, len(steps) - falling) >= ORDERED_SHARE * len(steps)
