"""Speed of extraction beside peers: same pages, one process, one run, by class of page.

    python -m bench.speed [--pages 60] [--flat 0] [--linear]

CPU milliseconds a page (median, 95th percentile) and the ratio of the medians to ours, over all pages and for
each class of `bench/benchmark/classes.py`. Every page goes through all extractors in turn before the next
one does, so that whatever else the machine does weighs on all alike. `--pages` pages of each class are drawn
with a fixed seed. `--flat N` also extracts N pages in a row and prints the memory on the way; `--linear`
prints cost against page size up to 10 MB.
"""

import argparse
import contextlib
import gc
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

import turbohtml
from rich.console import Console
from rich.table import Table

from bench.benchmark.classes import draw
from bench.corpora import corpus_folder
from unabridged.errors import UnabridgedError
from unabridged.extraction import extract
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.select import select, selection_text

Extractor = Callable[[bytes, str | None], object]
Page = tuple[bytes, str | None]
Times = dict[str, dict[str, list[float]]]
"""Extractor -> class of page -> milliseconds of each page."""


def ours(html: bytes, url: str | None) -> object:
    try:
        return extract(html, url=url)
    except UnabridgedError:
        return None


def ours_text(html: bytes, url: str | None) -> object:
    return selection_text(select(parse(html)))


def bare_parse(html: bytes, url: str | None) -> object:
    return turbohtml.parse(html)


def peers() -> dict[str, tuple[str, Extractor]]:
    """Return the peers that are installed: label -> (package, extractor)."""
    found: dict[str, tuple[str, Extractor]] = {}
    try:
        import trafilatura

        def standard(html: bytes, url: str | None) -> object:
            return trafilatura.extract(html, url=url, include_comments=False)

        def with_metadata(html: bytes, url: str | None) -> object:
            return trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)

        def fast(html: bytes, url: str | None) -> object:
            return trafilatura.extract(html, url=url, include_comments=False, fast=True)

        found["trafilatura, with metadata"] = ("trafilatura", with_metadata)
        found["trafilatura, text"] = ("trafilatura", standard)
        found["trafilatura, fast"] = ("trafilatura", fast)
    except ImportError:
        pass
    try:
        from readability import Document

        def readability(html: bytes, url: str | None) -> object:
            return Document(html.decode("utf-8", "replace")).summary()

        found["readability-lxml"] = ("readability-lxml", readability)
    except ImportError:
        pass
    try:
        from resiliparse.extract.html2text import extract_plain_text

        def resiliparse(html: bytes, url: str | None) -> object:
            return extract_plain_text(html.decode("utf-8", "replace"), main_content=True)

        found["resiliparse"] = ("resiliparse", resiliparse)
    except ImportError:
        pass
    return found


