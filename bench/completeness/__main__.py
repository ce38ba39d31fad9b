"""Verdicts on completeness: precision and recall by verdict, beside a plain baseline; the site's own measure.

    python -m bench.completeness [--part dev|test] [--sites 40] [--errors 3] [--json FILE] [--workers 2]

Every labelled page of `$UNABRIDGED_CORPUS`, every cut of one and every made page goes through the extraction
as the product runs it. The baseline calls a text without words no article, and one under 150 words truncated.
A corpus without published labels is labelled by its own truths. `--errors N` shows wrong verdicts of the dev
part.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.completeness.cases import LabelledCase
from bench.completeness.labels import LEAST_LABELLED, corpus_cases, derived_labels, labelled_cases, labels
from bench.completeness.made import made_cases
from bench.completeness.measure import KINDS, Answer, Scores, answer, errors, plain, product, score
from bench.completeness.sites import site_answers, site_pages
from bench.corpora import Case

PARTS = ("dev", "test")
SITES = 40


def all_cases() -> tuple[list[LabelledCase], bool]:
    """Return all cases, and whether the corpus is the one with published labels."""
    pages = corpus_cases()
    rows = labels()
    published = sum(row["page"] in pages for row in rows) >= LEAST_LABELLED
    if not published:
        rows = derived_labels(pages)
    return [*labelled_cases(pages, rows), *made_cases()], published


def verdict_table(part: str, answers: Sequence[Answer]) -> Table:
    """Return precision and recall by verdict, the product's beside the baseline's."""
    ours, theirs = score(answers, product), score(answers, plain)
    title = f"{part}: {ours.right} of {ours.cases} right ({ours.right / max(ours.cases, 1):.1%})"
    title += f"; baseline {theirs.right} ({theirs.right / max(theirs.cases, 1):.1%})"
    table = Table(
        "verdict", "labelled", "given", "precision", "recall", "baseline P", "baseline R", title=title
    )
    for kind in KINDS:
        own, other = ours.tallies[kind], theirs.tallies[kind]
        shown = (f"{own.precision:.3f}" if own.said else "–", f"{own.recall:.3f}" if own.labelled else "–")
        beside = (
            f"{other.precision:.3f}" if other.said else "–",
            f"{other.recall:.3f}" if other.labelled else "–",
        )
        table.add_row(kind, str(own.labelled), str(own.said), *shown, *beside)
    return table


def confusion_table(part: str, scores: Scores) -> Table:
    """Return labelled verdicts by given ones."""
    table = Table("labelled \\ given", *KINDS, title=f"{part}: confusion")
    for due in KINDS:
        counts = [scores.confusion[due, said] for said in KINDS]
        table.add_row(due, *(str(count) if count else "·" for count in counts))
    return table


def sites_table(without: Sequence[Answer], known: Sequence[Answer], sites: int) -> Table:
    """Return the verdicts on pages of sites with and without the site's own measure."""
    title = f"site's own measure: {sites} sites, leave one out; cuts without any other sign"
    table = Table("pages", "cases", "truncated without profile", "truncated with profile", title=title)
    for recipe in dict.fromkeys(one.case.recipe for one in known):
        counts = [
            sum(one.case.recipe == recipe and one.said.kind == "truncated" for one in answers)
            for answers in (without, known)
        ]
        table.add_row(recipe, str(sum(one.case.recipe == recipe for one in known)), *map(str, counts))
    for name, answers in (("without", without), ("with", known)):
        tally = score(answers, product).tallies["truncated"]
        table.caption = (
            f"{table.caption or ''} {name}: precision {tally.precision:.3f}, recall {tally.recall:.3f};"
        )
    return table


def _site(item: tuple[str, list[Case]]) -> tuple[list[Answer], list[Answer]]:
    return site_answers(*item)


def as_json(scores: Scores) -> dict[str, Any]:
    """Return scores as JSON values."""
    tallies = {
        kind: {"labelled": one.labelled, "given": one.said, "precision": one.precision, "recall": one.recall}
        for kind, one in scores.tallies.items()
    }
    return {"cases": scores.cases, "right": scores.right, "verdicts": tallies}


def main(argv: Sequence[str]) -> int:
    """Run the measurement and print its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument(
        "--sites", type=int, default=SITES, help="sites with the most pages; 0 leaves them out"
    )
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(argv)
    console = Console(width=130)
    cases, published = all_cases()
    console.print(f"{len(cases)} cases; {'published labels' if published else 'labels from the truths'}")
    found: dict[str, Any] = {}
    with ProcessPoolExecutor(options.workers) as pool:
        for part in (options.part,) if options.part else PARTS:
            answers = list(pool.map(answer, [case for case in cases if case.part == part], chunksize=16))
            scores = score(answers, product)
            console.print(verdict_table(part, answers), confusion_table(part, scores))
            found[part] = as_json(scores)
            for one in errors(answers)[: options.errors] if part == "dev" else ():
                console.print(
                    f"{one.case.name}: {one.case.verdict}, not {one.said.kind}: {one.said.evidence}"
                )
        if options.sites:
            items = sorted(site_pages().items(), key=lambda item: (-len(item[1]), item[0]))[: options.sites]
            pairs = list(pool.map(_site, items))
            without, known = ([one for pair in pairs for one in pair[side]] for side in (0, 1))
            console.print(sites_table(without, known, len(items)))
            found["sites"] = {
                "without": as_json(score(without, product)),
                "with": as_json(score(known, product)),
            }
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
