"""Where a text answers a search: passages of the original with the words marked. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from unabridged.archive.search.query_language import Words
from unabridged.archive.search_index import tokenizer
from unabridged.text.scripts import UNSPACED

PASSAGE = 240
"""Letters of a passage."""

LEAD = 60
"""Of these, at most so many before the first word that was looked for."""

ENOUGH = 3
"""Different words in one line after which no better line is looked for."""

MORE = "…"
"""Where a passage leaves something out; folded, it is one space."""

BLOCK = 700
"""Letters of a text, to the end of a line, that are folded first: what was looked for often comes early.

After them twice as many, and so on.
"""

_LETTER = f"[^ \n{UNSPACED}]"
_RUNS = re.compile(r"[ -~]+(?![^ -~])|[ -~]?[^ -~]+")
"""Runs of ASCII, which fold letter by letter, and the others, with the letter that a mark may follow."""
_PIECES = re.compile(f"[{UNSPACED}]+|{_LETTER}+")
_ONE = re.compile(_LETTER)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """A word or phrase as it is looked for in folded text.

    starts, ends: whether a word must start or end there; longer: whether it may go on. Compiled without
    these conditions, since a class of all letters takes longer to compile than a page of hits to search.
    """

    row: re.Pattern[str]
    starts: bool
    ends: bool
    longer: bool

    def find(self, folded: str, begin: int = 0) -> tuple[int, int] | None:
        """The next place from `begin` on, and where it ends."""
        while (match := self.row.search(folded, begin)) is not None:
            start, end = match.span()
            if not (self.starts and start and _ONE.match(folded, start - 1)):
                while self.longer and _ONE.match(folded, end):
                    end += 1
                if not (self.ends and _ONE.match(folded, end)):
                    return start, end
            begin = start + 1
        return None


def sought(words: Iterable[Words]) -> tuple[Sought, ...]:
    """What finds words in a folded text, as the index does."""
    found = dict.fromkeys(one for each in words if (one := _expression(each)) is not None)
    return tuple(found)


def _expression(words: Words) -> Sought | None:
    pieces: list[str] = _PIECES.findall(tokenizer.fold(words.said))
    if not pieces:
        return None
    joined = re.escape(pieces[0])
    for before, piece in pairwise(pieces):
        joined += " +" if tokenizer.is_unspaced(piece[0]) == tokenizer.is_unspaced(before[0]) else " *"
        joined += re.escape(piece)
    spaced = not tokenizer.is_unspaced(pieces[-1][0])
    return Sought(
        row=re.compile(joined),
        starts=not tokenizer.is_unspaced(pieces[0][0]),
        ends=spaced and not words.prefix,
        longer=spaced and words.prefix,
    )


def marked(text: str, wanted: Sequence[Sought]) -> tuple[Piece, ...]:
    """A text in pieces, those that were looked for marked."""
    return _marked(text, *_mapped(text), wanted) if text else ()


def marked_lines(lines: Sequence[str], wanted: Sequence[Sought]) -> list[tuple[Piece, ...]]:
    """The same of many lines, folded at once."""
    folded, in_place = tokenizer.fold_lines("\n".join(lines))
    levelled = folded.split("\n")
    if not in_place or len(levelled) != len(lines):
        return [marked(line, wanted) for line in lines]
    pairs = zip(lines, levelled, strict=True)
    return [_marked(line, level, range(len(line) + 1), wanted) if line else () for line, level in pairs]


def _marked(text: str, folded: str, places: Sequence[int], wanted: Sequence[Sought]) -> tuple[Piece, ...]:
    """A text in pieces, by its folded form and the places of that one's letters in the text."""
    pieces, done = [], 0
    spans = sorted(span for one in wanted for span in _spans(one, folded))
    for start, end in ((places[first], places[last]) for first, last in spans):
        if start > done:
            pieces.append(Piece(text[done:start]))
        if end > max(start, done):
            pieces.append(Piece(text[max(start, done) : end], hit=True))
            done = end
    return (*pieces, Piece(text[done:])) if done < len(text) else tuple(pieces)


def _spans(one: Sought, folded: str) -> Iterator[tuple[int, int]]:
    place = 0
    while (span := one.find(folded, place)) is not None:
        yield span
        place = span[1]


def _mapped(text: str) -> tuple[str, Sequence[int]]:
    """A folded text, and for each of its letters (and its end) the place in the original."""
    level, in_place = tokenizer.fold_lines(text)
    if in_place:
        return level.replace("\n", " "), range(len(text) + 1)
    folded: list[str] = []
    places: list[int] = []
    for run in _RUNS.finditer(text):
        start, letters = run.start(), run[0]
        whole = tokenizer.fold(letters) if letters.isascii() else ""
        if len(whole) == len(letters):
            folded.append(whole)
            places += range(start, run.end())
            continue
        for inside, cluster in _clusters(letters):
            one = _folded(cluster)
            folded.append(one)
            places += [start + inside] * len(one)
    return "".join(folded), [*places, len(text)]


