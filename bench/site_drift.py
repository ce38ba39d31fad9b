"""Redesigns of sites that were learnt: articles until the alarm, text lost meanwhile, false alarms.

    python -m bench.site_drift [--sites 40] [--seed 0] [--orders 2000] [--json FILE]
    python -m bench.site_drift --sites 20 --profiles 10000

Every site of `$UNABRIDGED_CORPUS/sites` with at least five pages is learnt from half of them. The templates
of the others are changed (`bench/site_mutations.py`), and they are read in order as the product does: by
`extract_known`, one page in twenty both ways, with `alarms.watched` and `alarm_of` after each. They are
repeated until an alarm, at most LONGEST_STREAM pages. Text is lost where the article that is served is
shorter than the general extraction's by more than a twentieth, in words; and, more strictly, where it has
fewer of the true text's words.

False alarms: every page is read by what was learnt from the other pages of its site. Its results are drawn in
random orders, with one page in ten an odd one (brief, gallery, table), and each alarm counts. Models never
saw the site.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.corpora import Case, corpus_folder
from bench.folds import models_for
from bench.site_mutations import ODD_PAGES, REDESIGNS, Mutation, mutated
from bench.sites import grouped_cases
from unabridged.archive.facade.archive import Archive
from unabridged.errors import UnabridgedError
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.selection.networks import use_models
from unabridged.extraction.sites.alarms import Watch, after_learning, alarm_of, is_doubted, watched
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.learn import distinct_pages, learn
from unabridged.extraction.sites.outcome import Observation
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import SamplePage, sample_page
from unabridged.extraction.sites.written import to_json
from unabridged.poll.extractor.child import _profile as child_profile
from unabridged.poll.extractor.known_sites import KnownSites

LEAST_PAGES = 5
LONGEST_STREAM = 100
COMPARED = 20
LOST = 0.05
HEADINGS = ("redesign", "sites", "alarm", "articles, median", "most", "by profile", "lost", "lost of truth")
ODD_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One page as the product serves it. words: of the served text and of the general extraction's.

    true_words: of the true text that either has; 0 where there is no truth.
    """

    seen: Observation
    words: int
    general_words: int
    true_words: int = 0
    general_true_words: int = 0

    @property
    def loses(self) -> bool:
        """The served text is shorter than the general extraction's by more than a twentieth."""
        return self.words < (1 - LOST) * self.general_words

    @property
    def loses_truth(self) -> bool:
        """The served text has fewer words of the true text, by more than a twentieth."""
        return self.true_words < (1 - LOST) * self.general_true_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One site after one redesign. articles: until the alarm, None if there was none; lost: of its pages."""

    site: str
    redesign: str
    articles: int | None
    pages: int
    by_profile: int
    lost: int
    lost_truth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarms:
    """Alarms on unchanged pages of one site, in random orders."""

    site: str
    pages: int
    alarms: int
    reasons: Mapping[str, int]


def served(html: bytes, url: str | None, gold: str, profile: SiteProfile, *, compare: bool) -> Served | None:
    """Read a page as the product does; None if it is no page."""
    request = ExtractRequest(html=html, url=url)
    try:
        found = extract_known(request, profile, compare=compare)
        general = extract_part(replace(request, boilerplate=profile.boilerplate)).article.text
    except UnabridgedError:
        return None
    own = found.part.article.text
    return Served(
        seen=found.seen,
        words=len(own.split()),
        general_words=len(general.split()),
        true_words=_common(own, gold),
        general_true_words=_common(general, gold),
    )


def _common(text: str, gold: str) -> int:
    return (Counter(text.split()) & Counter(gold.split())).total()


def samples_of(contents: Mapping[str, tuple[bytes, str | None]]) -> dict[str, SamplePage]:
    """Return the pages of a site as samples; those that are no pages are left out."""
    found = {}
    for key, (html, url) in contents.items():
        try:
            found[key] = sample_page(html, url)
        except UnabridgedError:
            continue
    return found


def drifts(site: str, cases: Sequence[Case], rng: random.Random) -> Iterator[Drift]:
    """Learn a site from half of its pages, and read the others after each redesign."""
    contents = {case.key: (case.read(), case.url) for case in cases}
    gold = {case.key: case.truth.get("text", "") for case in cases}
    order = sorted(contents)
    rng.shuffle(order)
    half = max(4, len(order) // 2)
    profile = learn(site, list(samples_of({key: contents[key] for key in order[:half]}).values()))
    if profile is None or not profile.templates:
        return
    for name, mutation in REDESIGNS.items():
        pages = _stream(profile, [(*contents[key], gold[key]) for key in order[half:]], mutation)
        if pages:
            yield _drift(site, name, pages)


_Both = tuple[Served, Served]
"""A page read by its profile alone if that passes, and read both ways."""


def _stream(
    profile: SiteProfile, pages: Sequence[tuple[bytes, str | None, str]], mutation: Mutation
) -> list[_Both]:
    found = []
    for html, url, gold in pages:
        changed = mutated(html, profile.templates[0], mutation)
        if changed is None:
            continue
        alone = served(changed, url, gold, profile, compare=False)
        both = served(changed, url, gold, profile, compare=True)
        if alone is not None and both is not None:
            found.append((alone, both))
    return found


def _drift(site: str, name: str, pages: Sequence[_Both]) -> Drift:
    watch, lost, lost_truth, by_profile, articles = Watch(), 0, 0, 0, None
    number = 0
    for number in range(1, LONGEST_STREAM + 1):
        alone, both = pages[number % len(pages)]
        one = both if number % COMPARED == 0 or is_doubted(watch) else alone
        lost += one.loses
        lost_truth += one.loses_truth
        by_profile += one.seen.by_profile
        watch = watched(watch, one.seen)
        if alarm_of(watch):
            articles = number
            break
    return Drift(
        site=site,
        redesign=name,
        articles=articles,
        pages=number,
        by_profile=by_profile,
        lost=lost,
        lost_truth=lost_truth,
    )


def false_alarms(site: str, cases: Sequence[Case], rng: random.Random, pages: int) -> list[FalseAlarms]:
    """Read each page by what the others taught; draw the results in random orders and count alarms.

    Empty if nothing is learnt of the site.
    """
    contents = {case.key: (case.read(), case.url) for case in cases}
    samples = samples_of(contents)
    ordinary: list[_Both] = []
    odd: list[_Both] = []
    for key, own in samples.items():
        others = [
            one for name, one in samples.items() if name != key and len(distinct_pages([own, one])) == 2
        ]
        profile = learn(site, others)
        if profile is None or not profile.templates:
            continue
        html, url = contents[key]
        alone = served(html, url, "", profile, compare=False)
        both = served(html, url, "", profile, compare=True)
        if alone is not None and both is not None:
            ordinary.append((alone, both))
        odd += _odd_pages(html, url, profile, rng)
    return [_draws(site, ordinary, odd, rng, pages)] if ordinary else []


def _odd_pages(html: bytes, url: str | None, profile: SiteProfile, rng: random.Random) -> list[_Both]:
    return _stream(profile, [(html, url, "")], rng.choice(list(ODD_PAGES.values())))


def _draws(
    site: str, ordinary: Sequence[_Both], odd: Sequence[_Both], rng: random.Random, pages: int
) -> FalseAlarms:
    watch, reasons = Watch(), Counter[str]()
    for number in range(1, pages + 1):
        alone, both = rng.choice(odd if odd and rng.random() < ODD_SHARE else ordinary)
        compare = number % COMPARED == 0 or is_doubted(watch)
        watch = watched(watch, both.seen if compare else alone.seen)
        if said := alarm_of(watch):
            reasons[said.partition(" on ")[0].partition(" with ")[0]] += 1
            watch = after_learning(watch, changed=False)
    return FalseAlarms(site=site, pages=pages, alarms=reasons.total(), reasons=dict(reasons))


def memory_of_profiles(count: int, profile: SiteProfile) -> tuple[float, float]:
    """Return the megabytes that a poller and a child of the extractor grow by while pages of so many sites
    come.

    After the first thousand sites, which fill the caches. All sites have a profile of their own in the
    archive.
    """
    with TemporaryDirectory() as folder, Archive(f"sqlite:///{folder}/sites.sqlite") as archive:
        now = datetime.now(UTC)
        for number in range(count):
            body = to_json(replace(profile, site=f"{number}.example"))
            archive.sites.save_learnt(f"{number}.example", body, learn_at=None, again=now, now=now)
        return _growths(archive, count)


def _growths(archive: Archive, count: int) -> tuple[float, float]:
    known = KnownSites(archive)

    async def find(numbers: range) -> None:
        for number in numbers:
            await known.find(f"https://{number}.example/1")

    def parse(numbers: range) -> None:
        for number in numbers:
            stored = archive.sites.profile(f"{number}.example")
            child_profile(stored.body if stored is not None else "")

    asyncio.run(find(range(1000)))
    before = _resident()
    asyncio.run(find(range(1000, count)))
    poller = _resident() - before
    parse(range(1000))
    before = _resident()
    parse(range(1000, count))
    return poller, _resident() - before


def _resident() -> float:
    """Return the megabytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def show(console: Console, found: Sequence[Drift], alarms: Sequence[FalseAlarms]) -> None:
    """Print the tables."""
    by_redesign: defaultdict[str, list[Drift]] = defaultdict(list)
    for drift in found:
        by_redesign[drift.redesign].append(drift)
    table = Table(title=f"Redesigns; at most {LONGEST_STREAM} pages each")
    headings = (
        "redesign",
        "sites",
        "alarm",
        "articles, median",
        "most",
        "read by profile",
        "lost",
        "lost of truth",
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "redesign" else "right")
    for name, rows in by_redesign.items():
        counts = [row.articles for row in rows if row.articles is not None]
        pages = sum(row.pages for row in rows)
        table.add_row(
            name,
            str(len(rows)),
            str(len(counts)),
            f"{statistics.median(counts):g}" if counts else "",
            str(max(counts)) if counts else "",
            f"{sum(row.by_profile for row in rows) / pages:.0%}",
            f"{sum(row.lost for row in rows)} of {pages}",
            f"{sum(row.lost_truth for row in rows)}",
        )
    console.print(table)
    total = sum(one.pages for one in alarms)
    if total:
        raised = sum(one.alarms for one in alarms)
        console.print(
            f"False alarms: {raised} on {total} pages, {raised / total * 10_000:.1f} per 10,000 pages."
        )
        worst = sorted(alarms, key=lambda one: -one.alarms)[:10]
        for one in worst:
            if one.alarms:
                console.print(f"  {one.site}: {one.alarms} on {one.pages} pages {dict(one.reasons)}")


