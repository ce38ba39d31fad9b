"""The learnt models of page kinds: probabilities from a page's figures, and evidence of its blocks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.networks import Network, Singles, network_arrays, read_network

PageKind = Literal["article", "forum", "listing", "product", "documentation", "service", "collection"]
KINDS: tuple[PageKind, ...] = get_args(PageKind)
FARTHEST = 4.0
"""Standard deviations at which a figure is cut."""


@dataclass(frozen=True, slots=True)
class KindClassifier:
    """Multinomial logistic regression. weights: a row for each figure, a column for each kind."""

    mean: Singles
    scale: Singles
    weights: Singles
    biases: Singles

    def __call__(self, figures: Singles) -> Mapping[PageKind, float]:
        """Return the probability of every kind; they add up to 1."""
        inputs = np.clip((figures - self.mean) / self.scale, -FARTHEST, FARTHEST)
        logits = inputs @ self.weights + self.biases
        odds = np.exp(logits - logits.max())
        return dict(zip(KINDS, (odds / odds.sum()).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class KindModels:
    """The classifier of pages, and the network over the blocks of pages that are no articles."""

    classifier: KindClassifier
    blocks: Network


def save_kind_models(models: KindModels) -> bytes:
    """Return the models as one .npz file; deterministic."""
    own = models.classifier
    arrays: dict[str, NDArray[np.generic]] = {
        "kinds.mean": own.mean,
        "kinds.scale": own.scale,
        "kinds.weights": own.weights.astype(np.float16),
        "kinds.biases": own.biases,
        **network_arrays("blocks", models.blocks),
    }
    out = BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def read_kind_models(data: bytes) -> KindModels:
    """Return the models of a file written by `save_kind_models`."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return KindModels(
            KindClassifier(
                mean=arrays["kinds.mean"],
                scale=arrays["kinds.scale"],
                weights=arrays["kinds.weights"].astype(np.float32),
                biases=arrays["kinds.biases"],
            ),
            read_network(arrays, "blocks"),
        )


@lru_cache(maxsize=1)
def shipped_kind_models() -> KindModels:
    """Return the models of this release, read once."""
    return read_kind_models(files("unabridged.extraction").joinpath("data/kinds.npz").read_bytes())


_current: ContextVar[KindModels | None] = ContextVar("kind_models", default=None)


@contextmanager
def use_kind_models(models: KindModels) -> Iterator[None]:
    """Decide kinds with other models than the shipped ones, inside a with statement; for evaluation."""
    token = _current.set(models)
    try:
        yield
    finally:
        _current.reset(token)


def current_kind_models() -> KindModels:
    """Return the models in use: the shipped ones, unless `use_kind_models` is active."""
    return _current.get() or shipped_kind_models()
