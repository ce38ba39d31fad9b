"""Fit the small networks with numpy alone: rectified layers, Adam, weight decay, a fixed seed."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unabridged.extraction.selection.networks import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Settings of a fit.

    squares: fit a number (else a probability). drop: share of inputs hidden at each step. batch: rows (or
    groups of rows) of a step. within: weight of an error's difference from the mean of its group, relative to
    that mean. blind: inputs that the network must not use.
    """

    hidden: tuple[int, ...]
    steps: int
    squares: bool = False
    batch: int = 1024
    rate: float = 2e-3
    decay: float = 2e-4
    drop: float = 0.1
    within: float = 1.0
    blind: tuple[int, ...] = ()


def fit(
    rows: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray,
    recipe: Recipe,
    seed: int = 0,
    sizes: np.ndarray | None = None,
) -> Network:
    """Train one network. Rows are drawn by the root of their weight; the rest of it scales their loss.

    sizes: of groups of consecutive rows that are drawn together (weights are equal in each); None: no groups.
    """
    mean = np.average(rows, axis=0, weights=weight).astype(np.float32)
    scale = (np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weight)) + 1e-3).astype(np.float32)
    inputs = np.clip((rows - mean) / scale, -4, 4).astype(np.float32)
    inputs[:, recipe.blind] = 0
    random = np.random.default_rng(seed)
    widths = (rows.shape[1], *recipe.hidden, 1)
    weights = [random.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32) for a, b in pairwise(widths)]
    weights[-1] *= 0.1
    weights[0][recipe.blind, :] = 0
    biases = [np.zeros(b, np.float32) for b in widths[1:]]
    biases[-1] += np.average(target, weights=weight) if recipe.squares else 0.0
    groups = _Groups(weight, sizes if sizes is not None else np.ones(len(rows), np.int64))
    adam = _Adam([*weights, *biases])
    for step in range(1, recipe.steps + 1):
        picked, rest, drawn = groups.draw(random, recipe.batch)
        batch = inputs[picked]
        if recipe.drop:
            batch = batch * (random.random(batch.shape, dtype=np.float32) > recipe.drop)
        gradients = _gradients(weights, biases, batch, (target[picked], rest, drawn), recipe)
        warm = min(1.0, step / 100) * 0.5 * (1 + np.cos(np.pi * step / recipe.steps))
        adam.step(gradients, recipe.rate * warm)
    return Network(mean=mean, scale=scale, weights=tuple(weights), biases=tuple(biases))


class _Groups:
    """Groups of rows to draw from, by the root of their weight."""

    def __init__(self, weight: np.ndarray, sizes: np.ndarray) -> None:
        self.sizes = sizes
        self.starts = np.cumsum(sizes) - sizes
        draw = np.sqrt(weight[self.starts])
        self.chances = np.cumsum(draw)
        self.rest = (draw / np.average(draw, weights=draw)).astype(np.float32)

    def draw(self, random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return row numbers, the rest of their weight, and the sizes of the drawn groups."""
        drawn = np.searchsorted(self.chances, random.random(count) * self.chances[-1])
        drawn = np.minimum(drawn, len(self.sizes) - 1)
        sizes = self.sizes[drawn]
        begins = np.cumsum(sizes) - sizes
        picked = np.repeat(self.starts[drawn] - begins, sizes) + np.arange(sizes.sum())
        return picked, np.repeat(self.rest[drawn], sizes), sizes


def _gradients(
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    batch: np.ndarray,
    wanted: tuple[np.ndarray, np.ndarray, np.ndarray],
    recipe: Recipe,
) -> list[np.ndarray]:
    target, rest, sizes = wanted
    layers = [batch]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        layers.append(np.maximum(layers[-1] @ weight + bias, 0))
    out = (layers[-1] @ weights[-1] + biases[-1])[:, 0]
    guess = out if recipe.squares else 1 / (1 + np.exp(-np.clip(out, -30, 30)))
    error = guess - target
    if recipe.within != 1.0:
        mean = np.add.reduceat(error, np.cumsum(sizes) - sizes) / sizes
        error = recipe.within * error + (1 - recipe.within) * np.repeat(mean, sizes)
    error = (error * rest / len(batch)).astype(np.float32)[:, None]
    by_weight, by_bias = [], []
    for level in range(len(weights) - 1, -1, -1):
        by_weight.append(layers[level].T @ error + recipe.decay * weights[level])
        by_bias.append(error.sum(axis=0))
        if level:
            error = (error @ weights[level].T) * (layers[level] > 0)
    return [*reversed(by_weight), *reversed(by_bias)]


class _Adam:
    """Kingma and Ba, 2014 (https://arxiv.org/abs/1412.6980)."""

    def __init__(self, parameters: list[np.ndarray]) -> None:
        self.parameters = parameters
        self.first = [np.zeros_like(p) for p in parameters]
        self.second = [np.zeros_like(p) for p in parameters]
        self.count = 0

    def step(self, gradients: list[np.ndarray], rate: float) -> None:
        self.count += 1
        for parameter, first, second, gradient in zip(
            self.parameters, self.first, self.second, gradients, strict=True
        ):
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            unbiased = first / (1 - 0.9**self.count)
            parameter -= (rate * unbiased / (np.sqrt(second / (1 - 0.999**self.count)) + 1e-8)).astype(
                np.float32
            )


def stack(networks: list[Network]) -> Network:
    """Combine networks of one input: hidden layers side by side, block by block; the output is their mean."""
    first = networks[0]
    weights: list[np.ndarray] = []
    biases: list[np.ndarray] = []
    for level in range(len(first.weights)):
        parts = [network.weights[level] for network in networks]
        tops = [network.biases[level] for network in networks]
        if level == 0:
            weights.append(np.concatenate(parts, axis=1))
            biases.append(np.concatenate(tops))
        elif level == len(first.weights) - 1:
            weights.append(np.concatenate(parts, axis=0) / len(networks))
            biases.append(np.sum(tops, axis=0) / len(networks))
        else:
            weights.append(_diagonal(parts))
            biases.append(np.concatenate(tops))
    return Network(mean=first.mean, scale=first.scale, weights=tuple(weights), biases=tuple(biases))


def _diagonal(parts: list[np.ndarray]) -> np.ndarray:
    out = np.zeros((sum(p.shape[0] for p in parts), sum(p.shape[1] for p in parts)), np.float32)
    row = column = 0
    for part in parts:
        out[row : row + part.shape[0], column : column + part.shape[1]] = part
        row, column = row + part.shape[0], column + part.shape[1]
    return out
