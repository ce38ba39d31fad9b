"""Bulk work over sites with many pages: in one pass, in two, with profiles brought along, and the peer's.

    python -m bench.bulk_sites [--longest 200] [--rounds 2]

The WARC files hold the pages of the corpora's sites with five pages or more, and pages made from them
(`bench.site_shards`). Every way runs in a process of its own, one after the other, in several rounds; CPU is
that of all its processes, start included, in its best round. F1 is that of the real pages in the same
outputs; our models never saw their sites.
"""

import argparse
import gzip
import pickle
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from bench.bulk import Measured, datatrove_with, measure, slug
from bench.folds import models_for
from bench.scorer import Rates, match_text, text_rates
from bench.site_shards import SiteShard, write_shards
from unabridged.bulk.shard import Job, SiteOptions, extract_shard, profiles_path, report_path
from unabridged.bulk.sites.profiles import merged, write_profiles
from unabridged.extraction.selection.networks import use_models

PEER = "datatrove + trafilatura"
SHARDS, PROFILES = "shards.pickle", "profiles.jsonl"
"""Files beside the WARC files: what they hold, and the profiles that the run in two passes saved."""


def ours(folder: Path, out: Path, sites: SiteOptions) -> int:
    """Run ours over all files, each with models that never saw its sites; returns the articles."""
    shards: list[SiteShard] = pickle.loads((folder / SHARDS).read_bytes())
    articles = 0
    targets = [out / f"{shard.path.name}.jsonl" for shard in shards]
    for shard, target in zip(shards, targets, strict=True):
        with use_models(models_for(shard.case.url, shard.case.host, shard.case.key)):
            articles += extract_shard(
                Job(source=shard.path, target=target, format="jsonl", sites=sites)
            ).articles
    if sites.save:
        write_profiles(folder / PROFILES, merged({}, map(profiles_path, targets), frozenset()).values())
    return articles


WAYS: dict[str, Callable[[Path, Path], int]] = {
    "ours, one pass": lambda folder, out: ours(folder, out, SiteOptions(learn=False)),
    "ours, two passes": lambda folder, out: ours(folder, out, SiteOptions(save=True)),
    "ours, profiles brought along": lambda folder, out: ours(
        folder, out, SiteOptions(learn=False, profiles=folder / PROFILES)
    ),
    PEER: lambda folder, out: datatrove_with("trafilatura", folder, out, 1),
}


def texts_of(out: Path) -> dict[str, str]:
    """Return URL -> text of the outputs of one way."""
    found = {}
    for path in out.glob("*.jsonl*"):
        if ".report" in path.name or ".profiles" in path.name:
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for row in map(orjson.loads, data.splitlines()):
            found[row.get("url") or row["metadata"]["url"]] = row["text"]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Result of one way. scores: of its real pages. by_profile: pages read by their site's profile."""

    best: Measured
    scores: Rates
    by_profile: int


def outcome_of(best: Measured, out: Path, shards: Sequence[SiteShard]) -> Outcome:
    """Score the output of one way."""
    texts = texts_of(out)
    matches = [
        match_text(case.truth["text"], texts.get(url, ""))
        for shard in shards
        for url, case in shard.real.items()
    ]
    reports = [report_path(out / f"{shard.path.name}.jsonl") for shard in shards]
    by_profile = sum(orjson.loads(path.read_bytes())["by_profile"] for path in reports if path.exists())
    return Outcome(best=best, scores=text_rates(matches), by_profile=by_profile)


def table_of(found: Sequence[Outcome], shards: Sequence[SiteShard]) -> Table:
    """Return the table; ratios are of pages a second of CPU to the peer's."""
    pages = sum(shard.pages for shard in shards)
    real = sum(len(shard.real) for shard in shards)
    sites = sum(shard.sites for shard in shards)
    table = Table(title=f"{pages:,} pages of {sites} sites; F1 of {real} of them")
    for heading in (
        "what",
        "texts",
        "by profile",
        "pages/CPU s",
        "× the peer",
        "F1",
        "precision",
        "recall",
        "MB",
    ):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    peer = next((one.best.cpu for one in found if one.best.name == PEER), None)
    for one in found:
        table.add_row(
            one.best.name,
            f"{one.best.articles:,}",
            f"{one.by_profile:,}" if one.by_profile else "",
            f"{pages / one.best.cpu:.1f}",
            f"{peer / one.best.cpu:.1f}" if peer else "",
            *(f"{rate:.4f}" for rate in (one.scores.f1, one.scores.precision, one.scores.recall)),
            f"{one.best.peak / 1e6:.0f}",
        )
    return table


def rounds(folder: Path, outputs: Path, count: int, console: Console) -> dict[str, Measured]:
    """Run all ways in turn, so many times; returns the best of each."""
    best: dict[str, Measured] = {}
    for number in range(count):
        for name in WAYS:
            outcome = measure(name, folder, outputs / f"{slug(name)}-{number}", program="bench.bulk_sites")
            if not isinstance(outcome, Measured):
                console.print(f"{name}: left out ({outcome})", markup=False)
            elif name not in best or outcome.cpu < best[name].cpu:
                best[name] = outcome
    return best


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--longest", type=int, default=200, help="pages of the site with the most")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(WAYS[given.way](given.folder, given.out))
        return 0
    console = Console(width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory() as temporary:
        folder, outputs = Path(temporary) / "in", Path(temporary) / "out"
        folder.mkdir()
        shards = write_shards(folder, least=5, longest=given.longest)
        if not shards:
            console.print("There are no sites: name the corpora's folder with UNABRIDGED_CORPUS.")
            return 1
        (folder / SHARDS).write_bytes(pickle.dumps(shards))
        best = rounds(folder, outputs, given.rounds, console)
        found = [outcome_of(one, outputs / f"{slug(name)}-0", shards) for name, one in best.items()]
        console.print(table_of(found, shards))
    return 0


if __name__ == "__main__":
    sys.exit(main())
