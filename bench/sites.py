"""Sites that are learnt from their own pages: leave one page out, learn from the others, read it.

    python -m bench.sites [--sites 40] [--seed 0] [--json FILE]

Every page of `$UNABRIDGED_CORPUS/sites` (or of `--sites` drawn ones of each set) goes through the general
extraction, through its site's profile learnt from the other pages (as the product does: with the checks, and
the general extraction where one fails), and through trafilatura, standard and fast. CPU milliseconds are the
better of two tries; all extractors take a page in turn, so that whatever else the machine does weighs on all
alike. Models never saw the site (folds of the training).
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from bench.corpora import TITLE_IN_TEXT, Case, PageSet, corpus_folder, page_sets
from bench.folds import models_for
from bench.scorer import match_text, text_rates
from unabridged.errors import UnabridgedError
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.selection.networks import use_models
from unabridged.extraction.sites.choose import with_lines
from unabridged.extraction.sites.learn import distinct_pages, learn
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.read import Reading, read_known
from unabridged.extraction.sites.samples import SamplePage, sample_page

METHODS = ("general", "profile", "trafilatura", "trafilatura fast")
WORST = 15
TOLERATED = 0.005


@dataclass(slots=True, kw_only=True)
class PageResult:
    """Texts and CPU milliseconds of one page by method. used: the profile's reading passed its checks.

    learnt: the other pages gave a profile. failed: checks that failed.
    """

    key: str
    site: str
    gold: str
    texts: dict[str, str] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)
    learnt: bool = False
    used: bool = False
    failed: tuple[str, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    same_metadata: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """One learning of a whole site. seconds: CPU."""

    site: str
    pages: int
    seconds: float


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return a result and its CPU milliseconds, the better of two tries."""
    best = float("inf")
    found: Any = None
    for _ in range(2):
        began = time.process_time()
        found = function()
        best = min(best, time.process_time() - began)
    return found, best * 1000


def trafilatura_methods() -> dict[str, Callable[[bytes, str | None], str]]:
    """Return trafilatura's two modes if it is installed."""
    try:
        import trafilatura
    except ImportError:
        return {}

    def standard(html: bytes, url: str | None) -> str:
        return trafilatura.extract(html, url=url, include_comments=False) or ""

    def fast(html: bytes, url: str | None) -> str:
        return trafilatura.extract(html, url=url, include_comments=False, fast=True) or ""

    return {"trafilatura": standard, "trafilatura fast": fast}


def site_results(site: str, cases: Sequence[Case], peers: bool) -> Iterator[PageResult]:
    """Yield the results of one site's pages."""
    contents = {case.key: case.read() for case in cases}
    samples: dict[str, SamplePage] = {}
    with use_models(models_for(cases[0].url, cases[0].host, cases[0].key)):
        for case in cases:
            try:
                samples[case.key] = sample_page(contents[case.key], case.url)
            except UnabridgedError:
                continue
        for case in cases:
            yield with_title(page_result(site, case, contents[case.key], samples, peers), samples)


def with_title(result: PageResult, samples: dict[str, SamplePage]) -> PageResult:
    """Return a result with the title above every text, as in the true texts of some sets."""
    if result.site.partition("__")[0] in TITLE_IN_TEXT and result.key in samples:
        title = samples[result.key].metadata.title
        result.texts = {method: f"{title}\n{text}" for method, text in result.texts.items()}
    return result


def page_result(
    site: str, case: Case, html: bytes, samples: dict[str, SamplePage], peers: bool
) -> PageResult:
    """Return the results of one page. Other copies of it in the corpus are left out of learning."""
    result = PageResult(key=case.key, site=site, gold=case.truth["text"])
    request = ExtractRequest(html=html, url=case.url)
    part, result.milliseconds["general"] = timed(lambda: _general(request))
    result.texts["general"] = part.article.text if part else ""
    others = [sample for key, sample in samples.items() if key != case.key]
    own = samples.get(case.key)
    if own is not None:
        others = [other for other in others if len(distinct_pages([own, other])) == 2]
    profile = learn(result.site, others)
    result.texts["profile"] = result.texts["general"]
    result.milliseconds["profile"] = result.milliseconds["general"]
    if profile is not None:
        request = with_lines(request, profile)
        part, result.milliseconds["profile"] = timed(lambda: _general(request))
        result.texts["profile"] = part.article.text if part else ""
        _read(result, request, profile, part)
    for name, extract_text in trafilatura_methods().items() if peers else ():
        result.texts[name], result.milliseconds[name] = timed(lambda read=extract_text: read(html, case.url))  # type: ignore[misc]
    return result


def _general(request: ExtractRequest) -> Any:
    try:
        return extract_part(request)
    except UnabridgedError:
        return None


def _read(result: PageResult, request: ExtractRequest, profile: SiteProfile, part: Any) -> None:
    reading, spent = timed(lambda: read_known(request, profile))
    assert isinstance(reading, Reading)
    result.learnt, result.failed = True, reading.failed
    if not reading.passed or reading.part is None:
        result.milliseconds["profile"] += spent
        return
    result.used = True
    result.milliseconds["profile"] = spent
    article = reading.part.article
    result.texts["profile"] = article.text
    if part is not None:
        for name in ("title", "authors", "published", "lead_image", "language", "site_name"):
            result.same_metadata[name] = getattr(article, name) == getattr(part.article, name)


def learning_costs(grouped: dict[str, list[Case]]) -> list[Learning]:
    """Learn the sites with the most pages once more, for the CPU time."""
    found = []
    for site, cases in sorted(grouped.items(), key=lambda item: -len(item[1]))[:5]:
        contents = [(case.read(), case.url) for case in cases[:20]]
        began = time.process_time()
        learn(site, [sample_page(html, url) for html, url in contents])
        found.append(Learning(site=site, pages=len(contents), seconds=time.process_time() - began))
    return found


