"""Fit the token tables of class names and opening words: sparse logistic regressions over all sites."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from train.pages import Page
from train.weights import block_weights, page_weights, targets
from unabridged.extraction.selection.token_tables import (
    TokenTables,
    container_tokens,
    opener_tokens,
    word_tokens,
)

LEAST_SITES = 4
STRENGTH = {"containers": 1.0, "openers": 0.3, "texts": 0.3}  # inverse of the penalty
KEPT = {"containers": 4500, "openers": 600, "texts": 4500}
MOST_TOKENS = 60
"""Of a container and those above it, nearest first."""
ROWS_A_PAGE = 10.0
"""Weight of all openings of one page: each counts alike, long or short, for what repeats is short."""


@dataclass(slots=True)
class Counts:
    """Rows of token counts with the weight for and against each; sites and folds by row."""

    names: list[str]
    matrix: csr_matrix
    good: np.ndarray
    bad: np.ndarray
    sites: np.ndarray
    folds: np.ndarray


def count(pages: list[Page]) -> dict[str, Counts]:
    """The rows of all three tables, over all pages; fits are on parts of them."""
    return {"containers": _chains(pages), "openers": _openers(pages), "texts": _texts(pages)}


def fit_tables(counts: dict[str, Counts], left_out: int | None) -> TokenTables:
    """Tables of log-odds from all sites outside one fold (None: from all)."""
    fitted = {name: _fit(rows, left_out, STRENGTH[name], KEPT[name]) for name, rows in counts.items()}
    return TokenTables(containers=fitted["containers"], openers=fitted["openers"], texts=fitted["texts"])


class _LayoutBuilder:
    """Rows under construction: token numbers, weights, site and fold."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.indices: list[int] = []
        self.starts = [0]
        self.rows: list[tuple[float, float, str, int]] = []

    def number(self, tokens: Iterable[str]) -> list[int]:
        return [self.numbers.setdefault(token, len(self.numbers)) for token in tokens]

    def add(self, numbers: list[int], good: float, bad: float, page: Page) -> None:
        if good + bad > 1e-7:
            self.indices += numbers
            self.starts.append(len(self.indices))
            self.rows.append((good, bad, page.site, page.fold))

    def counts(self) -> Counts:
        shape = (len(self.rows), len(self.numbers))
        matrix = csr_matrix((np.ones(len(self.indices), np.float32), self.indices, self.starts), shape=shape)
        matrix.sum_duplicates()
        good, bad, sites, folds = zip(*self.rows, strict=True)
        known = {site: n for n, site in enumerate(sorted(set(sites)))}
        return Counts(list(self.numbers), matrix, np.array(good), np.array(bad),
                      np.array([known[site] for site in sites]), np.array(folds))  # fmt: skip


def _chains(pages: list[Page]) -> Counts:
    """Every container with blocks of its own: the tokens of all containers above it, and itself."""
    out = _LayoutBuilder()
    for page, page_weight in zip(pages, page_weights(pages), strict=True):
        layout, share = page.layout, targets(page)
        weight = block_weights(page) * page_weight
        size = len(layout.tags)
        good = np.bincount(layout.homes, weight * share, minlength=size)
        bad = np.bincount(layout.homes, weight * (1 - share), minlength=size)
        chains: list[list[int]] = []
        for tag, key, mark, parent in zip(
            layout.tags, layout.keys, layout.marks, layout.parents, strict=True
        ):
            own = out.number(container_tokens(tag, key, mark))
            chains.append((own + chains[parent])[:MOST_TOKENS] if parent >= 0 else own)
        for index in np.flatnonzero(good + bad):
            out.add(chains[index], good[index], bad[index], page)
    return out.counts()


def _openers(pages: list[Page]) -> Counts:
    out = _LayoutBuilder()
    for page, page_weight in zip(pages, page_weights(pages), strict=True):
        weight = page.labels.known * page_weight * ROWS_A_PAGE / len(page.layout.texts)
        for key, share, w in zip(page.layout.openers, targets(page), weight, strict=True):
            out.add(out.number(opener_tokens(key) if key else [""]), w * share, w * (1 - share), page)
    return out.counts()


def _texts(pages: list[Page]) -> Counts:
    out = _LayoutBuilder()
    for page, page_weight in zip(pages, page_weights(pages), strict=True):
        weight = page.labels.known * page_weight * ROWS_A_PAGE / len(page.layout.texts)
        for text, share, w in zip(page.layout.texts, targets(page), weight, strict=True):
            out.add(out.number(word_tokens(text)), w * share, w * (1 - share), page)
    return out.counts()


def _fit(rows: Counts, left_out: int | None, strength: float, kept: int) -> dict[str, float]:
    mask = rows.folds != (-1 if left_out is None else left_out)
    part = rows.matrix[mask]
    sites = rows.sites[mask]
    by_site = csr_matrix(
        (np.ones(len(sites)), (sites, np.arange(len(sites)))), shape=(sites.max() + 1, len(sites))
    )
    presence = by_site @ part
    presence.data[:] = 1
    often = np.flatnonzero(np.asarray(presence.sum(axis=0)).ravel() >= LEAST_SITES)
    part = part[:, often]
    good, bad = rows.good[mask], rows.bad[mask]
    for_, against = good > 1e-7, bad > 1e-7
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
    model.fit(
        vstack([part[for_], part[against]]).tocsr(),
        np.repeat([1, 0], [for_.sum(), against.sum()]),
        sample_weight=np.concatenate([good[for_], bad[against]]),
    )
    weights = model.coef_[0]
    best = np.argsort(-np.abs(weights), kind="stable")[:kept]
    return {
        rows.names[often[n]]: round(float(weights[n]), 2) for n in sorted(best) if abs(weights[n]) >= 0.05
    }
