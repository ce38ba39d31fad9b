"""`unabridged extract` beside a shell loop of `unabridged read` and a script of eight lines.

    python -m bench.extract_files [--pages 500] [--read 20]

Seconds of processor time, all processes counted, and on the clock, for the same files in one run. The files
are pages of the corpora, by path. The loop reads some of them and is scaled. The command and the script must
find the same texts.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.corpora import corpus_folder, page_sets

SCRIPT = """
import json, sys
from pathlib import Path
from unabridged import extract
with open(sys.argv[2], "w") as out:
    for name in Path(sys.argv[1]).read_text().splitlines():
        article = extract(Path(name))
        out.write(json.dumps({"source": name, "title": article.title, "text": article.text}) + "\\n")
"""
LOOP = 'while read -r file; do "$0" read "$file" --format json > "$2/$(basename "$file").json"; done < "$1"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Result of one way. cpu, clock: seconds."""

    name: str
    files: int
    cpu: float
    clock: float


def corpus_files(count: int) -> list[Path]:
    """Return the files of pages of the corpora, spread over all sets."""
    cases = [case for pages in page_sets(corpus_folder(), frozenset(), None) for case in pages.cases]
    paths = sorted({case.path.resolve() for case in cases})
    return paths[:: max(1, len(paths) // count)][:count]


def measure(name: str, files: int, command: Sequence[str | Path]) -> Measured:
    """Run a command and return what it took, with all that it started."""
    before, began = _children(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Measured(name=name, files=files, cpu=_children() - before, clock=time.monotonic() - began)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def texts(lines: Path) -> list[str]:
    """Return the texts of a file of JSON lines, without articles that have none."""
    found = [json.loads(line)["text"] for line in lines.read_text().splitlines()]
    return [text for text in found if text.strip()]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--read", type=int, default=20, help="Pages that the loop reads.")
    given = parser.parse_args()
    files = corpus_files(given.pages)
    if not files:
        print("There are no corpora: name their folder with UNABRIDGED_CORPUS.")
        return 1
    program = Path(sys.executable).with_name("unabridged")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        everything, some = folder / "all.txt", folder / "some.txt"
        everything.write_text("".join(f"{file}\n" for file in files))
        step = max(1, len(files) // given.read)
        few = files[::step][: given.read]
        some.write_text("".join(f"{file}\n" for file in few))
        (folder / "script.py").write_text(SCRIPT)
        extract: list[str | Path] = [program, "extract", "--from-list", everything]
        found = [
            measure("unabridged extract", len(files), [*extract, "-o", folder / "all.jsonl"]),
            measure(
                "unabridged extract --jobs 1", len(files), [*extract, "-j", "1", "-o", folder / "1.jsonl"]
            ),
            measure(
                "a script of eight lines",
                len(files),
                [sys.executable, folder / "script.py", everything, folder / "script.jsonl"],
            ),
            measure("a shell loop of unabridged read", len(few), ["sh", "-c", LOOP, program, some, folder]),
        ]
        same = texts(folder / "all.jsonl") == texts(folder / "script.jsonl")
        same = same and (folder / "all.jsonl").read_bytes() == (folder / "1.jsonl").read_bytes()
    Console(width=None if sys.stdout.isatty() else 120).print(table_of(found, len(files)))
    print(f"{os.cpu_count()} cores; the same texts: {same}")
    return 0 if same else 1


def table_of(found: Sequence[Measured], pages: int) -> Table:
    """Return the table; times of fewer files are scaled."""
    table = Table(title=f"{pages} HTML files of the corpora")
    for heading in ("what", "files", "CPU s", "clock s", "× the first, by CPU"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for one in found:
        scale = pages / one.files
        ratio = one.cpu * scale / found[0].cpu
        table.add_row(
            one.name, str(one.files), f"{one.cpu * scale:.1f}", f"{one.clock * scale:.1f}", f"{ratio:.1f}"
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
