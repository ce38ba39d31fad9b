"""Differences between two texts, word by word; in Chinese and Japanese, character by character. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from unabridged.text.scripts import COMPATIBLE_HAN_AND_KANA, THAI
from unabridged.text.words import count_words

Kind = Literal["same", "added", "removed"]

MAX_COST = 20_000_000
"""Maximum pairs of tokens to compare (20 million take about 2 s): the matcher is quadratic in the worst case.
Beyond it, changed paragraphs are shown as wholes."""
MAX_PARAGRAPHS = 4000

_SINGLE = COMPATIBLE_HAN_AND_KANA + THAI
"""Han, kana and Thai are written without spaces: each character is one token."""
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+(?:['’.\-][^\W_{_SINGLE}]+)*|\s+|.")
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
    """The comparison of two versions. added, removed: words (a Han letter counts as one)."""

    paragraphs: tuple[Paragraph, ...]
    added: int
    removed: int


def tokens(text: str) -> list[str]:
    """Split a text into words, single Han letters, spaces and signs; joined, they are the text again."""
    return _TOKEN.findall(text.replace("\n", " "))


def compare(old: str, new: str) -> Diff:
    """Compare two plain texts whose paragraphs are separated by blank lines."""
    paragraphs = tuple(_paragraphs(_split(old), _split(new)))
    pieces = [piece for paragraph in paragraphs for piece in paragraph.pieces]
    return Diff(
        paragraphs=paragraphs,
        added=sum(count_words(piece.text) for piece in pieces if piece.kind == "added"),
        removed=sum(count_words(piece.text) for piece in pieces if piece.kind == "removed"),
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()][:MAX_PARAGRAPHS]


def _paragraphs(old: list[str], new: list[str]) -> list[Paragraph]:
    found: list[Paragraph] = []
    budget = MAX_COST
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Paragraph(kind="same", pieces=(DiffSpan(kind="same", text=text),)) for text in old[a:b]]
            continue
        budget -= sum(map(len, old[a:b])) * max(map(len, new[c:d]), default=0)
        if budget >= 0:
            found += _replaced(old[a:b], new[c:d])
        else:
            found += [_whole("removed", text) for text in old[a:b]]
            found += [_whole("added", text) for text in new[c:d]]
    return found


def _replaced(old: list[str], new: list[str]) -> list[Paragraph]:
    """Pair removed paragraphs with similar added ones, in order."""
    found: list[Paragraph] = []
    waiting = list(old)
    for text in new:
        at = next((i for i, candidate in enumerate(waiting[:20]) if _alike(candidate, text)), None)
        if at is None:
            found.append(_whole("added", text))
            continue
        found += [_whole("removed", left) for left in waiting[:at]]
        found.append(Paragraph(kind="changed", pieces=_words(waiting[at], text)))
        waiting = waiting[at + 1 :]
    return found + [_whole("removed", left) for left in waiting]


def _whole(kind: Literal["added", "removed"], text: str) -> Paragraph:
    return Paragraph(kind=kind, pieces=(DiffSpan(kind=kind, text=text),))


def _alike(old: str, new: str) -> bool:
    """Say whether two paragraphs share at least a third of their words."""
    return SequenceMatcher(None, tokens(old), tokens(new), autojunk=False).quick_ratio() > 0.34


def _words(old: str, new: str) -> tuple[DiffSpan, ...]:
    one, two = tokens(old), tokens(new)
    pieces: list[DiffSpan] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(DiffSpan(kind="same", text="".join(one[a:b])))
            continue
        if b > a:
            pieces.append(DiffSpan(kind="removed", text="".join(one[a:b])))
        if d > c:
            pieces.append(DiffSpan(kind="added", text="".join(two[c:d])))
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