# ---- tables ------------------------------------------------------------------------------------


def set_row(name: str, method: str, rows: Sequence[PageResult]) -> list[str]:
    """Return one row of the table by set."""
    rates = text_rates(match_text(row.gold, row.texts[method]) for row in rows)
    spent = [row.milliseconds[method] for row in rows]
    return [
        name,
        str(len(rows)),
        method,
        f"{rates.f1:.4f}",
        f"{rates.precision:.4f}",
        f"{rates.recall:.4f}",
        f"{statistics.median(spent):.2f}",
        f"{sorted(spent)[int(len(spent) * 0.95)]:.2f}",
    ]


def show(console: Console, results: Sequence[PageResult]) -> None:
    """Print the table by set, and the sites where the profile loses and gains most."""
    table = Table(title="Leave one page out; CPU milliseconds a page")
    for heading in ("set", "pages", "method", "F1", "precision", "recall", "median ms", "p95 ms"):
        table.add_column(heading, justify="left" if heading in ("set", "method") else "right")
    for name, rows in subsets(results).items():
        for method in METHODS:
            if rows and method in rows[0].texts:
                table.add_row(*set_row(name, method, rows))
    console.print(table)
    used = [row for row in results if row.used]
    if used and "trafilatura fast" in used[0].milliseconds:
        ratio = statistics.median(
            row.milliseconds["trafilatura fast"] / row.milliseconds["profile"] for row in used
        )
        console.print(f"Read by profile: {len(used)} of {len(results)} pages.")
        console.print(f"On these trafilatura fast takes {ratio:.1f} × as long (median of the ratios).")
    for name in used[0].same_metadata if used else ():
        same = statistics.fmean(row.same_metadata.get(name, True) for row in used)
        console.print(f"  {name}: as the general extraction on {same:.1%}")
    reasons: defaultdict[str, int] = defaultdict(int)
    for row in results:
        for reason in row.failed:
            reasons[reason.partition(":")[0].partition("“")[0]] += 1
    console.print(f"Failed checks: {dict(reasons)}")
    show_sites(console, results)


def subsets(results: Sequence[PageResult]) -> dict[str, list[PageResult]]:
    """Return the results by set: all pages, and those that were read by a profile."""
    found: dict[str, list[PageResult]] = {}
    for row in results:
        name = row.site.partition("__")[0]
        found.setdefault(name, []).append(row)
    for name, rows in list(found.items()):
        if used := [row for row in rows if row.used]:
            found[f"{name}, by profile"] = used
    return found


def show_sites(console: Console, results: Sequence[PageResult]) -> None:
    """Print the sites whose mean F1 changes most."""
    by_site: dict[str, list[PageResult]] = {}
    for row in results:
        if row.learnt:
            by_site.setdefault(row.site, []).append(row)
    changes = []
    for site, rows in by_site.items():
        general, profile = (
            statistics.fmean(match_text(row.gold, row.texts[method]).f1 for row in rows)
            for method in ("general", "profile")
        )
        changes.append((profile - general, general, profile, site, len(rows)))
    changes.sort()
    worse = sum(change[0] < -TOLERATED for change in changes)
    table = Table(title=f"Most changed sites; worse by more than {TOLERATED}: {worse} of {len(changes)}")
    for heading in ("site", "pages", "general", "profile", "change"):
        table.add_column(heading, justify="left" if heading == "site" else "right")
    for change, general, profile, site, pages in changes[:WORST] + changes[WORST:][-WORST:]:
        table.add_row(site, str(pages), f"{general:.3f}", f"{profile:.3f}", f"{change:+.3f}")
    console.print(table)


LEAST_OF_A_HOST = 4
"""Pages of one host in a set of pages from which they are taken as a site."""


def grouped_cases(folder: Path, most: int, seed: int) -> dict[str, list[Case]]:
    """Return the cases by site ("set__host"); at most so many sites of each set, drawn with the seed.

    Sites are the folders of `sites`, and the hosts that have several pages in a set of `pages`.
    """
    found: dict[str, list[Case]] = {}
    for pages in page_sets(folder, frozenset(), None):
        if pages.name.endswith(" zh"):  # a part of the set before it
            continue
        sites: dict[str, list[Case]] = {}
        for case in pages.cases:
            if "text" in case.truth:
                sites.setdefault(_site_name(pages, case), []).append(case)
        if not pages.name.startswith("sites "):
            sites = {name: cases for name, cases in sites.items() if len(cases) >= LEAST_OF_A_HOST}
        names = sorted(sites)
        drawn = random.Random(seed).sample(names, most) if most and most < len(names) else names
        found |= {name: sites[name] for name in sorted(drawn)}
    return found


def _site_name(pages: PageSet, case: Case) -> str:
    if pages.name.startswith("sites "):
        return case.key.partition("/")[0]
    host = case.host or urlsplit(case.url or "").hostname
    return f"{pages.name.replace(' ', '-')}__{host or case.key}"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=0, help="sites of each set, drawn; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 130)
    grouped = grouped_cases(corpus_folder(), args.sites, args.seed)
    if not grouped:
        console.print(
            f"No sites at {corpus_folder() / 'sites'}: name a folder of corpora with UNABRIDGED_CORPUS."
        )
        return 1
    results = [
        row for site, cases in grouped.items() for row in site_results(site, cases, not args.without_peers)
    ]
    show(console, results)
    for learning in learning_costs(grouped):
        console.print(
            f"Learning {learning.site} from {learning.pages} pages: {learning.seconds:.2f} s of CPU"
        )
    if args.json:
        args.json.write_text(json.dumps([asdict(row) for row in results]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
