"""Classes of pages: which sets of the corpora they are drawn from, and the pages drawn."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from bench.corpora import Case, PageSet, page_sets

CLASSES = {
    "plain news": ("fundus", "scrapinghub", "sites andy"),
    "mixed articles": ("wcxb article",),
    "blogs": ("sites dragnet",),
    "Chinese": ("zhweb", "magic_article zh"),
    "forums and listings": ("wcxb forum", "wcxb listing", "magic_forum"),
}
"""Class -> sets, as `make corpus` names them. A class has as many pages of one set as of another, while
they last. Sets whose truths begin with the title (daniel) are left out: some extractors give none."""
SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One page of one class. pages: its set, which tells how its truth is written."""

    group: str
    pages: PageSet
    case: Case


def draw(folder: Path, wanted: frozenset[str], count: int) -> list[Drawn]:
    """Return up to `count` pages with whole texts of each class, the classes in turn.

    wanted: names of sets; empty for all that CLASSES names, or for every set where there is none of these. A
    set that no class names is a class of its own. The same folder gives the same pages, in the same order.
    """
    named = wanted or frozenset(base_name(name) for names in CLASSES.values() for name in names)
    groups = _grouped(page_sets(folder, named, None), bool(wanted))
    if not groups and not wanted:
        groups = _grouped(page_sets(folder, frozenset(), None), True)
    chosen = [list(in_turn(map(_shuffled, sets)))[:count] for sets in groups.values()]
    return list(in_turn(chosen))


def base_name(name: str) -> str:
    """Return the name of a set without its kind of page or language."""
    return name if name.startswith("sites ") else name.split()[0]


def _grouped(sets: Iterable[PageSet], others: bool) -> dict[str, list[list[Drawn]]]:
    """Return class -> pages of each of its sets. others: also sets that no class names."""
    group_of = {name: group for group, names in CLASSES.items() for name in names}
    found: dict[str, list[list[Drawn]]] = {group: [] for group in CLASSES}
    for pages in sets:
        known = [case for case in pages.cases if case.truth.get("text")]
        group = group_of.get(pages.name, pages.name if others else "")
        if known and group:
            found.setdefault(group, []).append([Drawn(group=group, pages=pages, case=case) for case in known])
    return {group: members for group, members in found.items() if members}


def _shuffled(pages: list[Drawn]) -> list[Drawn]:
    return random.Random(SEED).sample(pages, len(pages))


def in_turn(lists: Iterable[Iterable[Drawn]]) -> Iterator[Drawn]:
    """Yield the first of each list, then the second of each, and so on; a page once."""
    seen = set()
    for one in chain.from_iterable(zip_longest(*lists)):
        if one is not None and one.case.path not in seen:
            seen.add(one.case.path)
            yield one
