"""The examination: every check over every corpus found, one table, non-zero exit below a floor.

    python -m bench.corpus

Environment: UNABRIDGED_CORPUS (folder), SETS=a,b (only these), SAMPLE=n (pages a set),
FLOORS=none (only print), PEERS=1 (trafilatura, readability-lxml, go-readability beside us),
REPORT=FILE (write the table as Markdown).
"""

import argparse
import importlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.corpora import corpus_folder, page_sets
from bench.extractors import PEERS, STRUCTURE_PEERS, ours, predict, predict_peer
from bench.figures import Figure, below_floor, pooled, read_floors, score_set, with_peers

POOLED = ("wcxb", "trafilatura", "postlight", "fundus")
CHECKS = {  # row -> (folder that must exist, module with `figures(corpus) -> list[Figure]`)
    "feeds": ("feeds", "bench.feeds"),
    "feedparser-cases": ("feedparser-cases", "bench.feed_cases"),
    "ssrf": ("attacks/ssrf-cases.jsonl", "bench.ssrf"),
    "xss": ("attacks/xss-vectors.jsonl", "bench.xss"),
    "site-config": ("site-config", "bench.siteconfig"),
    "structures": ("pages", "bench.structures"),
}


def main() -> int:
    """Run the examination; 0 when every figure reaches its floor."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    folder = corpus_folder()
    console = Console()
    if not folder.is_dir():
        console.print(
            f"No corpora at {folder}: nothing is examined. Name another folder with UNABRIDGED_CORPUS."
        )
        return 0
    started = time.monotonic()
    wanted = frozenset(filter(None, os.environ.get("SETS", "").split(",")))
    figures, crashes = page_figures(folder, wanted, console)
    figures += check_figures(folder, wanted, console)
    floors = {} if os.environ.get("FLOORS") == "none" else read_floors()
    show(figures, floors, console)
    if report := os.environ.get("REPORT"):
        Path(report).write_text(as_markdown(figures, floors), encoding="utf-8")
    fallen = below_floor(figures, floors)
    console.print(f"{len(figures)} figures in {time.monotonic() - started:.0f} s.")
    for figure in fallen:
        console.print(
            f"[red]Below its floor:[/] {figure.name} is {figure.value:.4f}, floor {floors[figure.name]}"
        )
    for crash in crashes:
        console.print(f"[red]Crashed:[/] {crash}")
    return 1 if fallen or crashes else 0


def page_figures(folder: Path, wanted: frozenset[str], console: Console) -> tuple[list[Figure], list[str]]:
    """Score extraction on every page set; also say which pages made it raise."""
    sample = int(os.environ["SAMPLE"]) if os.environ.get("SAMPLE") else None
    figures: list[Figure] = []
    crashes: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for pages in page_sets(folder, wanted, sample):
            console.print(
                f"… {pages.name}: {len(pages.cases)} pages ({pages.left_out} left out)", style="dim"
            )
            predictions = predict(ours, pages.cases, pool)
            crashes += [f"{key}: {row['crash']}" for key, row in predictions.items() if "crash" in row]
            own = score_set(pages, predictions)
            others = {
                peer: score_set(pages, predict_peer(peer, pages.cases, pool))
                for peer in (PEERS if os.environ.get("PEERS") else ())
            }
            figures += with_peers(own, others)
    return figures + pooled(figures, POOLED), crashes


def check_figures(folder: Path, wanted: frozenset[str], console: Console) -> list[Figure]:
    """Run the checks that are not about pages, where their corpora exist."""
    figures: list[Figure] = []
    for name, (path, module) in CHECKS.items():
        if wanted and name not in wanted:
            continue
        if not (folder / path).exists():
            console.print(f"… {name}: no {path}, skipped", style="dim")
            continue
        console.print(f"… {name}", style="dim")
        run: Callable[[Path], Iterable[Figure]] = importlib.import_module(module).figures
        figures += run(folder)
    return figures


def _cells(figure: Figure, floors: dict[str, float], peers: list[str]) -> list[str]:
    floor = floors.get(figure.name)
    theirs = [f"{figure.peers[peer]:.3f}" if peer in figure.peers else "" for peer in peers]
    named = f"{floor:.3f}" if floor is not None else ""
    return [
        figure.part,
        str(figure.cases),
        figure.measure,
        f"{figure.value:.3f}",
        named,
        figure.detail,
        *theirs,
    ]


def _peers_of(figures: list[Figure]) -> list[str]:
    named = dict.fromkeys([*PEERS, *STRUCTURE_PEERS])
    return [peer for peer in named if any(peer in figure.peers for figure in figures)]


HEADINGS = ("set", "cases", "measure", "figure", "floor", "detail")


def show(figures: list[Figure], floors: dict[str, float], console: Console) -> None:
    """Print the one table."""
    peers = _peers_of(figures)
    table = Table(
        title=f"Examination of {platform.machine()} Python {platform.python_version()}", title_style="bold"
    )
    for heading in (*HEADINGS, *peers):
        table.add_column(heading, justify="left" if heading in ("set", "measure", "detail") else "right")
    fallen = {figure.name for figure in below_floor(figures, floors)}
    for figure in figures:
        table.add_row(*_cells(figure, floors, peers), style="red" if figure.name in fallen else None)
    Console(width=None if console.is_terminal else 150, file=sys.stdout).print(table)


def as_markdown(figures: list[Figure], floors: dict[str, float]) -> str:
    """Return the table as Markdown."""
    peers = _peers_of(figures)
    lines = ["| " + " | ".join((*HEADINGS, *peers)) + " |", "|" + "---|" * (len(HEADINGS) + len(peers))]
    lines += ["| " + " | ".join(_cells(figure, floors, peers)) + " |" for figure in figures]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
