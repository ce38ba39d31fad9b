"""Page of the benchmark as Markdown: what was compared, on what, and a table for each class of pages."""

import os
import platform
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.benchmark.classes import Drawn
from bench.benchmark.intervals import PERCENT, ROUNDS, Interval
from bench.benchmark.peers import Ready
from bench.benchmark.python_worker import TWICE_BELOW
from bench.benchmark.results import Results, Row, by_class, rows

HEAD = """# Beside other extractors

Written by `make bench-extract`: quality and time of the same pages, in one run. Anybody can make it again, on
[public sets or on pages of their own](../how-to/examination.md); what the other extractors need is installed
into `~/.cache/unabridged-bench`, outside the project.
"""

METHOD = """- **Pages in turn.** Each extractor has a process of its own; each page goes through all of them
  before the next one does, so that whatever else the machine does weighs on all alike.
- **ms** are milliseconds of processor time of that process, all its threads. A page that takes less than
  {twice} ms is read twice, and the better time counts. *× ours* is the ratio of the medians of this run.
  Absolute times belong to the machine.
- **F1** is that of 4-word shingles (`bench/scorer.py`). Its {percent} % interval comes from drawing the
  pages again, {rounds:,} times. *F1 less ours* is the difference with its interval on the same drawn pages;
  **bold** where that leaves out 0.
- Ours is timed as shipped, with metadata, HTML and Markdown. Its text is told by models that never saw the
  page's site, as in the examination. The others run with their defaults, comments off; those that take text
  get the page decoded, and HTML that they return is turned into text, both untimed.
- A page that an extractor fails on counts as an empty text, and its time counts.
- newspaper4k is installed without its extras for single languages, and told no language.
"""

COLUMNS = (
    "extractor",
    "F1",
    f"{PERCENT} %",
    "precision",
    "recall",
    "F1 less ours",
    "median ms",
    "p95 ms",
    "× ours",
    "failed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Surroundings of a run. loads: of the machine, before and after; seconds: of the run."""

    began: datetime
    seconds: float
    loads: tuple[float, float]
    left_out: Mapping[str, str]


def page_of(
    results: Results, drawn: Sequence[Drawn], extractors: Sequence[Ready], told: Circumstances
) -> str:
    """Return the whole page."""
    done = drawn[: len(next(iter(results.values())))]
    classes = by_class(results, drawn)
    parts = [
        HEAD,
        _circumstances(told, len(done)),
        METHOD.format(percent=PERCENT, rounds=ROUNDS, twice=TWICE_BELOW),
        _versions(extractors, told.left_out),
        *([f"## All {len(done)} pages\n", _table(rows(results))] if len(classes) > 1 else []),
    ]
    for group, members in classes.items():
        sets = Counter(page.pages.name for page in done if page.group == group)
        drawn_from = ", ".join(f"{count} of {name}" for name, count in sets.items())
        parts += [f"## {group[:1].upper()}{group[1:]}\n", f"Pages: {drawn_from}.\n", _table(rows(members))]
    return "\n".join(parts)


def _circumstances(told: Circumstances, pages: int) -> str:
    before, after = told.loads
    return (
        f"*{told.began:%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}{node_version()}, load {before:.1f} at the start and "
        f"{after:.1f} at the end; {pages} pages in {told.seconds:.0f} seconds*\n"
    )


def node_version() -> str:
    """Return ", Node.js" with its version, "" where there is none."""
    node = shutil.which("node")
    if node is None:
        return ""
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return f", Node.js {done.stdout.strip().removeprefix('v')}"


def _versions(extractors: Iterable[Ready], left_out: Mapping[str, str]) -> str:
    named = dict.fromkeys(f"{one.peer.package} {one.version}" for one in extractors)
    lines = [f"Versions: {', '.join(named)}."]
    if left_out:
        lines += ["", "Left out:", "", *(f"- {label}: {reason}" for label, reason in left_out.items())]
    return "\n".join(lines) + "\n"


def _table(found: Iterable[Row]) -> str:
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in found]
    return "\n".join(lines) + "\n"


def cells(row: Row) -> list[str]:
    """Return the cells of a row, in the order of COLUMNS."""
    return [
        row.label,
        f"{row.rates.f1:.3f}",
        f"{row.bounds.low:.3f}–{row.bounds.high:.3f}",
        f"{row.rates.precision:.3f}",
        f"{row.rates.recall:.3f}",
        _gap(row.gap, row.gap_bounds),
        f"{row.median:.1f}",
        f"{row.p95:.1f}",
        f"{row.ratio:.1f}",
        str(row.failed or ""),
    ]


def _gap(gap: float | None, bounds: Interval | None) -> str:
    if gap is None or bounds is None:
        return ""
    text = f"{gap:+.3f} ({bounds.low:+.3f} to {bounds.high:+.3f})"
    return f"**{text}**" if bounds.excludes_zero else text
