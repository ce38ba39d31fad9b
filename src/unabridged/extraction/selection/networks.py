"""The learnt models for selecting blocks: token tables and small networks, as plain arrays."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.token_tables import TokenTables

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """A small network of rectified layers with one output.

    mean, scale: of its inputs, clipped to ± 4. weights[i], biases[i]: layer i. Several networks may be
    stacked side by side; the output is their mean.
    """

    mean: Singles
    scale: Singles
    weights: tuple[Singles, ...]
    biases: tuple[Singles, ...]

    def __call__(self, rows: Singles) -> NDArray[np.float64]:
        """Return the output of every row.

        Computed as a stack of small products: OpenBLAS wakes a second thread for a product of more than 2^18
        multiplications, which costs more than these take.
        """
        height = max(1, (1 << 18) // self.weights[0].size)
        count = len(rows)
        layer = np.zeros((-(-count // height) * height, rows.shape[1]), dtype=np.float32)
        np.subtract(rows, self.mean, out=layer[:count])
        layer[:count] /= self.scale
        np.minimum(layer, np.float32(4.0), out=layer)
        np.maximum(layer, np.float32(-4.0), out=layer)
        stack = layer.reshape(-1, height, rows.shape[1])
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            stack = stack @ weight
            stack += bias
            np.maximum(stack, 0.0, out=stack)
        return np.asarray((stack @ self.weights[-1] + self.biases[-1]).ravel()[:count], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Models:
    """The learnt models: token tables, the network over blocks, the ranking network over candidates."""

    tables: TokenTables
    blocks: Network
    ranker: Network


def save_models(models: Models) -> bytes:
    """Return the models as one .npz file; deterministic."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in ("containers", "openers", "texts"):
        table = getattr(models.tables, name)
        arrays[f"{name}.tokens"] = np.frombuffer("\n".join(table).encode(), dtype=np.uint8)
        arrays[f"{name}.values"] = np.array(list(table.values()), dtype=np.float16)
    arrays |= network_arrays("blocks", models.blocks) | network_arrays("chooser", models.ranker)
    out = BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def read_models(data: bytes) -> Models:
    """Return the models of a file written by `save_models`."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        tables = TokenTables(_table(arrays, "containers"), _table(arrays, "openers"), _table(arrays, "texts"))
        return Models(tables, read_network(arrays, "blocks"), read_network(arrays, "chooser"))


@lru_cache(maxsize=1)
def shipped_models() -> Models:
    """Return the models of this release, read once."""
    return read_models(files("unabridged.extraction").joinpath("data/text.npz").read_bytes())


_current_models: ContextVar[Models | None] = ContextVar("models", default=None)


@contextmanager
def use_models(models: Models) -> Iterator[None]:
    """Select blocks with other models than the shipped ones, inside a with statement; for evaluation."""
    token = _current_models.set(models)
    try:
        yield
    finally:
        _current_models.reset(token)


def current_models() -> Models:
    """Return the models in use: the shipped ones, unless `use_models` is active."""
    return _current_models.get() or shipped_models()


def _table(arrays: "np.lib.npyio.NpzFile", name: str) -> dict[str, float]:
    tokens = arrays[f"{name}.tokens"].tobytes().decode().split("\n")
    return dict(zip(tokens, arrays[f"{name}.values"].astype(float).tolist(), strict=True))


def network_arrays(name: str, network: Network) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a network for a file, by names that begin with its own."""
    arrays: dict[str, NDArray[np.generic]] = {f"{name}.mean": network.mean, f"{name}.scale": network.scale}
    for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays[f"{name}.weight{layer}"] = weight.astype(np.float16)
        arrays[f"{name}.bias{layer}"] = bias
    return arrays


def read_network(arrays: "np.lib.npyio.NpzFile", name: str) -> Network:
    """Return the network that `network_arrays` put into a file."""
    layers = sum(key.startswith(f"{name}.weight") for key in arrays.files)
    return Network(
        mean=arrays[f"{name}.mean"],
        scale=arrays[f"{name}.scale"],
        weights=tuple(arrays[f"{name}.weight{n}"].astype(np.float32) for n in range(layers)),
        biases=tuple(arrays[f"{name}.bias{n}"].astype(np.float32) for n in range(layers)),
    )
