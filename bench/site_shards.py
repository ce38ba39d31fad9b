"""WARC files with many pages a host, made from the pages of known sites: real ones, and ones made from them.

A made page is a real page of the site with other paragraphs in the place of its own: drawn from the articles
of all sites, so that no two pages hold one article. Everything around them stays, the title too.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import lxml.html
from lxml.etree import ParserError

from bench.corpora import Case, corpus_folder, page_sets
from bench.folds import fold_of, hash_of, models_for, site_of
from bench.warcs import write_warc
from unabridged.extraction.html.dom import decode
from unabridged.text.words import fold_spaces

LEAST_PARAGRAPH = 40
"""Characters of a paragraph that is exchanged."""
LONGEST_RUN = 200
"""Pages of the site with the most pages."""
STEEPNESS = 0.6
"""Exponent by which the number of pages falls from site to site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteShard:
    """A WARC file. case: a page of one of its sites, which tells the models. real: URL -> page with truth."""

    path: Path
    case: Case
    pages: int
    sites: int
    real: dict[str, Case]


def site_cases(least: int) -> dict[str, list[Case]]:
    """Return the pages of the corpora's sites that have at least so many."""
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for pages in page_sets(corpus_folder(), frozenset({"sites"}), None):
        for case in pages.cases:
            if case.url and case.path.parent.parent.name == "sites":
                found[case.path.parent.name].append(case)
    return {name: list(cases) for name, cases in found.items() if len(cases) >= least}


def write_shards(folder: Path, *, least: int, longest: int, seed: int = 5) -> list[SiteShard]:
    """Write a WARC file for each fold of the models, its pages in random order.

    least: real pages of a site; longest: pages of the site that gets the most.
    """
    sites = site_cases(least)
    luck = random.Random(seed)
    names = sorted(sites)
    luck.shuffle(names)
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        grouped[_model_of(sites[name][0])].append(name)
    pool = [
        block
        for cases in sites.values()
        for case in cases
        for block in _blocks(case.truth["text"])
        if len(block) >= LEAST_PARAGRAPH
    ]
    counts = {name: max(least, int(longest / (rank + 1) ** STEEPNESS)) for rank, name in enumerate(names)}
    found = []
    for model, members in sorted(grouped.items()):
        pages: list[tuple[str, bytes]] = []
        real: dict[str, Case] = {}
        for name in members:
            cases = list({case.url: case for case in sites[name]}.values())
            real |= {case.url: case for case in cases if case.url}
            pages += [(case.url or "", case.read()) for case in cases]
            pages += made_pages(cases, counts[name] - len(cases), pool, luck)
        luck.shuffle(pages)
        path = folder / f"sites-{model}.warc.gz"
        write_warc(path, pages)
        case = sites[members[0]][0]
        found.append(SiteShard(path=path, case=case, pages=len(pages), sites=len(members), real=real))
    return found


def _model_of(case: Case) -> str:
    site = site_of(case.url, case.host, case.key)
    models_for(case.url, case.host, case.key)
    return f"fold-{fold_of(site)}" if hash_of(site) else "new"


def made_pages(
    cases: Sequence[Case], count: int, pool: Sequence[str], luck: random.Random
) -> Iterator[tuple[str, bytes]]:
    """Yield so many pages with the templates of a site and paragraphs of the pool."""
    for number in range(max(0, count)):
        case = cases[number % len(cases)]
        url = f"{(case.url or '').rstrip('/')}-{1000 + number}"
        yield url, made_page(case.read(), case.truth["text"], pool, luck)


def _blocks(text: str) -> list[str]:
    printable = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return [fold_spaces(block) for block in printable.split("\n") if block.strip()]


def made_page(html: bytes, text: str, pool: Sequence[str], luck: random.Random) -> bytes:
    """Return a page with other paragraphs in the place of those of its true text."""
    try:
        tree = lxml.html.document_fromstring(decode(html)[0])
    except (ParserError, ValueError):
        return html
    for meta in list(tree.iter("meta")):
        if meta.get("charset") or (meta.get("http-equiv") or "").lower() == "content-type":
            meta.drop_tree()
    own = {_key(block) for block in _blocks(text)}
    places = [
        element
        for element in tree.iter("p")
        if len(shown := fold_spaces(element.text_content())) >= LEAST_PARAGRAPH and _key(shown) in own
    ]
    for element in places:
        tail = element.tail
        for child in list(element):
            element.remove(child)
        element.text = luck.choice(pool)
        element.tail = tail
    made: str = lxml.html.tostring(tree, encoding="unicode", doctype="<!doctype html>")
    return made.replace("<head>", '<head><meta charset="utf-8">', 1).encode("utf-8", "replace")


def _key(text: str) -> str:
    return text[:LEAST_PARAGRAPH]
