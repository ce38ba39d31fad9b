"""Near-duplicates on true article texts: recall, precision, CPU an article; an index of many articles.

    python -m bench.duplicates [--sample 50] [--articles 1000000]

Each text of the corpora gets four variants (words and sentences edited, cut, notes above, lines of another
outlet, another form) and, if it has six numbers, a report by the same template with other numbers. Recall:
of pairs of original and variant that share 80 % of their shingles. Precision: of all pairs found, those of
one report. Pairs of different texts that share half of their shingles are reposts in the corpora; they are
not counted. `--articles N` fills a database on disk with the keys of N made articles, one in ten a copy.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from bench.duplicates.index import Filled, fill
from bench.duplicates.measure import Measured, documents, measure
from bench.duplicates.texts import true_texts

SIZES = 3
"""Sizes of the index, a decade apart, the given one the largest."""


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sample", type=int, help="texts of a set at most")
    parser.add_argument("--articles", type=int, default=1_000_000, help="articles of the index; 0: none")
    options = parser.parse_args(arguments)
    console = Console()
    texts = true_texts(sample=options.sample)
    _show(console, measure(documents(texts)))
    if options.articles:
        for size in (options.articles // 10**power for power in reversed(range(SIZES))):
            _show_index(console, fill(size))
    return 0


def _show(console: Console, found: Measured) -> None:
    console.print(f"{found.documents} texts, {found.candidates / found.documents:.1f} candidates a text")
    recall = found.hits / max(found.pairs, 1)
    console.print(f"recall     {recall:.4f} of {found.pairs} pairs with Jaccard 0.8 and more")
    console.print(
        f"precision  {1 - found.wrong / max(found.found, 1):.4f} of {found.found} pairs; "
        f"{found.alike} pairs are reposts in the corpora, not counted"
    )
    console.print(f"CPU        {found.milliseconds:.2f} ms a text, all told")
    for changes, count in Counter(found.missed).most_common(5):
        console.print(f"missed     {count} × {changes}")


def _show_index(console: Console, filled: Filled) -> None:
    console.print(
        f"{filled.articles:,} articles: {filled.milliseconds:.3f} ms of CPU for one of the last, "
        f"{filled.bytes_each:.0f} bytes an article, {filled.found} of {filled.copies} copies found"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
