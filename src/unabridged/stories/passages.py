"""Shared passages of a story's articles: what each one repeats of earlier ones, and what it adds. Pure.

A passage is a run of tokens of the search tokenizer that stands in both texts, so that case, accents,
punctuation marks and Chinese variants make no difference. Runs are found by an index of short ones and
extended to the right, as in greedy string tiling (Wise 1993) but with one pass over the later text: the time
is linear in the tokens, whatever they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unabridged.stories.attributions.sentences import sentences
from unabridged.text.scripts import UNSPACED

SEED = 5
"""Tokens of the runs in the index."""

LEAST = 8.0
"""Words of the shortest passage: shorter ones are mostly names, titles and phrases that everybody uses."""

LETTER = 0.6
"""Words that a letter of a script without spaces counts as: 14 letters make a passage."""

OCCURRENCES = 4
"""Places of one run that are remembered, the earliest ones."""

MAX_TOKENS = 20_000
"""Tokens of a text that are compared."""

MAX_TOTAL = 200_000
"""Tokens of all texts; later texts are left out once they are reached."""

MOSTLY = 0.5
"""Share of a sentence's characters in passages from which it is not a new one."""

_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """Text of one article of a story, with its tokens.

    places: start and end of each token in the text, rising. Tokens of scripts without spaces are the bigram
    of a letter and the next one; their place is that of the first letter.
    """

    article: int
    text: str
    tokens: Sequence[str]
    places: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of a text that an earlier article of the story has, too.

    start, end: in the text; source: number of the earliest article that has it; source_start, source_end: in
    that article's text.
    """

    start: int
    end: int
    source: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Repetitions and additions of one article, beside the earlier ones.

    repeated: passages in the order of the text, apart from each other. added: start and end of the sentences
    that are mostly new. share: part of the compared tokens that is repeated, from 0 to 1. compared: False for
    a text that was left out, since the story is too long.
    """

    article: int
    repeated: tuple[Passage, ...]
    added: tuple[tuple[int, int], ...]
    share: float
    compared: bool = True


@dataclass(frozen=True, slots=True)
class _Match:
    """A run of tokens in an earlier text. text: its place among the texts."""

    text: int
    start: int
    size: int


def contributions(texts: Sequence[StoryText]) -> tuple[Contribution, ...]:
    """Return the contribution of each text; texts: in the order of their times, the earliest first."""
    index: dict[str, list[tuple[int, int]]] = {}
    found, total = [], 0
    for number, one in enumerate(texts):
        size = min(len(one.tokens), MAX_TOKENS)
        total += size
        if total > MAX_TOTAL:
            found.append(Contribution(article=one.article, repeated=(), added=(), share=0.0, compared=False))
            continue
        seeds = _seeds(one.tokens[:size])
        matches = list(_matches(texts, number, seeds, index))
        found.append(_contribution(texts, number, matches, size))
        for place, seed in enumerate(seeds):
            places = index.setdefault(seed, [])
            if len(places) < OCCURRENCES:
                places.append((number, place))
    return tuple(found)


def _seeds(tokens: Sequence[str]) -> list[str]:
    return list(map(" ".join, zip(*(tokens[start:] for start in range(SEED)), strict=False)))


def _matches(
    texts: Sequence[StoryText], number: int, seeds: Sequence[str], index: dict[str, list[tuple[int, int]]]
) -> Iterator[tuple[int, _Match]]:
    """Yield where runs of earlier texts stand in a text, with the earliest text that has each."""
    place = 0
    while place < len(seeds):
        best = None
        if seeds[place] in index:
            best = _earliest(texts, texts[number], place, index[seeds[place]])
        if best is None:
            place += 1
        else:
            yield place, best
            place += best.size


def _earliest(
    texts: Sequence[StoryText], later: StoryText, place: int, occurrences: Sequence[tuple[int, int]]
) -> _Match | None:
    """Return the longest run in the earliest text that has one of at least LEAST words."""
    best: _Match | None = None
    for number, start in occurrences:
        if best is not None and number != best.text:
            break
        size = _common(texts[number].tokens, start, later.tokens, place)
        if (best is None or size > best.size) and _words(later.tokens[place : place + size]) >= LEAST:
            best = _Match(number, start, size)
    return best


def _common(one: Sequence[str], start: int, other: Sequence[str], place: int) -> int:
    """Count the tokens that two texts share from two places on."""
    most = min(len(one) - start, len(other) - place, MAX_TOKENS - start, MAX_TOKENS - place)
    size = SEED
    while size < most and one[start + size] == other[place + size]:
        size += 1
    return size


def _words(tokens: Sequence[str]) -> float:
    """Count the words of a run; letters of scripts without spaces count LETTER each."""
    total = 0.0
    for one in tokens:
        total += LETTER if _UNSPACED.match(one) else 1.0
        if total >= LEAST:
            break
    return total


def _contribution(
    texts: Sequence[StoryText], number: int, matches: Sequence[tuple[int, _Match]], size: int
) -> Contribution:
    later = texts[number]
    repeated = []
    for place, match in matches:
        source = texts[match.text]
        repeated.append(
            Passage(
                start=later.places[place][0],
                end=later.places[place + match.size - 1][1],
                source=source.article,
                source_start=source.places[match.start][0],
                source_end=source.places[match.start + match.size - 1][1],
            )
        )
    last = later.places[size - 1][1] if size == MAX_TOKENS else len(later.text)
    return Contribution(
        article=later.article,
        repeated=tuple(repeated),
        added=tuple(_added(later.text[:last], repeated)),
        share=sum(match.size for _, match in matches) / max(size, 1),
    )


def _added(text: str, repeated: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text that are mostly outside its repeated passages, without spaces around."""
    first = 0
    for start, end, _ in sentences(text):
        while first < len(repeated) and repeated[first].end <= start:
            first += 1
        place, covered = first, 0
        while place < len(repeated) and repeated[place].start < end:
            covered += min(end, repeated[place].end) - max(start, repeated[place].start)
            place += 1
        sentence = text[start:end]
        lead = len(sentence) - len(sentence.lstrip())
        stripped = sentence.strip()
        if any(map(str.isalnum, stripped)) and covered < MOSTLY * len(stripped):
            yield start + lead, start + lead + len(stripped)
