"""Search snippets with highlighted words. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unabridged.archive.records.query_tree import Words
from unabridged.archive.records.search import HighlightSpan
from unabridged.archive.search_index import tokenizer
from unabridged.archive.search_index.places import mapped
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import EMOJI, UNSPACED

SNIPPET_LENGTH = 240
"""Characters of a snippet."""

MAX_LEAD = 60
"""Characters of a snippet before its first match, at most."""

ENOUGH_TERMS = 3
"""A line with this many different terms is good enough for a snippet."""

ELLIPSIS = "…"
"""Marks an omission; it folds to one space."""

BLOCK = 700
"""Characters folded first, up to the next line end, since matches often come early.

Each further block is twice as long.
"""

_LETTER = f"[^ \n{UNSPACED}{EMOJI}]"
_PIECES = lazy_regex(f"[{UNSPACED}{EMOJI}]+|{_LETTER}+")
_ONE = lazy_regex(_LETTER)


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """Matches a word or phrase in folded text.

    starts, ends: a word must start or end there; longer: the last word may go on. These conditions are not
    part of the pattern, since a class of all letters takes longer to compile than a page of hits to search.
    """

    row: re.Pattern[str]
    starts: bool
    ends: bool
    longer: bool

    def find(self, folded: str, begin: int = 0) -> tuple[int, int] | None:
        """Return start and end of the next match from `begin` on."""
        while (match := self.row.search(folded, begin)) is not None:
            start, end = match.span()
            if not (self.starts and start and _ONE.match(folded, start - 1)):
                while self.longer and _ONE.match(folded, end):
                    end += 1
                if not (self.ends and _ONE.match(folded, end)):
                    return start, end
            begin = start + 1
        return None


def term_matchers(words: Iterable[Words]) -> tuple[TermMatcher, ...]:
    """Return matchers that find words in folded text as the index does."""
    found = dict.fromkeys(one for each in words if (one := _matcher(each)) is not None)
    return tuple(found)


def _matcher(words: Words) -> TermMatcher | None:
    pieces: list[str] = _PIECES.findall(tokenizer.fold(words.said))
    if not pieces:
        return None
    joined = re.escape(pieces[0])
    for before, piece in pairwise(pieces):
        joined += " +" if tokenizer.is_unspaced(piece[0]) == tokenizer.is_unspaced(before[0]) else " *"
        joined += re.escape(piece)
    spaced = not tokenizer.is_unspaced(pieces[-1][0])
    return TermMatcher(
        row=re.compile(joined),
        starts=not tokenizer.is_unspaced(pieces[0][0]),
        ends=spaced and not words.prefix,
        longer=spaced and words.prefix,
    )


def marked(text: str, matchers: Sequence[TermMatcher]) -> tuple[HighlightSpan, ...]:
    """Split a text into spans and mark the matches."""
    return _marked(text, *mapped(text), matchers) if text else ()


def marked_lines(lines: Sequence[str], matchers: Sequence[TermMatcher]) -> list[tuple[HighlightSpan, ...]]:
    """Return `marked` for each line; the lines are folded together."""
    folded, in_place = tokenizer.fold_lines("\n".join(lines))
    levelled = folded.split("\n")
    if not in_place or len(levelled) != len(lines):
        return [marked(line, matchers) for line in lines]
    pairs = zip(lines, levelled, strict=True)
    return [_marked(line, level, range(len(line) + 1), matchers) if line else () for line, level in pairs]


def _marked(
    text: str, folded: str, places: Sequence[int], matchers: Sequence[TermMatcher]
) -> tuple[HighlightSpan, ...]:
    """Split a text into spans. places: position in the text of every letter of its folded form."""
    parts, done = [], 0
    spans = sorted(span for one in matchers for span in _spans(one, folded))
    for start, end in ((places[first], places[last]) for first, last in spans):
        if start > done:
            parts.append(HighlightSpan(text[done:start]))
        if end > max(start, done):
            parts.append(HighlightSpan(text[max(start, done) : end], hit=True))
            done = end
    return (*parts, HighlightSpan(text[done:])) if done < len(text) else tuple(parts)


def _spans(one: TermMatcher, folded: str) -> Iterator[tuple[int, int]]:
    place = 0
    while (span := one.find(folded, place)) is not None:
        yield span
        place = span[1]


def snippets(texts: Sequence[str], matchers: Sequence[TermMatcher]) -> list[tuple[HighlightSpan, ...]]:
    """Return a snippet of each text around its matches; its beginning if there are none."""
    found = _best_lines(texts, matchers)
    return [
        _snippet(*(best or (text[: 4 * SNIPPET_LENGTH], None)), matchers)
        for text, best in zip(texts, found, strict=True)
    ]


def _snippet(best: str, level: str | None, matchers: Sequence[TermMatcher]) -> tuple[HighlightSpan, ...]:
    """Cut a snippet out of a line. level: its folded form if every letter kept its position, else None."""
    flat = " ".join(best.split())
    if level is None or flat != best:  # white space was collapsed after folding
        level, places = mapped(flat)
    else:
        places = range(len(flat) + 1)
    if len(flat) <= SNIPPET_LENGTH:
        return _marked(flat, level, places, matchers)
    found = [span[0] for one in matchers if (span := one.find(level)) is not None]
    start = max(0, min(places[min(found)] - MAX_LEAD, len(flat) - SNIPPET_LENGTH)) if found else 0
    end = min(start + SNIPPET_LENGTH, len(flat))
    more = end < len(flat)
    if start:
        start += _partial_word_at_start(flat[start:end])
    if more:
        end -= _partial_word_at_end(flat[start:end])
    excerpt = f"{ELLIPSIS * bool(start)}{flat[start:end]}{ELLIPSIS * more}"
    if not isinstance(places, range):
        return marked(excerpt, matchers)
    level = f"{' ' * bool(start)}{level[start:end]}{' ' * more}"
    return _marked(excerpt, level, range(len(excerpt) + 1), matchers)


_FoldedLine = tuple[str, str | None]
"""A line, and its folded form if every letter kept its position, else None."""


def _best_lines(texts: Sequence[str], matchers: Sequence[TermMatcher]) -> list[_FoldedLine | None]:
    """Return the first line with the most different terms of each text, None if no line has any.

    The texts are read together, block by block: folding a block of each is nearly as fast as folding one.
    """
    best: list[_FoldedLine | None] = [None] * len(texts)
    most, enough = [0] * len(texts), min(ENOUGH_TERMS, len(matchers))
    left = [(place, _blocks(text)) for place, text in enumerate(texts)] if matchers else []
    while left:
        blocks = {place: block for place, rest in left if (block := next(rest, None)) is not None}
        for place, (folded, in_place) in zip(blocks, tokenizer.fold_each([*blocks.values()]), strict=True):
            found, line = _most_in_a_line(folded, matchers)
            if found > most[place]:
                most[place] = found
                best[place] = _nth_line(blocks[place], line), _nth_line(folded, line) if in_place else None
        left = [(place, rest) for place, rest in left if place in blocks and most[place] < enough]
    return best


def _most_in_a_line(folded: str, matchers: Sequence[TermMatcher]) -> tuple[int, int]:
    """Return the number of terms in the best line of a block, and the line's number."""
    if not any(one.row.search(folded) for one in matchers):
        return 0, 0
    counted = _counted(folded, matchers)
    most = max(counted.values(), default=0)
    return most, min((line for line, found in counted.items() if found == most), default=0)


