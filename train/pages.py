"""Training pages: every page with a true text, laid out once and cached on disk."""

import hashlib
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpora import LEAST_GOLD_IN_PAGE, corpus_folder, page_sets
from bench.folds import fold_of, site_of
from train.labels import Labels, label
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection import blocks, page_claims
from unabridged.extraction.selection.blocks import Layout, lay_out
from unabridged.extraction.selection.page_claims import HeadClaims, read_head_claims

CACHE = Path("/tmp/unabridged-train")
PARALLEL = 2


@dataclass(slots=True)
class Page:
    """One page ready for training.

    site: the registrable domain, or the page's own key if unknown. fold: the fold that is left out together
    with it.
    """

    set: str
    key: str
    site: str
    layout: Layout
    claims: HeadClaims
    truth: dict[str, Any]
    labels: Labels
    fold: int


def read_page(task: tuple[str, Any]) -> Page:
    """Parse one case and align it with its truth."""
    name, case = task
    dom = parse(case.read())
    layout = lay_out(dom)
    layout.elements.clear()
    layout.nodes.clear()
    site = site_of(case.url, case.host, case.key)
    return Page(
        name,
        case.key,
        site,
        layout,
        read_head_claims(dom),
        case.truth,
        label(layout, case.truth),
        fold_of(site),
    )


def cases() -> Iterator[tuple[str, Any]]:
    """Yield every case with a text, or segments of it, as (set, case)."""
    seen = set()
    for pages in page_sets(corpus_folder(), frozenset(), None):
        for case in pages.cases:
            known = "text" in case.truth or "with" in case.truth
            if known and case.key not in seen and case.truth.get("gold_in_page", 1) >= LEAST_GOLD_IN_PAGE:
                seen.add(case.key)
                yield pages.name, case


def load() -> list[Page]:
    """Load all training pages, in a fixed order; laid out again only if the code that does it has changed."""
    sources = (
        Path(blocks.__file__),
        Path(page_claims.__file__),
        Path(__file__),
        Path(__file__).parent / "labels.py",
    )
    version = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    path = CACHE / f"pages-{version}.pickle"
    if path.is_file():
        kept: list[Page] = pickle.loads(path.read_bytes())
        return kept
    with ProcessPoolExecutor(PARALLEL) as pool:
        pages = list(pool.map(read_page, cases(), chunksize=32))
    CACHE.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(pages))
    return pages
