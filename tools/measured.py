"""Writes docs/why/measured.md: tables of the examination, the benches and the long tests, as measured here.

    python tools/measured.py              every part, which takes an hour or two
    python tools/measured.py PART…        only these; the others stay as they are: examination, speed, …

Each part names its day and machine. The peers must be installed (`make measured` sees to it).
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "why" / "measured.md"

HEAD = """# What was measured

Written by `make measured`, part by part (`make measured PARTS="speed manners"`). Absolute times belong to the
machine and to what else it was doing (its load is named); ratios are of one run.
"""

EXAMINATION = """Scores of 0 to 1. Text F1: shared 4-word shingles, mean over pages; segments F1: text that
must and must not appear. Pages whose hosts took part in training are read by models that never saw that host
(five folds by registrable domain); all others by the models as shipped. Weights of titles, days and authors
were learnt on all of these pages: [metadata](metadata.md) gives the figures across halves of the hosts. The
columns on the right are peers on the same pages in the same run.
"""

LONG = """Each test is a sentence that held, or did not. Figures are what the test counted.
"""


def main(wanted: list[str]) -> int:
    """Measure the parts and put them on the page; returns an exit code."""
    if unknown := set(wanted) - set(PARTS):
        print(
            f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.", file=sys.stderr
        )
        return 2
    for name in wanted or PARTS:
        title, measure = PARTS[name]
        print(f"… {title}", file=sys.stderr)
        began = f"*{_machine()}*"
        put(title, f"{began}\n\n{measure()}")
    return 0


def put(title: str, text: str) -> None:
    """Put one part on the page, in the order of PARTS; parts that nobody knows any more go."""
    parts = dict(read_parts(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else {}
    parts[title] = text.strip()
    titles = [known for known, _ in PARTS.values() if known in parts]
    sections = [f"## {known}\n\n{parts[known]}\n" for known in titles]
    PAGE.write_text("\n".join([HEAD, *sections]), encoding="utf-8")


def read_parts(page: str) -> Iterator[tuple[str, str]]:
    """The titles and texts of a page's parts."""
    for piece in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        title, _, text = piece.partition("\n")
        yield title.strip(), text.strip()


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC).date()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def run(words: list[str], environ: Mapping[str, str] | None = None) -> str:
    """Run a bench and return what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "110", **(environ or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def examination() -> str:
    """The table of `make corpus PEERS=1`."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "corpus.md"
        run(["-m", "bench.corpus"], {"PEERS": "1", "REPORT": str(report)})
        return f"{EXAMINATION}\n{report.read_text(encoding='utf-8')}"


def long_tests() -> str:
    """The table of `make long`: every test, whether it held, seconds, and what it counted."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "long.xml"
        run(["-m", "pytest", "-q", "-n", "2", "-m", "long", "-p", "no:randomly", f"--junitxml={report}"])
        cases = ElementTree.parse(report).getroot().iter("testcase")
        rows = [_row(case) for case in cases]
    return "\n".join([LONG, "| test | held | seconds | figures |", "|---|---|---|---|", *rows])


def _row(case: ElementTree.Element) -> str:
    held = "no" if case.find("failure") is not None or case.find("error") is not None else "yes"
    held = "skipped" if case.find("skipped") is not None else held
    sentence = case.get("name", "").removeprefix("test_").replace("_", " ")
    figures = "; ".join(f"{one.get('name')}: {one.get('value')}" for one in case.iter("property"))
    return f"| {sentence} | {held} | {float(case.get('time', 0)):.0f} | {figures} |"


def printed(*words: str) -> Callable[[], str]:
    """A part that is what a bench prints."""
    return lambda: f"```\n{run(list(words))}\n```"


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "examination": ("The examination: `make corpus PEERS=1`", examination),
    "speed": (
        "Speed of extraction: `make bench`",
        printed("-m", "bench.speed", "--flat", "2000", "--linear"),
    ),
    "manners": ("Manners: `make bench-manners`", printed("-m", "bench.manners")),
    "reader": (
        "The reader beside Miniflux: `make bench-reader`",
        printed("-m", "bench.reader"),
    ),
    "doors": ("APIs of reader apps: `make bench-doors`", printed("-m", "bench.doors")),
    "whole-feeds": (
        "Full-text versions of feeds beside morss: `make bench-whole-feeds`",
        printed("-m", "bench.full_text_feeds"),
    ),
    "long": ("Long tests: `make long`", long_tests),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
