"""Candidate selections: different answers to "which blocks are the article?", each right where others fail.

The tree's answer at several levels of trust in the evidence (a page as a whole may look more or less like an
article than it is) and several prices of a change; the inside of the best container; the text after the
title. `ranking` chooses among them.
"""

from dataclasses import dataclass

import numpy as np

from unabridged.extraction.selection.columns import Floats, PageArrays, prefix_sums
from unabridged.extraction.selection.features import PageFeatures, smallest
from unabridged.extraction.selection.tree_cut import Flags, build_tree, keep_gains, min_cost_labels

TREES = (
    ("tree", 0.0, 3.0),
    ("loose tree", 0.0, 1.0),
    ("generous", 1.2, 3.0),
    ("more generous", 2.5, 3.0),
    ("most generous", 4.0, 3.0),
    ("strict", -1.2, 3.0),
    ("stricter", -2.5, 3.0),
    ("loose generous", 1.2, 1.0),
    ("loose strict", -1.2, 1.0),
)
"""Name; log-odds added to every block of the page before the labelling; price of a change in it."""
CONTAINERS = ("best container", "around best container", "holder", "after title")
NAMES = (*(name for name, _, _ in TREES), *CONTAINERS)
_TRUSTS = np.array([trust for _, trust, _ in TREES])[:, None]
_PRICES = np.array([price for _, _, price in TREES] + [TREES[0][2]] * len(CONTAINERS))
OUTSIDE = -9.0
"""Evidence of the title, and of blocks outside the container that is taken for the article."""
CAPTION = 6.0
"""Log-odds against a caption: some true texts of the training set contain captions, ours do not."""
LEVEL = 1.5
"""Inside the container, evidence is raised until that of its prose has this mean."""
LEAST_WORDS = 25.0


@dataclass(slots=True)
class Candidate:
    """One answer. kept: a flag per block."""

    name: str
    kept: Flags


def make_candidates(features: PageFeatures, evidence: Floats) -> list[Candidate]:
    """Return all candidates for a page, without duplicates.

    evidence: log-odds of each block. By convention the title and captions are not part of an article's text,
    whatever their evidence.
    """
    arrays, titled = features.arrays, features.titled
    evidence = np.where(features.captions, evidence - CAPTION, evidence)
    if titled >= 0 and features.columns["title"][titled]:
        evidence[titled] = OUTSIDE
    best = arrays.best
    places = (
        best,
        max(int(arrays.parent[best]), 0),
        smallest_holder(arrays, 0.8),
        title_container(arrays, evidence, titled),
    )
    rows = np.full((len(NAMES), len(evidence)), OUTSIDE)
    np.add(evidence, _TRUSTS, out=rows[: len(TREES)])
    for row, place in zip(rows[len(TREES) :], places, strict=True):
        _boost(row, arrays, evidence, place)
    kept = min_cost_labels(build_tree(arrays.parent, arrays.home), keep_gains(rows, arrays.size), _PRICES)
    distinct: dict[bytes, Candidate] = {}
    for name, flags, some in zip(NAMES, kept, np.any(kept, axis=1), strict=True):
        if name == "tree" or some:
            distinct.setdefault(flags.tobytes(), Candidate(name, flags))
    return list(distinct.values())


def smallest_holder(arrays: PageArrays, share: float) -> int:
    """Return the smallest container with at least this share of the page's prose."""
    enough = arrays.within("prose") >= share * arrays.sums["prose"][-1] - 1e-9
    return smallest(arrays.within("size"), enough)


def _boost(row: Floats, arrays: PageArrays, evidence: Floats, container: int) -> None:
    """Fill in the evidence as if a container were the article: raised inside it, left OUTSIDE elsewhere."""
    first, end = int(arrays.first[container]), int(arrays.end[container])
    own = evidence[first:end]
    weights = arrays.prose[first:end] + 1e-6
    level = float((own * weights).sum() / weights.sum())  # np.average takes ten times as long
    row[first:end] = own + max(0.0, LEVEL - level)


def title_container(arrays: PageArrays, evidence: Floats, titled: int) -> int:
    """Return the smallest container of the title that also holds possible article text; else the root."""
    if titled < 0:
        return 0
    words = np.where((evidence > -LEVEL) & (arrays.prose > 0), arrays.prose, 0.0)
    words[: titled + 1] = 0.0
    total = prefix_sums(words)
    at = int(arrays.home[titled])
    while at > 0 and total[arrays.end[at]] - total[arrays.first[at]] < LEAST_WORDS:
        at = int(arrays.parent[at])
    return at