@lru_cache(maxsize=20_000)
def _folded(cluster: str) -> str:
    """A letter folded; a text has few different ones."""
    return tokenizer.fold(cluster)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Letters with the marks that belong to them."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            yield start, text[start:place]
            start = place


def _joins(letter: str) -> bool:
    if letter < "\u0300":
        return False
    return (
        unicodedata.category(letter)[0] == "M" or letter in "\uff9e\uff9f" or "\u1160" <= letter <= "\u11ff"
    )


def passages(texts: Sequence[str], wanted: Sequence[Sought]) -> list[tuple[Piece, ...]]:
    """A passage of each text around what was looked for; its beginning where nothing was found in it."""
    found = _best_lines(texts, wanted)
    return [
        _passage(*(best or (text[: 4 * PASSAGE], None)), wanted)
        for text, best in zip(texts, found, strict=True)
    ]


def _passage(best: str, level: str | None, wanted: Sequence[Sought]) -> tuple[Piece, ...]:
    """A passage of a line, with its folded form where every letter of that stands in its old place."""
    flat = " ".join(best.split())
    if level is None or flat != best:  # the line was folded already, but not as it is shown
        level, places = _mapped(flat)
    else:
        places = range(len(flat) + 1)
    if len(flat) <= PASSAGE:
        return _marked(flat, level, places, wanted)
    found = [span[0] for one in wanted if (span := one.find(level)) is not None]
    start = max(0, min(places[min(found)] - LEAD, len(flat) - PASSAGE)) if found else 0
    end = min(start + PASSAGE, len(flat))
    more = end < len(flat)
    if start:
        start += _to_a_word(flat[start:end])
    if more:
        end -= _after_a_word(flat[start:end])
    cut = f"{MORE * bool(start)}{flat[start:end]}{MORE * more}"
    if not isinstance(places, range):
        return marked(cut, wanted)
    level = f"{' ' * bool(start)}{level[start:end]}{' ' * more}"
    return _marked(cut, level, range(len(cut) + 1), wanted)


_Line = tuple[str, str | None]
"""A line with its folded form, where every letter of that stands in its old place, else None."""


def _best_lines(texts: Sequence[str], wanted: Sequence[Sought]) -> list[_Line | None]:
    """Of each text the line with most different words that were looked for, the first of them.

    None where no line has any. The texts are gone through together, block by block, since a block of each
    is folded nearly as fast as one alone.
    """
    best: list[_Line | None] = [None] * len(texts)
    most, enough = [0] * len(texts), min(ENOUGH, len(wanted))
    left = [(place, _blocks(text)) for place, text in enumerate(texts)] if wanted else []
    while left:
        blocks = {place: block for place, rest in left if (block := next(rest, None)) is not None}
        for place, (folded, in_place) in zip(blocks, tokenizer.fold_each([*blocks.values()]), strict=True):
            found, line = _most_in_a_line(folded, wanted)
            if found > most[place]:
                most[place] = found
                best[place] = _line(blocks[place], line), _line(folded, line) if in_place else None
        left = [(place, rest) for place, rest in left if place in blocks and most[place] < enough]
    return best


def _most_in_a_line(folded: str, wanted: Sequence[Sought]) -> tuple[int, int]:
    """How many of the words the best line of a block has, and which line that is."""
    if not any(one.row.search(folded) for one in wanted):
        return 0, 0
    counted = _counted(folded, wanted)
    most = max(counted.values(), default=0)
    return most, min((line for line, found in counted.items() if found == most), default=0)


def _line(text: str, number: int) -> str:
    return text.split("\n", number + 1)[number]


def _blocks(text: str) -> Iterator[str]:
    """Whole lines of a text, as many as make a block."""
    start, last, size = 0, min(len(text), tokenizer.MAX_CHARACTERS), BLOCK
    while start < last:
        end = text.find("\n", start + size, last)
        end = last if end < 0 else end
        yield text[start:end]
        start, size = end + 1, 2 * size


def _counted(folded: str, wanted: Sequence[Sought]) -> Counter[int]:
    """Line of a block -> how many of the words stand in it; of a single word, the first line alone."""
    counted: Counter[int] = Counter()
    for one in wanted:
        line, begin = 0, 0
        while (span := one.find(folded, begin)) is not None:
            line += folded.count("\n", begin, span[0])
            counted[line] += 1
            end = folded.find("\n", span[1])
            if end < 0 or len(wanted) == 1:
                break
            line, begin = line + 1, end + 1
    return counted


def _to_a_word(cut: str) -> int:
    """Letters to leave out at the beginning, so that it begins with a word."""
    head, space, _ = cut[:20].partition(" ")
    return len(head) + 1 if space and head.isascii() else 0


def _after_a_word(cut: str) -> int:
    """Letters to leave out at the end, so that it ends with a word."""
    _, space, rest = cut[-20:].rpartition(" ")
    return len(rest) + 1 if space and rest.isascii() else 0


def count_of(text: str, wanted: Sequence[Sought]) -> int:
    """How many of the words are found in a text."""
    folded = tokenizer.fold(text)
    return sum(one.find(folded) is not None for one in wanted)
