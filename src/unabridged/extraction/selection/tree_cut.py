"""From evidence about single blocks to a choice that fits the page's tree.

A block likes its own evidence, but every change between a container and what stands directly in it
costs something: an article is few whole subtrees, not a sieve. The cheapest choice is found exactly, by
dynamic programming over two states (in or out) from the leaves to the root, which is out. Several choices
for one page are found at once, one a row, level by level of the tree.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_WORDS = 80.0
"""A block's evidence counts by the root of its words, up to so many: ten long paragraphs are not one."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Containers that matter to a choice. homes: of each block. levels: below the root, from the top: the
    nodes, their parents, the distinct parents, and where the children of each begin.
    """

    count: int
    homes: Ints
    levels: tuple[tuple[Ints, Ints, Ints, Ints], ...]


def build_tree(parents: Ints, homes: Ints) -> Tree:
    """The tree of a page without containers that hold nothing but one other, or one block: there a change
    costs the same on either side of them. parents: of each container, before itself (-1 for the root).
    """
    count = len(parents)
    children = np.bincount(parents[1:], minlength=count) + np.bincount(homes, minlength=count)
    idle = children == 1
    idle[0] = False
    above = np.where(idle, parents, np.arange(count))
    while not np.array_equal(further := above[above], above):
        above = further
    numbers = np.cumsum(~idle) - 1
    nodes = np.flatnonzero(~idle)
    up = numbers[above[np.maximum(parents[nodes], 0)]]
    depth = [0] * len(nodes)
    for node, parent in enumerate(up.tolist()[1:], start=1):
        depth[node] = depth[parent] + 1
    return Tree(len(nodes), numbers[above[homes]], _levels(np.array(depth), up))


def _levels(depth: Ints, up: Ints) -> tuple[tuple[Ints, Ints, Ints, Ints], ...]:
    order = np.argsort(depth, kind="stable")
    parents = up[order]
    bounds = np.searchsorted(depth[order], np.arange(1, int(depth.max(initial=0)) + 2))
    begins = np.flatnonzero(parents[1:] != parents[:-1]) + 1  # of each parent's children; a level begins one
    cuts = np.searchsorted(begins, bounds)
    levels = []
    for place in range(len(bounds) - 1):
        start, end = bounds[place], bounds[place + 1]
        own = begins[cuts[place] : cuts[place + 1]]
        levels.append((order[start:end], parents[start:end], parents[own], own - start))
    return tuple(levels)


def min_cost_labels(tree: Tree, gain: Floats, price: Floats) -> Flags:
    """Which blocks to keep: for each row the greatest gain of the kept less the price of all changes.

    gain: of keeping each block (see `gains`), a row per choice; price: of a change, one per row.
    """
    rows = len(gain)
    cost = price[:, None]
    flat = (np.arange(rows)[:, None] * tree.count + tree.homes).ravel()
    size = rows * tree.count
    inside = np.bincount(flat, np.minimum(-gain, cost).ravel(), size).reshape(rows, tree.count)
    outside = np.bincount(flat, np.minimum(0.0, cost - gain).ravel(), size).reshape(rows, tree.count)
    for nodes, _, above, begins in reversed(tree.levels):
        out, within = outside[:, nodes], inside[:, nodes]
        outside[:, above] += np.add.reduceat(np.minimum(out, within + cost), begins, axis=1)
        inside[:, above] += np.add.reduceat(np.minimum(within, out + cost), begins, axis=1)
    change = inside - outside
    state = np.zeros((rows, tree.count), dtype=np.bool_)
    for nodes, parents, _, _ in tree.levels:
        state[:, nodes] = change[:, nodes] < np.where(state[:, parents], cost, -cost)
    return np.asarray(gain > np.where(state[:, tree.homes], -cost, cost))


def keep_gains(evidence: Floats, size: Floats) -> Floats:
    """What keeping each block is worth: its log-odds by the root of its words."""
    return np.asarray(evidence * np.sqrt(np.minimum(size, MOST_WORDS) + 0.5))
