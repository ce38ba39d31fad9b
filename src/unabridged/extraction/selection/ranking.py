"""Features of candidate selections for the ranking network.

The network predicts the F1 of each candidate. It was trained on candidates of pages whose hosts the models
had not seen.
"""

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.candidates import NAMES, Candidate
from unabridged.extraction.selection.columns import NAMES as COLUMNS
from unabridged.extraction.selection.columns import Columns, Floats, PageArrays, prefix_sums

AVERAGED = (
    "linked", "stop", "words", "hidden", "repeated", "description start", "described", "title words",
    "class sum", "class least", "class over typical", "in data", "is p", "is item",
    "in article", "in aside", "before title",
)  # fmt: skip
"""Block features of which the mean over the words of a candidate is used."""
OF_PAGE = (
    "page blocks", "page prose", "page purity", "page hidden", "page title words", "cjk", "has title",
    "best share", "class typical",
)  # fmt: skip

FIGURES_OF_PAGE = len(OF_PAGE) + 5
"""Figures that all candidates of a page share: these, and five more. They stand before those by name."""

_AVERAGED = [COLUMNS.index(name) for name in AVERAGED]
_OF_PAGE = [COLUMNS.index(name) for name in OF_PAGE]
_NAMED = {name: [float(name == other) for other in NAMES] for name in NAMES}


def ranking_features(
    arrays: PageArrays, table: Columns, evidence: Floats, candidates: list[Candidate]
) -> NDArray[np.float32]:
    """Return a row of features per candidate. table: columns of block features, by name."""
    kept = np.array([candidate.kept for candidate in candidates], dtype=np.float64)
    certain = arrays.size * np.maximum(evidence, 0.0)
    own = np.array([*_amounts(arrays, kept, evidence, certain), *_means(arrays, table, kept, evidence)])
    page = table.table[_OF_PAGE, 0].tolist()
    page += [float(evidence.max()), _upper_tenth(evidence), float(np.log1p(certain.sum()))]
    page += [float(np.abs(table["in data"]).max()), float(len(candidates))]
    figures = np.empty((len(candidates), len(own) + len(page) + len(NAMES)), dtype=np.float32)
    figures[:, : len(own)] = own.T
    figures[:, len(own) : -len(NAMES)] = page
    figures[:, -len(NAMES) :] = [_NAMED[candidate.name] for candidate in candidates]
    return figures


def _amounts(arrays: PageArrays, kept: Floats, evidence: Floats, certain: Floats) -> list[Floats]:
    """Return how much each candidate keeps and leaves of words, prose and evidence, and its agreement with
    others."""
    size, prose = arrays.size, arrays.prose
    words, kept_prose = kept @ size, kept @ prose
    agreement = _agreement(kept, size)
    return [
        np.log1p(words),
        words / size.sum(),
        kept_prose / max(prose.sum(), 1.0),
        kept_prose / np.maximum(words, 1.0),
        (kept @ certain) / max(certain.sum(), 1.0),
        np.log1p((1 - kept) @ certain),
        np.log1p(kept @ (size * np.maximum(-evidence, 0.0))),
        agreement.mean(axis=1),
        agreement[:, 0],
        *_shape(kept, size),
    ]


def _means(arrays: PageArrays, table: Columns, kept: Floats, evidence: Floats) -> list[Floats]:
    """Return means by words over the blocks of each candidate, and its share of blocks like the title."""
    weighted = kept * arrays.size
    columns = np.empty((len(AVERAGED) + 2, len(evidence)))
    columns[:-2] = table.table[_AVERAGED]
    columns[-2], columns[-1] = evidence, evidence > 0
    means = weighted @ columns.T / np.maximum(weighted.sum(axis=1), 1.0)[:, None]
    similarity = np.minimum(table["title words"], 0.5)
    part = (kept @ similarity) / max(similarity.sum(), 0.1)
    return [*means.T, part, (kept @ similarity) / np.maximum(kept @ (arrays.prose > 0), 1.0)]


def _agreement(kept: Floats, size: Floats) -> Floats:
    """Return the words two candidates share as a share of those either keeps, for all pairs."""
    common = (kept * size) @ kept.T
    own = np.diag(common)
    return np.asarray(common / np.maximum(own[:, None] + own[None, :] - common, 1.0))


def _shape(kept: Floats, size: Floats) -> list[NDArray[np.float64]]:
    """Return the compactness of the kept blocks: runs, filled share of their span, positions of their
    ends."""
    count = kept.shape[1]
    pieces = np.abs(kept[:, 1:] - kept[:, :-1]).sum(axis=1) + kept[:, 0]
    first = kept.argmax(axis=1)
    last = count - 1 - kept[:, ::-1].argmax(axis=1)
    total = prefix_sums(size)
    span = total[last + 1] - total[first]
    return [np.log1p(pieces), (kept @ size) / np.maximum(span, 1.0), first / count, last / count]


def _upper_tenth(values: Floats) -> float:
    """Return the 0.9 quantile (numpy's quantile takes longer than all other features of a page)."""
    ordered = np.sort(values)
    place = 0.9 * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))
