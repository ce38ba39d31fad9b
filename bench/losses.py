"""Losses of text: pages by their own F1, and whether there is too much or too little of it.

    python -m bench.losses          the two tables of docs/why/extraction.md, as Markdown
    python -m bench.losses --worst=20 SET    the worst pages of a set, with the first lines that are wrong

Models never saw a page's site; titles count where a set's truths begin with them.
"""

import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.corpora import Case, PageSet, corpus_folder, page_sets
from bench.extractors import ours, predict
from bench.figures import as_truth
from bench.scorer import SegmentCounts, TextMatch, count_segments, match_text

SETS = frozenset(
    "fundus|wcxb article|daniel|trafilatura|sites andy|sites dragnet|zhweb|magic_article zh|"
    "wcxb documentation|wcxb forum".split("|")
)
BOUNDS = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0))
LINES = 5
"""Lines shown of what is missing or too much on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One page. counts: parts right, wrong and missing; f1 of them; text: what we gave."""

    case: Case
    f1: float
    counts: tuple[float, float, float]
    text: str

    @property
    def is_excess(self) -> bool:
        return self.counts[1] >= self.counts[2]


def main(arguments: list[str]) -> int:
    """Print the tables, or the worst pages of the sets named."""
    worst = next((int(a.partition("=")[2]) for a in arguments if a.startswith("--worst=")), 0)
    named = frozenset(a for a in arguments if not a.startswith("-"))
    found: dict[str, list[Loss]] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for pages in page_sets(corpus_folder(), named, None):
            if pages.name in (named or SETS):
                found[pages.name] = list(losses(pages, predict(ours, pages.cases, pool)))
    for lines in (worst_pages(found, worst),) if worst else (figures(found), kinds(found)):
        print("\n".join(lines), end="\n\n")
    return 0


def losses(pages: PageSet, predictions: dict[str, dict[str, Any]]) -> Iterable[Loss]:
    """Score every page of a set by itself."""
    whole_texts = any("text" in case.truth for case in pages.cases)
    for case in pages.cases:
        if whole_texts and not case.truth.get("text"):
            continue  # wcxb has a few pages with segments only
        text = as_truth(pages, predictions[case.key]).get("text") or ""
        if "text" in case.truth:
            found: TextMatch | SegmentCounts = match_text(case.truth["text"], text)
        else:
            found = count_segments(case.truth, text)
        right, wrong, missing = float(found.right), float(found.wrong), float(found.missing)
        whole = 2 * right + wrong + missing
        yield Loss(
            case=case, f1=2 * right / whole if whole else 1.0, counts=(right, wrong, missing), text=text
        )


def figures(found: dict[str, list[Loss]]) -> list[str]:
    """The table of F1, precision and recall by set, as `make corpus` counts them."""
    lines = ["| set | pages | F1 | precision | recall |", "|---|---|---|---|---|"]
    for name, rows in found.items():
        precision, recall = _parts(rows, "text" not in rows[0].case.truth)
        f1 = 2 * precision * recall / (precision + recall)
        lines.append(f"| {name} | {len(rows)} | {f1:.3f} | {precision:.3f} | {recall:.3f} |")
    return lines


def _parts(rows: list[Loss], summed: bool) -> tuple[float, float]:
    counts = [row.counts for row in rows]
    if summed:
        right, wrong, missing = (sum(column) for column in zip(*counts, strict=True))
        return right / (right + wrong), right / (right + missing)
    given = [right / (right + wrong) for right, wrong, _ in counts if right + wrong]
    wanted = [right / (right + missing) for right, _, missing in counts if right + missing]
    return sum(given) / len(given), sum(wanted) / len(wanted)


def kinds(found: dict[str, list[Loss]]) -> list[str]:
    """The table of pages and shares of the loss (1 less the mean F1) by kind."""
    names = [f"{low:g} to {high:g}, too {what}" for low, high in BOUNDS for what in ("much", "little")]
    lines = ["| set | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for name, rows in found.items():
        whole = sum(1 - row.f1 for row in rows) or 1.0
        cells = []
        for low, high in BOUNDS:
            for excess in (True, False):
                part = [
                    1 - row.f1 for row in rows if low <= row.f1 < high and row.is_excess == excess
                ]  # a page that is exactly right has lost nothing
                cells.append(f"{len(part)}: {sum(part) / whole:.0%}" if part else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def worst_pages(found: dict[str, list[Loss]], count: int) -> list[str]:
    """The worst pages with their first lines that are missing or too much."""
    lines = []
    for row in sorted((row for rows in found.values() for row in rows), key=lambda row: row.f1)[:count]:
        lines.append(f"{row.f1:.3f} {row.case.key} {row.case.url or ''}")
        gold = row.case.truth.get("text", "")
        lines += [f"  - {line[:100]}" for line in _lines_not_in(gold, row.text)]
        lines += [f"  + {line[:100]}" for line in _lines_not_in(row.text, gold)]
    return lines


def _lines_not_in(text: str, other: str) -> list[str]:
    joined = " ".join(other.split())
    folded = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in folded if line and line[:60] not in joined][:LINES]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
