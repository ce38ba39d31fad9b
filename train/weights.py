"""Weights of pages and blocks in training."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from train.pages import Page
from unabridged.extraction.selection.features import caption_blocks

SETS = {
    "wcxb article": 1.4,
    "fundus": 2.5,
    "zhweb": 2.0,
    "magic_article": 2.0,
    "newspaper4k": 1.0,
    "sites andy": 0.8,
    "trafilatura": 1.2,
    "daniel": 0.4,
    "sites dragnet": 0.4,
    "mozilla": 0.5,
    "wcxb documentation": 0.5,
    "wcxb service": 0.3,
    "wcxb product": 0.3,
    "wcxb listing": 0.2,
    "wcxb collection": 0.2,
    "wcxb forum": 0.5,
    "magic_forum": 0.5,
}
"""By similarity of a set's truth to our conventions, and by its pages per site."""

IN_EXAMPLES = {
    **SETS,
    "wcxb article": 1.0,
    "fundus": 2.0,
    "trafilatura": 0.8,
    "daniel": 0.6,
    "sites dragnet": 0.6,
}
"""The same for ranking examples, with smaller differences: there is one example per page, not per block."""

WITH_CAPTIONS = frozenset({"mozilla", "magic_article", "daniel", "sites dragnet"})
"""Sets whose truths contain captions, or some of them."""
WITH_TITLE = frozenset({"daniel", "magic_article", "magic_forum"})


def page_weights(pages: list[Page], sets: Mapping[str, float] = SETS) -> np.ndarray:
    """Return one weight a page: its set's, shared among the pages of its site."""
    sites = Counter((page.set, page.site) for page in pages)
    return np.array([sets.get(page.set, 0.5) / sites[page.set, page.site] ** 0.5 for page in pages])


def block_weights(page: Page) -> np.ndarray:
    """Return one weight a block: its words as a share of the page's true words; 0 if the truth does not cover
    it."""
    labels = page.labels
    gold = labels.hits.sum() if "text" in page.truth else 300
    weight = (labels.tokens + 3) / max(gold, 60)
    silent = _titles(page)
    if page.set in WITH_CAPTIONS:
        silent |= caption_blocks(page.layout)
    return np.asarray(np.minimum(weight, 1.0) * labels.known * ~silent)


def _titles(page: Page) -> np.ndarray:
    """Flag title blocks in sets whose truths begin with the title: there truth and convention differ."""
    if page.set not in WITH_TITLE or "text" not in page.truth:
        return np.zeros(len(page.layout.texts), dtype=bool)
    first = page.truth["text"].split("\n", 1)[0]
    return np.array([len(text) > 5 and text in first for text in page.layout.texts])


def targets(page: Page) -> np.ndarray:
    """Return the share of each block's words that are in the truth."""
    labels = page.labels
    return np.asarray(labels.hits / np.maximum(labels.tokens, 1))
