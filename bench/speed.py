"""Speed of extraction beside peers: same pages, one process, one run, one table.

    python -m bench.speed [--pages 300] [--flat 0] [--linear]

CPU milliseconds a page (median, 95th percentile) and the ratio of the medians to ours. Every page goes
through all extractors in turn before the next one does, so that whatever else the machine does weighs on all
alike. Pages are drawn with a fixed seed from all sets of the corpora. `--flat N` also extracts N pages in a
row and prints the memory on the way; `--linear` prints cost against page size up to 10 MB.
"""

import argparse
import contextlib
import gc
import platform
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import turbohtml
from rich.console import Console
from rich.table import Table

from bench.corpora import Case, corpus_folder, page_sets
from unabridged.errors import UnabridgedError
from unabridged.extraction import extract
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.select import select, selection_text

Extractor = Callable[[bytes, str | None], object]


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

        found["trafilatura, text"] = ("trafilatura", standard)
        found["trafilatura, with metadata"] = ("trafilatura", with_metadata)
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


def draw(count: int) -> list[tuple[bytes, str | None]]:
    """Return pages drawn evenly from all sets, with a fixed seed."""
    cases: list[Case] = [
        case for pages in page_sets(corpus_folder(), frozenset(), None) for case in pages.cases
    ]
    cases = list({case.path: case for case in cases}.values())
    return [(case.read(), case.url) for case in random.Random(7).sample(cases, min(count, len(cases)))]


def speed_table(pages: list[tuple[bytes, str | None]]) -> Table:
    """Return the table of CPU times beside peers."""
    rows: dict[str, tuple[str, Extractor]] = {
        "Unabridged, all (metadata, HTML, Markdown)": ("unabridged", ours),
        "Unabridged, choosing the text": ("unabridged", ours_text),
        **peers(),
        "turbohtml, bare parse": ("turbohtml", bare_parse),
    }
    table = Table(
        title=f"CPU a page, {len(pages)} pages, {platform.machine()}, Python {platform.python_version()}"
    )
    for heading in ("extractor", "version", "median ms", "p95 ms", "ours is faster"):
        table.add_column(heading, justify="left" if heading in ("extractor", "version") else "right")
    spent: dict[str, list[float]] = {label: [] for label in rows}
    for place, page in enumerate([pages[0], *pages]):
        for label, (_, function) in rows.items():
            milliseconds = cpu_milliseconds(function, *page)
            if place:  # the very first page warms up
                spent[label].append(milliseconds)
    reference = statistics.median(next(iter(spent.values())))
    for label, (package, _) in rows.items():
        times = sorted(spent[label])
        median = statistics.median(times)
        try:
            release = version(package)
        except PackageNotFoundError:
            release = ""
        p95 = times[int(len(times) * 0.95)]
        table.add_row(label, release, f"{median:.2f}", f"{p95:.2f}", f"{median / reference:.1f} ×")
    return table


def resident_megabytes() -> float:
    """Return the memory that the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def flat_table(pages: list[tuple[bytes, str | None]], count: int) -> Table:
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


def linear_table(pages: list[tuple[bytes, str | None]]) -> Table:
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
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--flat", type=int, default=0)
    parser.add_argument("--linear", action="store_true")
    args = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120)
    pages = draw(args.pages)
    if not pages:
        console.print(f"No pages at {corpus_folder()}: name a folder of corpora with UNABRIDGED_CORPUS.")
        return 1
    console.print(speed_table(pages))
    if args.flat:
        console.print(flat_table(pages, args.flat))
    if args.linear:
        console.print(linear_table(pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
