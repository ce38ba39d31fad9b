"""The benchmark: quality and CPU time of extractors, ours first, on the same pages in one run.

    python -m bench.benchmark [--write] [--seconds 270] [--only trafilatura]

Environment: UNABRIDGED_CORPUS (folder), SETS=a,b (only these), SAMPLE=n (pages of each class, default 40).
Prints the page as Markdown; --write also puts it into docs/why/benchmark.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.benchmark.classes import draw
from bench.benchmark.page import Circumstances, page_of
from bench.benchmark.peers import OURS, PEERS, PROJECT, LeftOutError, Ready, ready
from bench.benchmark.results import run
from bench.benchmark.workers import check
from bench.corpora import corpus_folder

PAGE = PROJECT / "docs" / "why" / "benchmark.md"
SAMPLE = 40


def main() -> int:
    """Run from the command line; 1 where there are no pages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(PROJECT)}")
    parser.add_argument("--seconds", type=float, default=270, help="no page is begun after these")
    parser.add_argument("--only", action="append", default=[], help="an extractor beside ours, by its label")
    given = parser.parse_args()
    wanted = frozenset(filter(None, os.environ.get("SETS", "").split(",")))
    drawn = draw(corpus_folder(), wanted, int(os.environ.get("SAMPLE") or SAMPLE))
    if not drawn:
        print(f"No pages with whole texts at {corpus_folder()}: see docs/how-to/examination.md.")
        return 1
    extractors, left_out = prepared(given.only)
    began, load, clock = datetime.now(UTC), os.getloadavg()[0], time.monotonic()
    results = run(extractors, drawn, given.seconds, lambda done: _tell(done, len(drawn)))
    told = Circumstances(
        began=began,
        seconds=time.monotonic() - clock,
        loads=(load, os.getloadavg()[0]),
        left_out=left_out,
    )
    page = page_of(results, drawn, extractors, told)
    print(page)
    if given.write:
        Path(PAGE).write_text(page, encoding="utf-8")
    return 0


def prepared(only: Sequence[str] = ()) -> tuple[list[Ready], dict[str, str]]:
    """Return the extractors that can run here, ours first, and why others cannot.

    only: labels of the others, empty for all.
    """
    found, left_out = [], {}
    for peer in PEERS:
        if only and peer.label not in (OURS, *only):
            continue
        try:
            one = ready(peer)
            check(one)
            found.append(one)
        except LeftOutError as error:
            left_out[peer.label] = str(error)
            print(f"… without {peer.label}: {error}", file=sys.stderr)
    if not found or found[0].peer.label != OURS:
        raise SystemExit("Unabridged itself is not installed: run `make setup`.")
    return found, left_out


def _tell(done: int, pages: int) -> None:
    if done % 10 == 0 or done == pages:
        print(f"… {done} of {pages} pages", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
