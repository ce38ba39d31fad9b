"""Bulk work beside datatrove with trafilatura: the same WARC files, one run, one table.

    python -m bench.bulk [--pages 2000] [--files 8]

Pages a second on the clock and a second of CPU (all processes counted), and the memory of all processes at
their peak. The files hold pages of the corpora. Ours runs in one and in two processes, as a block of
datatrove, and on a Ray cluster of two nodes of which one is killed midway: its output must be the same byte
for byte. Rows whose package is not installed are left out and named.
"""

import argparse
import asyncio
import gzip
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.warcs import corpus_pages, write_warc
from bench.watchman import Watchman
from unabridged.bulk.ray_cluster import run_on_ray
from unabridged.bulk.run import Shard, jobs_of, run_local
from unabridged.bulk.shard import Filters, Job, ShardReport

PEER = "datatrove + trafilatura, 2 processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Result of one way of running. seconds: wall clock; cpu: of all its processes; peak: bytes."""

    name: str
    articles: int
    seconds: float
    cpu: float
    peak: int


# One way of running each, in a process of its own, so that its memory is its own


def ours(folder: Path, out: Path, workers: int) -> int:
    """Run ours on this machine; returns the articles."""
    return _articles(asyncio.run(run_local(jobs(folder, out), workers=workers, watch=_silent)))


def ours_on_ray(folder: Path, out: Path) -> int:
    """Run ours on a cluster of two nodes; the second dies when the first file is done."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = cluster.add_node(num_cpus=1)
    finished = threading.Event()

    def kill() -> None:
        if finished.wait(600):
            cluster.remove_node(second, allow_graceful=False)

    def watch(shard: Shard) -> None:
        if shard.outcome is not None:
            finished.set()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    shards = run_on_ray(jobs(folder, out), address=cluster.address, watch=watch)
    killer.join(60)
    cluster.shutdown()
    return _articles(shards)


def datatrove_with(block: str, folder: Path, out: Path, workers: int) -> int:
    """Run a datatrove pipeline with trafilatura's extractor, or with ours."""
    from datatrove.executor.local import LocalPipelineExecutor
    from datatrove.pipeline.extractors.trafilatura import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import JsonlWriter

    from unabridged.bulk.datatrove import Unabridged

    extractor = Trafilatura(timeout=10) if block == "trafilatura" else Unabridged(timeout=10)
    LocalPipelineExecutor(
        pipeline=[
            WarcReader(str(folder), glob_pattern="*.warc.gz"),
            extractor,
            JsonlWriter(str(out)),
        ],
        tasks=len(list(folder.glob("*.warc.gz"))),
        workers=workers,
        logging_dir=str(out / "logs"),
    ).run()
    return sum(gzip.open(file).read().count(b"\n") for file in out.glob("*.jsonl.gz"))


def jobs(folder: Path, out: Path) -> tuple[Job, ...]:
    """Return ours as JSON lines, as datatrove writes."""
    return jobs_of([folder], out, format="jsonl", filters=Filters(), page_seconds=10)


def _articles(shards: Sequence[Shard]) -> int:
    reports = [shard.outcome for shard in shards]
    assert all(isinstance(report, ShardReport) for report in reports), reports
    return sum(report.articles for report in reports if isinstance(report, ShardReport))


def _silent(shard: Shard) -> None:
    pass


WAYS: dict[str, tuple[str, Callable[[Path, Path], int]]] = {
    "ours, 1 process": ("unabridged", lambda folder, out: ours(folder, out, 1)),
    "ours, 2 processes": ("unabridged", lambda folder, out: ours(folder, out, 2)),
    "ours on Ray, 2 nodes, one killed": ("ray", ours_on_ray),
    "datatrove + ours, 2 processes": (
        "datatrove",
        lambda folder, out: datatrove_with("ours", folder, out, 2),
    ),
    PEER: ("datatrove", lambda folder, out: datatrove_with("trafilatura", folder, out, 2)),
}


def measure(name: str, folder: Path, out: Path, *, program: str = "bench.bulk") -> Measured | str:
    """Run one way in a process of its own; returns what it came to, or why it was left out."""
    watchman = Watchman(others=frozenset())
    before = watchman.cpu()
    command = [sys.executable, "-m", program, "--way", name, "--folder", str(folder), "--out", str(out)]
    began = time.monotonic()
    with watchman.watching():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    return Measured(
        name=name,
        articles=int(done.stdout.strip().splitlines()[-1]),
        seconds=seconds,
        cpu=watchman.cpu() - before,
        peak=watchman.peak,
    )


def same_output(one: Path, other: Path) -> bool:
    """Say whether two folders of ours hold the same articles, byte for byte."""
    files = sorted(file.name for file in one.glob("*.jsonl"))
    return files == sorted(file.name for file in other.glob("*.jsonl")) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in files
    )


def table_of(found: Sequence[Measured], pages: int, outputs: Path) -> Table:
    """Return the table; ratios are of pages a second of CPU to the peer's."""
    table = Table(title=f"{pages:,} pages of the corpora as WARC files")
    for heading in ("what", "texts", "pages/s", "pages/CPU s", "× the peer", "peak MB", "output"):
        table.add_column(heading, justify="left" if heading in ("what", "output") else "right")
    peer = next((one for one in found if one.name == PEER), None)
    reference = outputs / slug("ours, 1 process")
    for one in found:
        ratio = f"{peer.cpu / one.cpu:.1f}" if peer else ""
        same = ""
        if one.name.startswith("ours") and one.name != "ours, 1 process":
            same = "the same bytes" if same_output(reference, outputs / slug(one.name)) else "[red]differs"
        table.add_row(
            one.name,
            f"{one.articles:,}",
            f"{pages / one.seconds:.1f}",
            f"{pages / one.cpu:.1f}",
            ratio,
            f"{one.peak / 1e6:.0f}",
            same,
        )
    return table


def slug(name: str) -> str:
    """Return a folder's name for a way of running."""
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(WAYS[given.way][1](given.folder, given.out))
        return 0
    console = Console(width=None if sys.stdout.isatty() else 140)
    pages = corpus_pages(given.pages)
    if not pages:
        console.print("There are no corpora: name their folder with UNABRIDGED_CORPUS.")
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        folder, outputs = Path(temporary) / "in", Path(temporary) / "out"
        folder.mkdir()
        for number in range(given.files):
            write_warc(folder / f"crawl-{number}.warc.gz", pages[number :: given.files])
        found: list[Measured] = []
        for name in WAYS:
            outcome = measure(name, folder, outputs / slug(name))
            if isinstance(outcome, Measured):
                found.append(outcome)
            else:
                console.print(f"{name}: left out ({outcome})", markup=False)
        console.print(table_of(found, len(pages), outputs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
