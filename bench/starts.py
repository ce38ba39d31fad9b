"""CPU seconds of short-lived programs: commands, and a script that extracts one page; a peer beside them.

    python -m bench.starts [--runs 11] [--page FILE]

Every program is started in turn, then all of them again; user and system time are those of the process and
its children, as the system counts them. The first round, which compiles modules and fills the disk's cache,
is not counted. The archive of `list` has 20 feeds. The page is one of plain news from the corpora, or a
test's page where there are none.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.benchmark.classes import draw
from bench.corpora import ROOT, corpus_folder

PROMISED = {
    "unabridged --help": 0.1,
    "unabridged list": 0.35,
    "unabridged read FILE": 0.5,
    "import, extract": 0.4,
}
"""Seconds of CPU at most, on a machine with nothing else to do."""
FEEDS = 20
OTHER_PAGE = ROOT / "tests" / "extraction" / "cases" / "transcript-in-figure-dialog" / "page.html"
OURS = "import sys, unabridged; unabridged.extract(open(sys.argv[1], 'rb').read())"
PEER = "import sys, trafilatura; trafilatura.extract(open(sys.argv[1], 'rb').read())"


def programs(folder: Path, page: Path) -> dict[str, list[str]]:
    """Return the programs: name -> command. folder: of the archive, which is made here."""
    database = folder / "archive.db"
    opml = folder / "feeds.opml"
    feeds = "".join(f'<outline type="rss" xmlUrl="https://{n}.example.org/feed"/>' for n in range(FEEDS))
    opml.write_text(f'<opml version="2.0"><body>{feeds}</body></opml>', encoding="utf-8")
    python = [sys.executable]
    command = [*python, "-m", "unabridged"]
    subprocess.run([*command, "-q", "-d", str(database), "import", str(opml)], check=True, env=environment())
    found = {
        "python -c pass": [*python, "-c", "pass"],
        "import numpy": [*python, "-c", "import numpy"],
        "unabridged --help": [*command, "--help"],
        "unabridged list": [*command, "-d", str(database), "list"],
        "unabridged read FILE": [*command, "read", str(page)],
        "import, extract": [*python, "-c", OURS, str(page)],
    }
    if find_spec("trafilatura"):
        found["trafilatura: import, extract"] = [*python, "-c", PEER, str(page)]
    return found


def environment() -> dict[str, str]:
    """Return the environment of the programs: compiled modules are kept, whatever the surroundings say."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(command: Sequence[str]) -> float:
    """Return the CPU time of a program. Raises CalledProcessError if it fails."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime


def measure(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[float]]:
    """Return the CPU times of every program, in the order of the rounds."""
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for counted in (False, *[True] * runs):
        for name, command in commands.items():
            seconds = cpu_seconds(command)
            if counted:
                spent[name].append(seconds)
    return spent


def starts_table(spent: Mapping[str, Sequence[float]]) -> Table:
    """Return the table: median and least CPU time, the ratio to `import numpy`, and what is promised."""
    unit = statistics.median(spent["import numpy"])
    table = Table(title=f"CPU of a start, {len(spent['import numpy'])} rounds")
    table.add_column("program")
    for heading in ("median s", "least s", "of numpy's import", "promised s"):
        table.add_column(heading, justify="right")
    for name, times in spent.items():
        median = statistics.median(times)
        promised = f"{PROMISED[name]:.2f}" if name in PROMISED else ""
        table.add_row(name, f"{median:.3f}", f"{min(times):.3f}", f"{median / unit:.1f} ×", promised)
    return table


def usual_page(folder: Path) -> Path:
    """Return a page of plain news, unpacked into a folder."""
    drawn = next(iter(draw(corpus_folder(), frozenset(), 1)), None)
    if drawn is None:
        return OTHER_PAGE
    page = folder / "page.html"
    page.write_bytes(drawn.case.read())
    return page


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--page", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spent = measure(programs(folder, args.page or usual_page(folder)), args.runs)
    Console(width=None if sys.stdout.isatty() else 120).print(starts_table(spent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
