"""Text of the whole product on unseen sites and on unseen collections, and the gap between them.

    python -m train --by-set         write the models that saw none of one collection
    python -m train.kinds --by-set   the same of the models of page kinds
    python -m bench.generalisation   extract all pages with both, print the table, write it into
                                     docs/why/generalisation.md

Environment: SETS=a,b (only these; then nothing is written), SAMPLE=n (pages a set), CORES=n.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from bench.corpora import Case, PageSet, corpus_folder, page_sets
from bench.extractors import Prediction, as_prediction, ours, predict
from bench.figures import score_set
from bench.folds import COLLECTION_MODELS, collection_of
from unabridged.errors import UnabridgedError
from unabridged.extraction import extract
from unabridged.extraction.selection.kinds.models import KindModels, read_kind_models, use_kind_models
from unabridged.extraction.selection.networks import Models, read_models, use_models

PAGE = Path(__file__).resolve().parent.parent / "docs" / "why" / "generalisation.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
HEAD = "| set | pages | unseen sites | unseen collection | gap |\n|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """F1 of one set: with models that saw none of a page's site, and none of its collection."""

    name: str
    pages: int
    sites: float
    collection: float

    @property
    def gap(self) -> float:
        return self.sites - self.collection


def main() -> int:
    """Print the table; write it into the documentation if it is whole."""
    if not COLLECTION_MODELS.is_dir():
        print("There are no models without a collection. Train them:")
        print("  python -m train --by-set && python -m train.kinds --by-set")
        return 1
    wanted = frozenset(filter(None, os.environ.get("SETS", "").split(",")))
    sample = int(os.environ["SAMPLE"]) if os.environ.get("SAMPLE") else None
    table = HEAD + "".join(map(_line, rows(wanted, sample)))
    print(table)
    if not wanted and sample is None:
        PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")
    return 0


def rows(wanted: frozenset[str], sample: int | None) -> list[Row]:
    """Measure every set whose truths are texts or segments of texts."""
    found = []
    with ProcessPoolExecutor(int(os.environ.get("CORES", "2"))) as pool:
        for pages in page_sets(corpus_folder(), wanted, sample):
            if any("text" in case.truth or "with" in case.truth for case in pages.cases):
                unseen = partial(without_collection, collection_of(pages.name))
                found.append(_row(pages, _f1(pages, ours, pool), _f1(pages, unseen, pool)))
    return found


def without_collection(collection: int, html: bytes, case: Case) -> Prediction:
    """Our extraction with models that saw none of a collection."""
    try:
        with use_models(_models(collection)), use_kind_models(_kind_models(collection)):
            return as_prediction(extract(html, url=case.url))
    except UnabridgedError:
        return {}


@lru_cache(maxsize=8)
def _models(collection: int) -> Models:
    return read_models((COLLECTION_MODELS / f"{collection}.npz").read_bytes())


@lru_cache(maxsize=8)
def _kind_models(collection: int) -> KindModels:
    return read_kind_models((COLLECTION_MODELS / f"kinds-{collection}.npz").read_bytes())


def _f1(
    pages: PageSet, extractor: Callable[[bytes, Case], Prediction], pool: ProcessPoolExecutor
) -> tuple[float, int]:
    """Return the set's F1 and the pages that it is of: of texts, or of segments where there are no texts."""
    figures = score_set(pages, predict(extractor, pages.cases, pool))
    found = next(figure for figure in figures if figure.measure in ("text F1", "segments F1"))
    return found.value, found.cases


def _row(pages: PageSet, sites: tuple[float, int], collection: tuple[float, int]) -> Row:
    return Row(name=pages.name, pages=sites[1], sites=sites[0], collection=collection[0])


def _line(row: Row) -> str:
    return f"| {row.name} | {row.pages} | {row.sites:.3f} | {row.collection:.3f} | {row.gap:+.3f} |\n"


def with_figures(page: str, table: str) -> str:
    """Return the documentation's page with a new table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}{END}{after}"


if __name__ == "__main__":
    sys.exit(main())
