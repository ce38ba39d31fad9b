"""Reading of the labels: corpus page and recipe -> verdict; the pages themselves stay in the corpora.

Labels of whole pages are by hand: each page was read. Labels of cuts follow from their recipe; a cut is
listed only if it could be made and its text stands nowhere else in the page.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.completeness.cases import LabelledCase
from bench.completeness.cuts import CUTS, NotCut, cut_page
from bench.corpora import Case, corpus_folder, page_sets
from bench.folds import site_of

LABELS = Path(__file__).resolve().parent / "labels.jsonl"
LEAST_LABELLED = 50
"""Labelled pages in a corpus; with fewer it is another one, and its own truths give the labels."""
NO_ARTICLES = frozenset(("forum", "product", "listing", "collection"))
"""Kinds of page in wcxb's truths that are no articles."""
LEAST_WORDS = 250


def labels() -> list[dict[str, Any]]:
    """Return the published labels: page, recipe, verdict, and what the page is or its language."""
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def corpus_cases() -> dict[str, Case]:
    """Return all pages of the corpora by key."""
    sets = page_sets(corpus_folder(), frozenset(), None)
    return {case.key: case for one in sets for case in one.cases}


def labelled_cases(pages: dict[str, Case], rows: list[dict[str, Any]]) -> Iterator[LabelledCase]:
    """Yield the labelled cases whose pages the corpus has."""
    for row in rows:
        page = pages.get(row["page"])
        if page is None:
            continue
        if row["recipe"] == "whole":
            yield _whole(page, row)
        elif (case := _cut(page, row)) is not None:
            yield case


def derived_labels(pages: dict[str, Case]) -> list[dict[str, Any]]:
    """Return labels for a corpus without published ones: from its truths, one recipe in turn for each "
    "page."""
    rows: list[dict[str, Any]] = []
    recipes = list(CUTS.values())
    for number, (key, case) in enumerate(sorted(pages.items())):
        kind = case.truth.get("page_type") or ""
        if kind in NO_ARTICLES:
            rows.append({"page": key, "recipe": "whole", "verdict": "not_an_article"})
        elif len((case.truth.get("text") or "").split()) >= LEAST_WORDS and kind in ("", "article"):
            cut = recipes[number % len(recipes)]
            language = case.truth.get("lang") or "en"
            rows.append({"page": key, "recipe": "whole", "verdict": "full"})
            rows.append({"page": key, "recipe": cut.name, "verdict": cut.verdict, "language": language})
    return rows


def _whole(page: Case, row: dict[str, Any]) -> LabelledCase:
    return LabelledCase(
        name=page.key,
        origin="real",
        recipe=row.get("is", "whole"),
        verdict=row["verdict"],
        also=tuple(row.get("also", ())),
        html=page.read(),
        group=site_of(page.url, page.host, page.key),
        url=page.url,
    )


def _cut(page: Case, row: dict[str, Any]) -> LabelledCase | None:
    cut = CUTS[row["recipe"]]
    try:
        made = cut_page(page.read(), page.truth.get("text") or "", row["language"], cut)
    except NotCut:
        return None
    return LabelledCase(
        name=f"{page.key} {cut.name}",
        origin="cut",
        recipe=cut.name,
        verdict=cut.verdict,
        also=cut.also,
        html=made.html,
        group=site_of(page.url, page.host, page.key),
        url=page.url,
        entry=made.entry,
    )
