"""Differences between two texts, word by word; in Chinese and Japanese, character by character. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from unabridged.text.alignment import Budget, Match, align, gaps
from unabridged.text.scripts import COMPATIBLE_HAN_AND_KANA, THAI
from unabridged.text.words import count_words

Kind = Literal["same", "added", "removed"]

WORK = 2_500_000
"""Steps that one comparison may take; one of them takes about 0.4 µs, so that all take about 1 s."""
TITLE_WORK = 100_000
MAX_PARAGRAPHS = 4000
"""Paragraphs that are compared one by one; what comes after them is taken for one."""
WINDOW = 20
"""Removed paragraphs that an added one is held against."""

LIMITED = "Parts are too different to show word by word; they stand here removed and added as a whole."

_SINGLE = COMPATIBLE_HAN_AND_KANA + THAI
"""Han, kana and Thai are written without spaces: each character is one token."""
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+(?:['’.\-][^\W_{_SINGLE}]+)*|\s+|.")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_WORDY = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSpan:
    """A span of text that is in both versions, or in one only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of the comparison. kind "changed": it holds spans of several kinds."""

    kind: Literal["same", "added", "removed", "changed"]
    pieces: tuple[DiffSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Two versions compared. added, removed: words (Han characters count as words).

    limited: parts were too different to be compared word by word; they are shown removed and added.
    """

    paragraphs: tuple[Paragraph, ...]
    added: int
    removed: int
    limited: bool = False


def tokens(text: str) -> list[str]:
    """Split a text into words, single Han letters, spaces and signs; joined, they are the text again."""
    return _TOKEN.findall(text.replace("\n", " "))


def compare(old: str, new: str, *, work: int = WORK) -> Diff:
    """Compare two plain texts whose paragraphs are separated by blank lines.

    work: steps that it may take (see WORK), whatever the texts are.
    """
    budget = Budget(work)
    paragraphs = tuple(_paragraphs(_split(old), _split(new), budget))
    texts: dict[Kind, list[str]] = {"same": [], "added": [], "removed": []}
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            texts[piece.kind].append(piece.text)
    return Diff(
        paragraphs=paragraphs,
        added=count_words("\n".join(texts["added"])),
        removed=count_words("\n".join(texts["removed"])),
        limited=budget.limited,
    )


def apart(old: str, new: str) -> Diff:
    """Return two texts as a comparison that was not made: the one removed, the other added."""
    paragraphs = (
        *(_whole("removed", text) for text in _split(old)),
        *(_whole("added", text) for text in _split(new)),
    )
    return Diff(paragraphs=paragraphs, added=count_words(new), removed=count_words(old), limited=True)


def _split(text: str) -> list[str]:
    parts = _BLANK.split(text.strip(), maxsplit=MAX_PARAGRAPHS)
    return [part.strip() for part in parts if part.strip()]


def _paragraphs(old: list[str], new: list[str], budget: Budget) -> list[Paragraph]:
    found: list[Paragraph] = []
    for run in gaps(align(old, new, budget), len(old), len(new)):
        if isinstance(run, Match):
            same = old[run.old : run.old + run.size]
            found += [Paragraph(kind="same", pieces=(DiffSpan(kind="same", text=text),)) for text in same]
        else:
            found += _replaced(old[run.a : run.b], new[run.c : run.d], budget)
    return found


@dataclass(frozen=True, slots=True)
class _Cut:
    """A paragraph cut into tokens; counted: each token and how often it is there."""

    text: str
    tokens: list[str]
    counted: Counter[str]


def _cut(texts: Sequence[str], budget: Budget) -> list[_Cut | None]:
    """Cut paragraphs into tokens; None for those that the budget does not reach for."""
    found: list[_Cut | None] = []
    for text in texts:
        words = tokens(text) if budget.take(len(text)) else None
        found.append(None if words is None else _Cut(text, words, Counter(words)))
    return found


