"""Selection of the text of pages that are no articles: lists, shops, forums.

Such a page has no one run of prose. So every block counts for itself: those are kept that together have the
highest expected F1, given the log-odds of each by a network that was trained on pages of these kinds.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.columns import Floats
from unabridged.extraction.selection.kinds.models import KINDS, KindModels, PageKind
from unabridged.extraction.selection.kinds.products import DescribedProduct

TREATED: Mapping[PageKind, float] = {"forum": 0.35, "listing": 0.0, "product": 0.0, "collection": 0.0}
"""Kinds whose blocks count for themselves; the share of the articles' network in their evidence."""
LEAST_TREATED, MOST_ARTICLE = 0.35, 0.35
"""Least probability of these kinds together, and the highest of an article, for a page that is treated as one
of them. Of 2,241 articles of other sets, only forum threads and products are."""
SCALE = 3.0
"""Divisor of the log-odds of the articles' network among the inputs."""
MOST_ODDS = 20.0
DESCRIBED, BESIDE_DESCRIBED = 6.0, -3.0
"""Log-odds added to the blocks of a whole description, and to all others of its page."""


def is_treated(kinds: Mapping[PageKind, float]) -> bool:
    """Say whether a page is probably a list, a product, a collection or a forum, and probably no article."""
    return kinds["article"] <= MOST_ARTICLE and sum(kinds[kind] for kind in TREATED) >= LEAST_TREATED


def content_blocks(
    rows: NDArray[np.float32],
    scores: Floats,
    size: Floats,
    kinds: Mapping[PageKind, float],
    product: DescribedProduct,
    models: KindModels,
) -> tuple[list[int], float]:
    """Return the kept blocks of a page that is no article, and their expected F1.

    rows, scores: features of the blocks, and their log-odds for articles.
    """
    own = models.blocks(block_inputs(rows, scores, size, kinds, product.flags))
    if product.whole:
        own = own + np.where(product.flags > 0, DESCRIBED, BESIDE_DESCRIBED)
    share = sum(weight * kinds[kind] for kind, weight in TREATED.items()) / sum(
        kinds[kind] for kind in TREATED
    )
    return highest_expected_f1((1 - share) * own + share * scores, size)


def block_inputs(
    rows: NDArray[np.float32],
    scores: Floats,
    size: Floats,
    kinds: Mapping[PageKind, float],
    described: Floats,
) -> NDArray[np.float32]:
    """Return the inputs of the network over blocks: a row for each block.

    described: 1 for blocks of a product's declared description, else 0.
    """
    words = float((described * size).sum())
    page = [np.log1p(words), words / float(size.sum()), *(kinds[kind] for kind in KINDS)]
    inputs = np.empty((len(rows), rows.shape[1] + 2 + len(page)), dtype=np.float32)
    inputs[:, : rows.shape[1]] = rows
    inputs[:, rows.shape[1]] = scores / SCALE
    inputs[:, rows.shape[1] + 1] = described
    inputs[:, rows.shape[1] + 2 :] = page
    return inputs


def highest_expected_f1(evidence: Floats, size: Floats) -> tuple[list[int], float]:
    """Return the blocks that together have the highest expected F1 by words, in order, and that F1.

    They are the most probable ones (D. D. Lewis, Evaluating and optimizing autonomous text classification
    systems, 1995); how many is told by the F1 of each number of them.
    """
    chance = 1 / (1 + np.exp(-np.clip(evidence, -MOST_ODDS, MOST_ODDS)))
    order = np.argsort(-chance, kind="stable")
    right, given = np.cumsum((chance * size)[order]), np.cumsum(size[order])
    expected = 2 * right / (given + right[-1])
    count = int(expected.argmax()) + 1
    return sorted(order[:count].tolist()), float(expected[count - 1])
