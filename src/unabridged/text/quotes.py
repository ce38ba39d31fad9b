"""Quotes that keep their place: words with what stands before and after them (W3C TextQuoteSelector). Pure.

A quote is found by its words, not by a position, so that it stays with them when a text is edited. White
space is ignored: a browser's selection and the text that it was made from differ in it.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from statistics import median

CONTEXT = 32
"""Characters stored before and after a quote."""

LONGEST_TEXT = 300_000
"""Characters of a text that are searched."""

MAX_OCCURRENCES = 1000
LEAST_SHARE = 0.5
"""Share of a quote's character sequences that the place of changed words must still have."""

_DENSE = ((0x0E00, 0x0E7F), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))
"""Scripts (Thai, kana, Han, Hangul) in which few characters say much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a text. prefix, suffix: what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Place of a quote in a text: from `start` up to `end`. changed: its words are not quite the same."""

    start: int
    end: int
    changed: bool = False


def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def find_quote(text: str, quote: Quote, *, similar: bool = True) -> Place | None:
    """Find a quote in a text without white space: exactly, else where most of its words are.

    similar: also look for changed words. Returns None if it is nowhere.
    """
    text, exact = text[:LONGEST_TEXT], squeezed(quote.exact)
    if not exact:
        return None
    starts = _occurrences(text, exact)
    if not starts:
        return _similar(text, exact) if similar else None
    prefix, suffix = squeezed(quote.prefix), squeezed(quote.suffix)

    def likeness(start: int) -> int:
        end = start + len(exact)
        before, after = text[max(0, start - len(prefix)) : start], text[end : end + len(suffix)]
        return _common(prefix[::-1], before[::-1]) + _common(suffix, after)

    best = max(starts, key=lambda start: (likeness(start), -start))
    return Place(start=best, end=best + len(exact))


def _occurrences(text: str, exact: str) -> list[int]:
    found: list[int] = []
    at = text.find(exact)
    while at >= 0 and len(found) < MAX_OCCURRENCES:
        found.append(at)
        at = text.find(exact, at + 1)
    return found


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning of two texts."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _similar(text: str, exact: str) -> Place | None:
    """Find the window of the text that has most of a quote's character sequences; linear in both."""
    dense = sum(any(low <= ord(sign) <= high for low, high in _DENSE) for sign in exact)
    size = 3 if dense * 2 > len(exact) else 6
    if len(exact) < 2 * size:
        return None
    grams: dict[str, list[int]] = {}
    for at in range(len(exact) - size + 1):
        grams.setdefault(exact[at : at + size], []).append(at)
    hits = [at for at in range(len(text) - size + 1) if text[at : at + size] in grams]
    first, last, share = _densest(text, hits, size, int(len(exact) * 1.3) + 20, len(grams))
    if share < LEAST_SHARE:
        return None
    start, end = _trimmed(text, hits[first : last + 1], grams, size, len(exact))
    missing = grams[text[start : start + size]][0], len(exact) - size - grams[text[end - size : end]][-1]
    return Place(
        start=_begin(text, exact, start, missing[0]), end=_end(text, exact, end, missing[1]), changed=True
    )


def _begin(text: str, exact: str, start: int, missing: int) -> int:
    """Move the beginning of a place over changed words at the beginning of the quote."""
    if not missing:
        return start
    from_here = max(0, start - 2 * missing - 10)
    at = text.rfind(exact[:2], from_here, start)
    return at if at >= 0 else max(0, start - missing)


def _end(text: str, exact: str, end: int, missing: int) -> int:
    """Move the end of a place over changed words at the end of the quote."""
    if not missing:
        return end
    at = text.find(exact[-2:], end, end + 2 * missing + 10)
    return at + 2 if at >= 0 else min(len(text), end + missing)


def _densest(text: str, hits: list[int], size: int, width: int, different: int) -> tuple[int, int, float]:
    """Return the first and last hit of the window with most different sequences, and their share."""
    inside: Counter[str] = Counter()
    best, left = (0, -1, 0.0), 0
    for right, at in enumerate(hits):
        inside[text[at : at + size]] += 1
        while at + size - hits[left] > width:
            gone = text[hits[left] : hits[left] + size]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            left += 1
        if len(inside) / different > best[2]:
            best = (left, right, len(inside) / different)
    return best


def _trimmed(
    text: str, window: list[int], grams: dict[str, list[int]], size: int, length: int
) -> tuple[int, int]:
    """Return the ends of a window without hits that belong to other words."""

    def shift(at: int) -> int:
        """Return how far a hit is from its place in the quote."""
        places = grams[text[at : at + size]]
        near = bisect_left(places, at - window[0])
        return min((at - place for place in places[max(0, near - 1) : near + 1]), key=abs, default=at)

    shifts = [shift(at) for at in window]
    middle, most = median(shifts), length * 0.35 + 10
    own = [at for at, moved in zip(window, shifts, strict=True) if abs(moved - middle) <= most] or window
    return own[0], own[-1] + size