def _replaced(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Paragraph]:
    """Pair removed paragraphs with added ones in order where they resemble each other."""
    if not old or not new:
        return [_whole("removed", text) for text in old] + [_whole("added", text) for text in new]
    found: list[Paragraph] = []
    olds, news = _cut(old, budget), _cut(new, budget)
    first = 0
    for text, cut in zip(new, news, strict=True):
        window = range(first, min(first + WINDOW, len(old)))
        at = next((i for i in window if _alike(olds[i], cut, budget)), None)
        pieces = None if at is None else _words(olds[at], cut, budget)
        if at is None:
            found.append(_whole("added", text))
            continue
        kept = at if pieces else at + 1
        found += [_whole("removed", left) for left in old[first:kept]]
        found.append(Paragraph(kind="changed", pieces=pieces) if pieces else _whole("added", text))
        first = at + 1
    return found + [_whole("removed", left) for left in old[first:]]


def _whole(kind: Literal["added", "removed"], text: str) -> Paragraph:
    return Paragraph(kind=kind, pieces=(DiffSpan(kind=kind, text=text),))


def _alike(old: _Cut | None, new: _Cut | None, budget: Budget) -> bool:
    """Say whether two paragraphs share at least a third of their words."""
    if old is None or new is None or not budget.take(min(len(old.counted), len(new.counted))):
        return False
    few, many = sorted((old.counted, new.counted), key=len)
    shared = sum(min(count, many[token]) for token, count in few.items())
    return 2 * shared > 0.34 * (len(old.tokens) + len(new.tokens))


def _words(old: _Cut | None, new: _Cut | None, budget: Budget) -> tuple[DiffSpan, ...] | None:
    """Compare two paragraphs word by word; None where nothing was found that both have."""
    if old is None or new is None:
        return None
    one, two = old.tokens, new.tokens
    runs = align(one, two, budget)
    if not runs:
        return None
    pieces: list[DiffSpan] = []
    for run in gaps(runs, len(one), len(two)):
        if isinstance(run, Match):
            pieces.append(DiffSpan(kind="same", text="".join(one[run.old : run.old + run.size])))
            continue
        if run.b > run.a:
            pieces.append(DiffSpan(kind="removed", text="".join(one[run.a : run.b])))
        if run.d > run.c:
            pieces.append(DiffSpan(kind="added", text="".join(two[run.c : run.d])))
    return _calm(pieces)


def _calm(pieces: Sequence[DiffSpan]) -> tuple[DiffSpan, ...]:
    """Merge a lone space or sign between two changes into them, so that a phrase reads as one change."""
    islands = {
        index
        for index, piece in enumerate(pieces)
        if piece.kind == "same" and not _WORDY.search(piece.text) and 0 < index < len(pieces) - 1
    }
    groups: list[dict[Kind, str]] = []
    result: list[DiffSpan] = []
    for index, piece in enumerate(pieces):
        if piece.kind == "same" and index not in islands:
            result += _flush(groups)
            groups = []
            result.append(piece)
        else:
            groups.append({piece.kind: piece.text})
    return tuple(result + _flush(groups))


def _flush(groups: Sequence[dict[Kind, str]]) -> list[DiffSpan]:
    def side(kind: Kind) -> str:
        return "".join(group.get(kind, "") + group.get("same", "") for group in groups)

    sides: tuple[Kind, ...] = ("removed", "added")
    return [DiffSpan(kind=kind, text=side(kind)) for kind in sides if side(kind)]


def collapse_unchanged(
    paragraphs: Sequence[Paragraph], *, keep: int = 1
) -> list[Paragraph | tuple[Paragraph, ...]]:
    """Put long runs of unchanged paragraphs into tuples, except `keep` paragraphs beside each change."""
    near_change = {
        near
        for index, paragraph in enumerate(paragraphs)
        if paragraph.kind != "same"
        for near in range(index - keep, index + keep + 1)
    }
    folded: list[Paragraph | tuple[Paragraph, ...]] = []
    run: list[Paragraph] = []
    for index, paragraph in enumerate(paragraphs):
        if index in near_change:
            folded += [tuple(run)] if run else []
            run = []
            folded.append(paragraph)
        else:
            run.append(paragraph)
    return folded + ([tuple(run)] if run else [])
