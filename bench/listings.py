"""Pages without a feed, read as feeds: items, titles and dates, before and after; later visits; redesigns.

    python -m bench.listings [--seed 100] [--json FILE] [--former REVISION]

Pages with known items are made by a generator (`bench.list_pages`); figures are for a seed on which nothing
was tuned. `--former` names the git revision whose heuristics are the "before" of the same run. With
`$UNABRIDGED_CORPUS`, the listing pages of the set wcxb are read too: of these only the share of titles is
counted that stand in the page's true main text.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from bench.corpora import corpus_folder
from bench.front_pages import front_pages
from bench.list_pages import (
    NOW,
    Layout,
    MadePage,
    Maker,
    Story,
    first_stories,
    later_stories,
    makers,
    written,
)
from unabridged.errors import UnabridgedError
from unabridged.feeds.lists.choice import folded
from unabridged.feeds.lists.profile import ListState
from unabridged.feeds.lists.read import feed_from_page, read_list
from unabridged.model import Entry

FORMER = "b14e4f8d"
"""Last revision with the heuristics that were used before."""
FORMER_PATH = "src/unabridged/feeds/discovery/page_as_feed.py"

Read = Callable[[MadePage], Sequence[Entry]]


@dataclass(slots=True, kw_only=True)
class Count:
    """Items of some pages: true ones, found ones, and those in common, with their titles and dates right."""

    true: int = 0
    found: int = 0
    right: int = 0
    titles: int = 0
    dated: int = 0
    dates: int = 0
    false_dates: int = 0
    pages: int = 0
    whole: int = 0

    def add(self, other: "Count") -> None:
        """Add the counts of other pages."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


def counted(truth: Sequence[Story], entries: Sequence[Entry]) -> Count:
    """Compare the entries of a page with its true items."""
    wanted = {one.url: one for one in truth}
    found = {(one.url or "").partition("?")[0]: one for one in entries}
    count = Count(true=len(wanted), found=len(found), pages=1)
    for url, story in wanted.items():
        entry = found.get(url)
        if entry is None:
            continue
        count.right += 1
        count.titles += folded(entry.title) == folded(story.title)
        day = entry.published.at.date() if entry.published else None
        if story.date is not None:
            count.dated += 1
            count.dates += day == story.date.date()
        count.false_dates += day is not None and (story.date is None or day != story.date.date())
    count.whole = int(count.right == count.true == count.found)
    return count


def former_reader(revision: str) -> Read | None:
    """Return the reader of a git revision, None where git or the revision is missing."""
    got = subprocess.run(["git", "show", f"{revision}:{FORMER_PATH}"], capture_output=True, check=False)
    if got.returncode:
        return None
    module = ModuleType("former_lists")
    sys.modules["former_lists"] = module
    exec(compile(got.stdout, FORMER_PATH, "exec"), module.__dict__)
    return lambda page: module.feed_from_page(page.html, page.url, now=NOW).entries


def present_reader(page: MadePage) -> Sequence[Entry]:
    """Read one page without any knowledge."""
    return feed_from_page(page.html, page.url, now=NOW).entries


def attempt(read: Read, page: MadePage) -> Count:
    """Read a page and count; a page without a list counts as one without items."""
    try:
        return counted(page.truth, read(page))
    except UnabridgedError:
        return counted(page.truth, ())


def by_example(page: MadePage) -> Sequence[Entry]:
    """Read a page by one of its headlines, the third."""
    state = ListState(examples=(page.truth[2].title,))
    return read_list(page.html, page.url, state, now=NOW).feed.entries


def visits(maker: Maker, layout: Layout, count: int) -> list[MadePage]:
    """Return the page of a layout at some visits, in each of which items are new, gone, moved and pinned."""
    stories = first_stories(maker, layout)
    pages = [written(maker, layout, stories)]
    for _ in range(count - 1):
        stories = later_stories(maker, layout, stories)
        pages.append(written(maker, layout, stories))
    return pages


def over_visits(pages: Sequence[MadePage], examples: tuple[str, ...] = ()) -> list[Count]:
    """Follow a page over its visits as a poll does, each with what the visits before taught."""
    state = ListState(examples=examples)
    counts = []
    for page in pages:
        try:
            reading = read_list(page.html, page.url, state, now=NOW)
            state = reading.state
            counts.append(counted(page.truth, reading.feed.entries))
        except UnabridgedError:
            counts.append(counted(page.truth, ()))
    return counts


def known_reader(state: ListState, page: MadePage) -> Sequence[Entry]:
    """Read a page by what is known about it."""
    return read_list(page.html, page.url, state, now=NOW).feed.entries


def redesigns(seed: int) -> tuple[Count, int, int]:
    """Learn a page in one layout, read it in another. Returns the count, alarms, and wrong lists read.

    The second part: the page shows a list of other things after it: an alarm is right.
    """
    total, alarms, wrong = Count(), 0, 0
    everything = makers(seed)
    shown = [
        (one, other)
        for place, one in enumerate(everything)
        for other in everything[place + 5 :: 7]
        if one[0].language is other[0].language and other[1].dates != "address"
    ]
    for (maker, layout), (other, redesign) in shown:
        stories = first_stories(maker, layout)
        before = written(maker, layout, stories)
        try:
            state = read_list(before.html, before.url, ListState(examples=(stories[1].title,)), now=NOW).state
        except UnabridgedError:
            continue
        after = written(other, redesign, later_stories(maker, layout, stories))
        total.add(attempt(partial(known_reader, state), after))
        empty = written(other, redesign, ())
        try:
            read_list(empty.html, empty.url, state, now=NOW)
            wrong += 1
        except UnabridgedError:
            alarms += 1
    return total, alarms, wrong