def cpu_milliseconds(function: Extractor, html: bytes, url: str | None) -> float:
    """Return what one page costs an extractor, the better of two tries."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        with contextlib.suppress(Exception):  # a peer that fails on a page still took its time
            function(html, url)
        best = min(best, time.process_time() - began)
    return best * 1000


def extractors() -> dict[str, tuple[str, Extractor]]:
    """Return all extractors, ours first: label -> (package, extractor)."""
    return {
        "Unabridged, all (metadata, HTML, Markdown)": ("unabridged", ours),
        "Unabridged, choosing the text": ("unabridged", ours_text),
        **peers(),
        "turbohtml, bare parse": ("turbohtml", bare_parse),
    }


def measure(pages: dict[str, list[Page]], rows: dict[str, tuple[str, Extractor]]) -> Times:
    """Return the times of all extractors on all pages. pages: of each class."""
    spent: Times = {label: {group: [] for group in pages} for label in rows}
    for function in (function for _, function in rows.values()):  # the very first page warms up
        cpu_milliseconds(function, *next(iter(pages.values()))[0])
    for group, members in pages.items():
        for page in members:
            for label, (_, function) in rows.items():
                spent[label][group].append(cpu_milliseconds(function, *page))
    return spent


def speed_table(spent: Times, rows: dict[str, tuple[str, Extractor]]) -> Table:
    """Return the table of CPU times over all pages."""
    whole = {label: sorted(chain.from_iterable(groups.values())) for label, groups in spent.items()}
    reference = next(iter(whole.values()))
    table = Table(
        title=f"CPU a page, {len(reference)} pages, {platform.machine()}, Python {platform.python_version()}"
    )
    for heading in ("extractor", "version", "median ms", "p95 ms", "ours is faster"):
        table.add_column(heading, justify="left" if heading in ("extractor", "version") else "right")
    for label, times in whole.items():
        p95 = times[int(len(times) * 0.95)]
        ratio = statistics.median(times) / statistics.median(reference)
        table.add_row(
            label, _release(rows[label][0]), f"{statistics.median(times):.2f}", f"{p95:.2f}", f"{ratio:.1f} ×"
        )
    return table


def class_table(spent: Times) -> Table:
    """Return the median of each extractor on each class of page, and its ratio to ours."""
    reference = next(iter(spent.values()))
    table = Table(title="Median CPU ms a page by class of page, and how often ours fits in it")
    table.add_column("extractor")
    for group, times in reference.items():
        table.add_column(f"{group} ({len(times)})", justify="right")
    for label, groups in spent.items():
        medians = {group: statistics.median(times) for group, times in groups.items()}
        cells = (
            f"{ms:.1f} ({ms / statistics.median(reference[group]):.2f} ×)" for group, ms in medians.items()
        )
        table.add_row(label, *cells)
    return table


def _beside(times: list[float], reference: list[float]) -> str:
    ours, median = statistics.median(reference), statistics.median(times)
    return f"{median:.1f} ({median / ours:.2f} ×)"


def _release(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def resident_megabytes() -> float:
    """Return the memory that the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def flat_table(pages: list[Page], count: int) -> Table:
    """Return memory while `count` pages are extracted in a row."""
    table = Table(title=f"Memory over {count:,} pages in one process")
    for heading in ("pages", "resident MB"):
        table.add_column(heading, justify="right")
    for number in range(count + 1):
        if number % max(1, count // 5) == 0:
            gc.collect()
            table.add_row(f"{number:,}", f"{resident_megabytes():.0f}")
        ours(*pages[number % len(pages)])
    return table


def linear_table() -> Table:
    """Return cost against size: one page's body repeated up to 10 MB."""
    table = Table(title="Cost against page size (an article's body repeated)")
    for heading in ("MB", "CPU s", "CPU s a MB"):
        table.add_column(heading, justify="right")
    body = b"".join(f"<p>{n} {'word of a long story, ' * 12}</p>".encode() for n in range(100))
    for size in (0.1, 0.5, 1, 2, 5, 10):
        html = (
            b"<html><body><article>"
            + body * max(1, int(size * 1e6 / len(body)))
            + b"</article></body></html>"
        )
        began = time.process_time()
        ours(html, None)
        spent = time.process_time() - began
        table.add_row(f"{len(html) / 1e6:.1f}", f"{spent:.2f}", f"{spent / (len(html) / 1e6):.3f}")
    return table


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--flat", type=int, default=0)
    parser.add_argument("--linear", action="store_true")
    args = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 160)
    pages: dict[str, list[Page]] = {}
    for drawn in draw(corpus_folder(), frozenset(), args.pages):
        pages.setdefault(drawn.group, []).append((drawn.case.read(), drawn.case.url))
    if not pages:
        console.print(f"No pages at {corpus_folder()}: name a folder of corpora with UNABRIDGED_CORPUS.")
        return 1
    rows = extractors()
    spent = measure(pages, rows)
    console.print(speed_table(spent, rows))
    console.print(class_table(spent))
    if args.flat:
        console.print(flat_table([page for members in pages.values() for page in members], args.flat))
    if args.linear:
        console.print(linear_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
