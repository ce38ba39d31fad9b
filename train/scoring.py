"""Scores of kept blocks against a page's truth, computed like those of `make corpus`, on hashed words."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from bench.corpora import TITLE_IN_TEXT
from train.labels import WORD
from train.pages import Page

Counts = tuple[float, float, float]
"""True, false and missing parts."""
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


def words_of(text: str) -> np.ndarray:
    """A text's words as numbers, the same in every process."""
    return np.array([zlib.crc32(word.encode()) for word in WORD.findall(text)], dtype=np.uint64)


def shingles(words: np.ndarray) -> np.ndarray:
    """Numbers of all runs of four words; a shorter text is one run."""
    if len(words) < 4:
        return words.sum(keepdims=True) if len(words) else words
    with np.errstate(over="ignore"):
        return np.asarray(
            ((words[:-3] * _ODD[0] + words[1:-2]) * _ODD[1] + words[2:-1]) * _ODD[2] + words[3:]
        )


def match_blocks(page: Page, kept: Sequence[int]) -> Counts:
    """Shingles right, wrong and missing, as parts of their sum."""
    parts = [words_of(page.layout.texts[index]) for index in kept]
    if page.set in TITLE_IN_TEXT:
        parts.insert(0, words_of(_first_line(page)))
    found, times = np.unique(shingles(np.concatenate([np.zeros(0, np.uint64), *parts])), return_counts=True)
    gold, gold_times = np.unique(shingles(words_of(page.truth["text"])), return_counts=True)
    _, ours, theirs = np.intersect1d(found, gold, assume_unique=True, return_indices=True)
    right = float(np.minimum(times[ours], gold_times[theirs]).sum())
    whole = float(times.sum() + gold_times.sum()) - right
    if not whole:
        return 0.0, 0.0, 0.0
    return right / whole, (float(times.sum()) - right) / whole, (float(gold_times.sum()) - right) / whole


def _first_line(page: Page) -> str:
    """The title that metadata is likely to give: the truth's first line where the page's titles hold it."""
    first = str(page.truth["text"]).split("\n", 1)[0].strip()
    titles = page.claims.titles
    return first if not titles or any(first in title for title in titles) else titles[0]


def segment_counts(page: Page, kept: Sequence[int]) -> Counts:
    """Wanted segments found, unwanted found, wanted missing."""
    text = " ".join(page.layout.texts[index] for index in kept)
    wanted = [" ".join(segment.split()) in text for segment in page.truth.get("with", ())]
    unwanted = [" ".join(segment.split()) in text for segment in page.truth.get("without", ())]
    return float(sum(wanted)), float(sum(unwanted)), float(len(wanted) - sum(wanted))


def f1_of(counts: Counts) -> float:
    """F1 of one page; of nothing wanted and nothing given, 1."""
    right, wrong, missing = counts
    return 2 * right / (2 * right + wrong + missing) if right + wrong + missing else 1.0


def set_scores(rows: Iterable[tuple[Page, Sequence[int]]]) -> dict[str, tuple[float, float, float, int]]:
    """F1, precision, recall and pages by set: means over pages, or sums where truths are segments."""
    by_set: dict[str, list[Counts]] = defaultdict(list)
    summed = set()
    for page, kept in rows:
        if "text" in page.truth:
            by_set[page.set].append(match_blocks(page, kept))
        elif page.set == "trafilatura":
            by_set[page.set].append(segment_counts(page, kept))
            summed.add(page.set)
    return {name: _scores(counts, name in summed) for name, counts in sorted(by_set.items())}


def _scores(counts: list[Counts], summed: bool) -> tuple[float, float, float, int]:
    if summed:
        right, wrong, missing = (sum(column) for column in zip(*counts, strict=True))
        precision, recall = right / max(right + wrong, 1), right / max(right + missing, 1)
    else:
        given = [tp / (tp + fp) for tp, fp, _ in counts if tp + fp > 0]
        wanted = [tp / (tp + fn) for tp, _, fn in counts if tp + fn > 0]
        precision, recall = float(np.mean(given or [0])), float(np.mean(wanted or [0]))
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall, len(counts)