def _show_memory(console: Console, count: int, grouped: Mapping[str, Sequence[Case]]) -> int:
    """Print how memory grows with profiles of the size of the largest of the first ten sites."""
    learnt = [
        learn(site, list(samples_of({case.key: (case.read(), case.url) for case in cases[:20]}).values()))
        for site, cases in list(grouped.items())[:10]
    ]
    largest = max((one for one in learnt if one is not None), key=lambda one: len(to_json(one)))
    poller, child = memory_of_profiles(count, largest)
    size = len(to_json(largest))
    console.print(f"{count} profiles of {size:,} bytes: poller {poller:+.1f} MB, child {child:+.1f} MB.")
    return 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=0, help="sites of each set, drawn; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--orders", type=int, default=2000, help="pages of random orders a site")
    parser.add_argument("--profiles", type=int, default=0, help="only measure the memory of so many profiles")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 130)
    grouped = grouped_cases(corpus_folder(), args.sites, args.seed)
    grouped = {site: cases for site, cases in grouped.items() if len(cases) >= LEAST_PAGES}
    rng = random.Random(args.seed)
    if args.profiles:
        return _show_memory(console, args.profiles, grouped)
    found: list[Drift] = []
    alarms: list[FalseAlarms] = []
    for site, cases in grouped.items():
        with use_models(models_for(cases[0].url, cases[0].host, cases[0].key)):
            found += drifts(site, cases, rng)
            alarms += false_alarms(site, cases, rng, args.orders)
    show(console, found, alarms)
    if args.json:
        rows: dict[str, Any] = {"drifts": list(map(asdict, found)), "alarms": list(map(asdict, alarms))}
        args.json.write_text(json.dumps(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