def ratio(part: float, whole: float) -> str:
    """Return a share with three digits, "–" for none of nothing."""
    return f"{part / whole:.3f}" if whole else "–"


def row_of(name: str, count: Count) -> tuple[str, ...]:
    """Return the cells of a row."""
    return (
        name,
        str(count.pages),
        ratio(count.right, count.found),
        ratio(count.right, count.true),
        ratio(count.whole, count.pages),
        ratio(count.titles, count.right),
        ratio(count.dates, count.dated),
        str(count.false_dates),
    )


COLUMNS = ("", "pages", "precision", "recall", "exact pages", "titles", "dates", "false dates")


def measure(read: Read, pages: Sequence[MadePage]) -> tuple[dict[str, Count], list[float]]:
    """Return the counts by layout and in all, and the CPU milliseconds of each page (better of two)."""
    counts: dict[str, Count] = defaultdict(Count)
    times = []
    for page in pages:
        tries = []
        for _ in range(2):
            start = time.process_time()
            count = attempt(read, page)
            tries.append((time.process_time() - start) * 1000)
        times.append(min(tries))
        for name in (page.name.partition(" · ")[0], f"language {page.name.partition(' · ')[2]}", "all"):
            counts[name].add(count)
    return counts, times


def real_pages() -> list[tuple[str, bytes, str]]:
    """Return address, HTML and true main text of the corpus's listing pages."""
    root = corpus_folder()
    folder = root / "pages" / "wcxb" if root is not None else Path("missing")
    if not (folder / "truth.jsonl").is_file():
        return []
    rows = [
        json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").split("\n") if line
    ]
    return [
        (row["url"], gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()), row["text"])
        for row in rows
        if row.get("page_type") == "listing" and row.get("text")
    ]


def real_row(name: str, read: Read) -> tuple[str, ...]:
    """Return the share of titles on real listing pages that stand in the true main text."""
    pages = found = inside = none = 0
    for url, html, text in real_pages():
        pages += 1
        try:
            entries = read(MadePage(name=url, html=html, url=url, truth=()))
        except UnabridgedError:
            none += 1
            continue
        main = folded(text)
        found += len(entries)
        inside += sum(1 for one in entries if folded(one.title) in main)
    return name, str(pages), str(none), str(found), ratio(inside, found)


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--former", default=FORMER)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--fronts", action="store_true", help="front pages and lists among distractors only")
    parser.add_argument("--wrong", action="store_true", help="name the pages that are not read exactly")
    args = parser.parse_args()
    out = Console(width=150)
    if args.fronts:
        pages = front_pages(args.seed)
    else:
        pages = [written(maker, layout, first_stories(maker, layout)) for maker, layout in makers(args.seed)]
    readers: dict[str, Read] = {"after": present_reader, "by example": by_example}
    former = former_reader(args.former)
    if former is not None:
        readers = {"before": former, **readers}
    results = {name: measure(read, pages) for name, read in readers.items()}
    for name, (counts, times) in results.items():
        table = Table(*COLUMNS, title=f"{name}: {statistics.median(times):.1f} ms of CPU a page (median)")
        for key in sorted(counts, key=lambda one: (one == "all", one.startswith("language"), one)):
            table.add_row(*row_of(key, counts[key]))
        out.print(table)
    if args.wrong:
        for page in pages:
            count = attempt(present_reader, page)
            if not count.whole or count.titles < count.right or count.dates < count.dated:
                out.print(page.name, asdict(count))
    if args.fronts:
        return 0
    _print_visits(args.seed, out)
    total, alarms, wrong = redesigns(args.seed)
    table = Table(
        *COLUMNS, title=f"after a redesign; emptied lists: {alarms} alarms, {wrong} read as something else"
    )
    table.add_row(*row_of("learnt again", total))
    out.print(table)
    table = Table("real listing pages", "pages", "no list", "items", "titles in the main text")
    for name, read in readers.items():
        if name != "by example":
            table.add_row(*real_row(name, read))
    out.print(table)
    if args.json:
        args.json.write_text(
            json.dumps(
                {name: {k: asdict(v) for k, v in got[0].items()} for name, got in results.items()}, indent=1
            )
        )
    return 0


def _print_visits(seed: int, out: Console) -> None:
    table = Table(*COLUMNS, title="over visits: items new, gone, moved, pinned")
    followed = [over_visits(visits(maker, layout, 4)) for maker, layout in makers(seed)]
    pointed = [
        over_visits(seen, (seen[0].truth[2].title,))
        for maker, layout in makers(seed)
        for seen in [visits(maker, layout, 4)]
    ]
    for name, all_counts in (("by structure", followed), ("by example", pointed)):
        for visit in range(4):
            total = Count()
            for counts in all_counts:
                total.add(counts[visit])
            table.add_row(*row_of(f"{name}, visit {visit + 1}", total))
    out.print(table)


if __name__ == "__main__":
    sys.exit(main())
