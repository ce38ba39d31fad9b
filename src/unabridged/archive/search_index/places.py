"""Places of tokens in the original text: what folding did to each letter's position. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from unabridged.archive.search_index import tokenizer
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import EMOJI, UNSPACED

_RUNS = lazy_regex(r"[ -~]+(?![^ -~])|[ -~]?[^ -~]+")
"""Runs of ASCII, which fold letter by letter, and other runs, with the letter before a combining mark."""
_PIECES = lazy_regex(f"[{UNSPACED}{EMOJI}]+|[^ \n{UNSPACED}{EMOJI}]+")


def located_tokens(text: str, most: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the first tokens of a text, `most` at most, with start and end of each in it.

    The place of a bigram is that of its first letter.
    """
    folded, places = mapped(text[: tokenizer.MAX_CHARACTERS]) if text else ("", ())
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece in _PIECES.finditer(folded):
        start, end = piece.span()
        if tokenizer.is_unspaced(folded[start]):
            found += tokenizer.tokens(piece.group())
            spans += [(places[place], places[place + 1]) for place in range(start, end)]
        else:
            found.append(piece.group()[: tokenizer.MAX_WORD_LENGTH])
            spans.append((places[start], places[end]))
        if len(found) >= most:
            break
    return found[:most], spans[:most]


def mapped(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and the position in the original of each of its letters and its end."""
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
    """Fold one letter with its marks; cached, since a text has few different ones."""
    return tokenizer.fold(cluster)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield letters with their combining marks, and their positions."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _combines(text[place]):
            yield start, text[start:place]
            start = place


def _combines(letter: str) -> bool:
    if letter < "\u0300":
        return False
    return (
        unicodedata.category(letter)[0] == "M" or letter in "\uff9e\uff9f" or "\u1160" <= letter <= "\u11ff"
    )
