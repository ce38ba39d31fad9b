"""Minimum-cost labelling of a page's tree: from evidence about single blocks to a selection.

Each block prefers the label of its own evidence, but every change of label between a container and its direct
content has a price: an article is a few whole subtrees. Dynamic programming over two labels (in or out), from
the leaves to the root (out), finds the exact minimum. Several labellings of one page are computed together,
one per row, level by level of the tree.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_WORDS = 80.0
"""A block's evidence is weighted by the root of its words, up to this many."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The containers that matter for a labelling.

    homes: the container of each block. levels: below the root, from the top: the nodes, their parents, the
    distinct parents, and where the children of each begin.
    """

    count: int
    homes: Ints
    levels: tuple[tuple[Ints, Ints, Ints, Ints], ...]


def build_tree(parents: Ints, homes: Ints) -> Tree:
    """Build the tree of a page without containers that hold only one container or block: a change costs the
    same above or below them. parents: of each container, before itself (-1 for the root)."""
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
    """Return the blocks to keep: for each row the maximum of the gains of kept blocks less the price of all
    changes.

    gain: of keeping each block (see `keep_gains`), one row per labelling; price: of a change, one per row.
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
    """Return the gain of keeping each block: its log-odds, weighted by the root of its words."""
    return np.asarray(evidence * np.sqrt(np.minimum(size, MOST_WORDS) + 0.5))