def _nth_line(text: str, number: int) -> str:
    return text.split("\n", number + 1)[number]


def _blocks(text: str) -> Iterator[str]:
    """Yield blocks of whole lines."""
    start, last, size = 0, min(len(text), tokenizer.MAX_CHARACTERS), BLOCK
    while start < last:
        end = text.find("\n", start + size, last)
        end = last if end < 0 else end
        yield text[start:end]
        start, size = end + 1, 2 * size


def _counted(folded: str, matchers: Sequence[TermMatcher]) -> Counter[int]:
    """Count the terms of each line of a block; for a single term only up to its first line."""
    counted: Counter[int] = Counter()
    for one in matchers:
        line, begin = 0, 0
        while (span := one.find(folded, begin)) is not None:
            line += folded.count("\n", begin, span[0])
            counted[line] += 1
            end = folded.find("\n", span[1])
            if end < 0 or len(matchers) == 1:
                break
            line, begin = line + 1, end + 1
    return counted


def _partial_word_at_start(excerpt: str) -> int:
    """Return the length of the partial word at the start of an excerpt."""
    head, space, _ = excerpt[:20].partition(" ")
    return len(head) + 1 if space and head.isascii() else 0


def _partial_word_at_end(excerpt: str) -> int:
    """Return the length of the partial word at the end of an excerpt."""
    _, space, rest = excerpt[-20:].rpartition(" ")
    return len(rest) + 1 if space and rest.isascii() else 0


def count_terms(text: str, matchers: Sequence[TermMatcher]) -> int:
    """Count the terms that occur in a text."""
    folded = tokenizer.fold(text)
    return sum(one.find(folded) is not None for one in matchers)
