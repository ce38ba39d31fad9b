"""Where a text answers a search: passages of the original with the words marked. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unabridged.archive import analysis
from unabridged.archive.queries import Words

PASSAGE = 240
"""Letters of a passage."""

LEAD = 60
"""Of these, at most so many before the first word that was looked for."""

ENOUGH = 3
"""Different words in one line after which no better line is looked for."""

_LETTER = f"[^ {analysis.UNSPACED}]"
_RUNS = re.compile(r"[ -~]+(?![^ -~])|[ -~]?[^ -~]+")
"""Runs of ASCII, which fold letter by letter, and the others, with the letter that a mark may follow."""
_PIECES = re.compile(f"[{analysis.UNSPACED}]+|{_LETTER}+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it was looked for."""

    text: str
    hit: bool = False


def pattern(words: Iterable[Words]) -> re.Pattern[str] | None:
    """What finds words in a folded text, as the index does; None where there are none."""
    found = [one for each in words if (one := _expression(each))]
    return re.compile("|".join(sorted(found, key=len, reverse=True))) if found else None


def _expression(words: Words) -> str:
    pieces: list[str] = _PIECES.findall(analysis.fold(words.said))
    joined = ""
    for place, piece in enumerate(pieces):
        unspaced = analysis.is_unspaced(piece[0])
        if place:
            joined += " +" if unspaced == analysis.is_unspaced(pieces[place - 1][0]) else " *"
        joined += re.escape(piece)
    if not joined:
        return ""
    before = "" if analysis.is_unspaced(pieces[0][0]) else f"(?<!{_LETTER})"
    after = "" if analysis.is_unspaced(pieces[-1][0]) else f"{_LETTER}*" if words.prefix else f"(?!{_LETTER})"
    return before + joined + after


def marked(text: str, wanted: re.Pattern[str] | None) -> tuple[Piece, ...]:
    """A text in pieces, those that were looked for marked."""
    if wanted is None or not text:
        return (Piece(text),) if text else ()
    folded, places = _mapped(text)
    pieces, done = [], 0
    for match in wanted.finditer(folded):
        start, end = places[match.start()], places[match.end()]
        if start > done:
            pieces.append(Piece(text[done:start]))
        if end > max(start, done):
            pieces.append(Piece(text[max(start, done) : end], hit=True))
            done = end
    return (*pieces, Piece(text[done:])) if done < len(text) else tuple(pieces)


def _mapped(text: str) -> tuple[str, list[int]]:
    """A folded text, and for each of its letters (and its end) the place in the original."""
    folded: list[str] = []
    places: list[int] = []
    for run in _RUNS.finditer(text):
        start, letters = run.start(), run[0]
        whole = analysis.fold(letters) if letters.isascii() else ""
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
    return analysis.fold(cluster)


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


def passage(text: str, wanted: re.Pattern[str] | None) -> tuple[Piece, ...]:
    """A passage of a text around what was looked for; its beginning where nothing was found in it."""
    flat = _best_line(text, wanted)
    start = 0
    if wanted is not None and len(flat) > PASSAGE:
        folded, places = _mapped(flat)
        match = wanted.search(folded)
        start = max(0, min(places[match.start()] - LEAD, len(flat) - PASSAGE)) if match else 0
    cut = flat[start : start + PASSAGE]
    if start:
        cut = "…" + _from_a_word(cut)
    if start + PASSAGE < len(flat):
        cut = _to_a_word(cut) + "…"
    return marked(cut, wanted)


def _best_line(text: str, wanted: re.Pattern[str] | None) -> str:
    """The line with most different words that were looked for; the first of them."""
    best, most = "", 0
    lines = text[: analysis.MAX_CHARACTERS].split("\n") if wanted is not None else []
    enough = 1 if wanted is None or "|" not in wanted.pattern else ENOUGH
    for line in lines:
        found = len(set(wanted.findall(analysis.fold(line)))) if wanted is not None else 0
        if found > most:
            best, most = line, found
            if found >= enough:
                break
    return " ".join((best or text[: 4 * PASSAGE]).split())


def _from_a_word(cut: str) -> str:
    head, space, rest = cut[:20].partition(" ")
    return rest + cut[20:] if space and head.isascii() else cut


def _to_a_word(cut: str) -> str:
    head, space, rest = cut[-20:].rpartition(" ")
    return cut[:-20] + head if space and rest.isascii() else cut


def count_of(text: str, patterns: Sequence[re.Pattern[str]]) -> int:
    """How many of the patterns are found in a text."""
    folded = analysis.fold(text)
    return sum(one.search(folded) is not None for one in patterns)
