"""From evidence about single blocks to a choice that fits the page's tree.

A block likes its own evidence, but every change between a container and what stands directly in it
costs something: an article is few whole subtrees, not a sieve. The cheapest choice is found exactly, by
dynamic programming over two states (in or out) from the leaves to the root, which is out.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_WORDS = 80.0
"""A block's evidence counts by the root of its words, up to so many: ten long paragraphs are not one."""


def settle(parents: list[int], homes: NDArray[np.int64], gain: Floats, price: float) -> Flags:
    """Which blocks to keep, for the greatest gain of the kept minus `price` for every change on the tree.

    parents: of each container, earlier than itself (-1 for the root); homes: each block's container.
    gain: of keeping each block (see `gains`). Linear in containers and blocks.
    """
    count = len(parents)
    inside = np.bincount(homes, np.minimum(-gain, price), minlength=count).tolist()
    outside = np.bincount(homes, np.minimum(0.0, price - gain), minlength=count).tolist()
    for index in range(count - 1, 0, -1):
        parent, out, within = parents[index], outside[index], inside[index]
        outside[parent] += min(out, within + price)
        inside[parent] += min(within, out + price)
    state = [False] * count
    for index in range(1, count):
        change = inside[index] - outside[index]
        state[index] = change < price if state[parents[index]] else change < -price
    kept_home = np.array(state)[homes]
    return np.asarray(np.where(kept_home, gain > -price, gain > price))


def gains(evidence: Floats, size: Floats) -> Floats:
    """What keeping each block is worth: its log-odds by the root of its words."""
    return np.asarray(evidence * np.sqrt(np.minimum(size, MOST_WORDS) + 0.5))
