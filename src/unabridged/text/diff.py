"""Differences between two texts, word by word; in Chinese and Japanese, character by character. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from unabridged.text.alignment import Budget, Match, align, anchored, gaps, heaviest_pairs
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import COMPATIBLE_HAN_AND_KANA, THAI
from unabridged.text.words import count_words

Kind = Literal["same", "added", "removed"]
ParagraphKind = Literal["same", "added", "removed", "changed", "moved"]

WORK = 2_500_000
"""Steps that one comparison may take; one of them takes about 0.4 µs, so that all take about 1 s."""
TITLE_WORK = 100_000
MAX_PARAGRAPHS = 4000
"""Paragraphs that are compared one by one; what comes after them is taken for one."""
MAX_PAIRS = 10_000
"""Pairs of paragraphs that are all held against each other: a hundred times a hundred."""
MOVED_WORDS = 4
"""Words that a paragraph needs to be shown as moved: shorter ones, as "* * *", stand in many places."""
WINDOW = 20
"""Removed paragraphs that an added one is held against."""

LIMITED = "Parts are too different to show word by word; they stand here removed and added as a whole."

_SINGLE = COMPATIBLE_HAN_AND_KANA + THAI
"""Han, kana and Thai are written without spaces: each character is one token."""
_TOKEN = lazy_regex(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+(?:['’.\-][^\W_{_SINGLE}]+)*|\s+|.")
_BLANK = lazy_regex(r"\n[^\S\n]*\n\s*")
_WORDY = lazy_regex(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSpan:
    """A span of text that is in both versions, or in one only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of the comparison.

    kind "changed": it holds spans of several kinds; "moved": it stands in both versions, at different places,
    of which this is the one in the older (span "removed") or the newer version ("added").
    """

    kind: ParagraphKind
    pieces: tuple[DiffSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Two versions compared. added, removed: words (Han characters count as words), without moved ones.

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
    paragraphs = _moved(_paragraphs(_split(old), _split(new), budget))
    texts: dict[Kind, list[str]] = {"same": [], "added": [], "removed": []}
    for paragraph in paragraphs:
        for piece in paragraph.pieces if paragraph.kind != "moved" else ():
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


@dataclass(frozen=True, slots=True)
class _Cut:
    """A paragraph cut into tokens; counted: each token but spaces, and how often it is there."""

    text: str
    tokens: list[str]
    counted: Counter[str]


def _paragraphs(old: list[str], new: list[str], budget: Budget) -> list[Paragraph]:
    """Compare paragraphs so that as many words as possible stay where they are.

    A repeated paragraph says nothing about its place, and one that moved says it wrongly; the words of all
    the others are right. Long texts are compared between the paragraphs that stand once in each.
    """
    if len(old) * len(new) <= MAX_PAIRS:
        return _paired(old, new, budget)
    found: list[Paragraph] = []
    for run in gaps(anchored(old, new, budget), len(old), len(new)):
        if isinstance(run, Match):
            found += _unchanged(old[run.old : run.old + run.size])
        elif (run.b - run.a) * (run.d - run.c) <= MAX_PAIRS:
            found += _paired(old[run.a : run.b], new[run.c : run.d], budget)
        else:
            found += _long_stretch(old[run.a : run.b], new[run.c : run.d], budget)
    return found


def _unchanged(texts: Sequence[str]) -> list[Paragraph]:
    return [Paragraph(kind="same", pieces=(DiffSpan(kind="same", text=text),)) for text in texts]


def _long_stretch(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Paragraph]:
    found: list[Paragraph] = []
    for run in gaps(align(old, new, budget), len(old), len(new)):
        if isinstance(run, Match):
            found += _unchanged(old[run.old : run.old + run.size])
        else:
            found += _replaced(old[run.a : run.b], new[run.c : run.d], budget)
    return found


def _paired(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Paragraph]:
    """Pair paragraphs so that as many words as possible stay; in order, if all pairs are too much work."""
    olds, news = _cut(old, budget), _cut(new, budget)
    words = (sum(len(one.counted) for one in side if one) for side in (olds, news))
    if (
        min(count * other for count, other in zip(words, (len(new), len(old)), strict=True))
        > budget.left // 2
    ):
        return _long_stretch(old, new, budget)

    def weight(a: int, c: int) -> int:
        one, two = olds[a], news[c]
        if old[a] == new[c]:
            return 1 + (one.counted.total() if one else len(old[a]))
        return _shared(one, two, budget)

    found: list[Paragraph] = []
    first = last = 0
    for a, c in [*heaviest_pairs(len(old), len(new), weight), (len(old), len(new))]:
        found += [_whole("removed", text) for text in old[first:a]]
        found += [_whole("added", text) for text in new[last:c]]
        if a < len(old):
            found += _pair(old[a], new[c], (olds[a], news[c]), budget)
        first, last = a + 1, c + 1
    return found


def _pair(old: str, new: str, cuts: tuple[_Cut | None, _Cut | None], budget: Budget) -> list[Paragraph]:
    if old == new:
        return _unchanged([old])
    pieces = _words(*cuts, budget)
    if pieces is None:
        return [_whole("removed", old), _whole("added", new)]
    return [Paragraph(kind="changed", pieces=pieces)]


def _moved(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Mark paragraphs that were removed in one place and added in another, and stand nowhere else."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(paragraphs):
        if one.kind != "changed":
            places.setdefault(one.pieces[0].text, []).append(place)
    found = list(paragraphs)
    for text, pair in places.items():
        kinds = sorted(paragraphs[place].kind for place in pair)
        if kinds == ["added", "removed"] and count_words(text) >= MOVED_WORDS:
            for place in pair:
                found[place] = replace(paragraphs[place], kind="moved")
    return tuple(found)


def _cut(texts: Sequence[str], budget: Budget) -> list[_Cut | None]:
    """Cut paragraphs into tokens; None for those that the budget does not reach for."""
    found: list[_Cut | None] = []
    for text in texts:
        words = tokens(text) if budget.take(len(text)) else None
        found.append(
            None
            if words is None
            else _Cut(text, words, Counter(token for token in words if not token.isspace()))
        )
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
    return _shared(old, new, budget) > 0


def _shared(old: _Cut | None, new: _Cut | None, budget: Budget) -> int:
    """Count the words that two paragraphs share; 0 if they are less than a third."""
    if old is None or new is None or not budget.take(min(len(old.counted), len(new.counted))):
        return 0
    few, many = sorted((old.counted, new.counted), key=len)
    shared = sum(min(count, many[token]) for token, count in few.items())
    return shared if 2 * shared > 0.34 * (old.counted.total() + new.counted.total()) else 0


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


def shortened(paragraph: Paragraph, around: int) -> tuple[DiffSpan, ...]:
    """Return a paragraph's pieces; unchanged runs are cut to `around` characters beside a change."""
    last = len(paragraph.pieces) - 1
    return tuple(
        piece if piece.kind != "same" else _cut_run(piece, around, place == 0, place == last)
        for place, piece in enumerate(paragraph.pieces)
    )


def _cut_run(piece: DiffSpan, around: int, first: bool, last: bool) -> DiffSpan:
    text = piece.text
    if len(text) <= 2 * around:
        return piece
    head = "" if first else text[:around]
    tail = "" if last else text[-around:]
    return DiffSpan(kind="same", text=f"{head}…{tail}")
