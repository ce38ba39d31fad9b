"""The learnt models: small, read as written, applied in slices; and the tokens that they weigh."""

from importlib.resources import files

import numpy as np

from unabridged.extraction.selection.networks import (
    Models,
    Network,
    current_models,
    read_models,
    save_models,
    shipped_models,
    use_models,
)
from unabridged.extraction.selection.token_tables import TokenTables

MOST_BYTES = 300_000


def network(inputs: int, seed: int = 0) -> Network:
    random = np.random.default_rng(seed)
    return Network(
        mean=np.zeros(inputs, np.float32),
        scale=np.ones(inputs, np.float32),
        weights=(
            random.normal(size=(inputs, 8)).astype(np.float16).astype(np.float32),
            random.normal(size=(8, 1)).astype(np.float16).astype(np.float32),
        ),
        biases=(np.zeros(8, np.float32), np.zeros(1, np.float32)),
    )


def models() -> Models:
    tables = TokenTables({"<p": 1.5, "story": 0.5}, {"": 0.25, "a": -2.0}, {"^read": -1.0})
    return Models(tables, network(5), network(4, seed=1))


def test_the_shipped_models_stay_small() -> None:
    assert len(files("unabridged.extraction").joinpath("data/text.npz").read_bytes()) <= MOST_BYTES


def test_models_are_read_as_they_were_written() -> None:
    written, back = models(), read_models(save_models(models()))
    assert (back.tables.containers, back.tables.openers) == (
        written.tables.containers,
        written.tables.openers,
    )
    rows = np.random.default_rng(2).normal(size=(7, 5)).astype(np.float32)
    assert np.allclose(back.blocks(rows), written.blocks(rows))


def test_the_same_models_are_the_same_bytes() -> None:
    assert save_models(models()) == save_models(models())


def test_a_long_table_gives_row_by_row_what_each_row_gives_alone() -> None:
    wide = network(60_000)
    rows = np.random.default_rng(3).normal(size=(5, 60_000)).astype(np.float32)
    together = wide(rows)
    assert np.allclose(together, [wide(rows[n : n + 1])[0] for n in range(5)], rtol=1e-4)


def test_inputs_far_from_all_training_are_clipped() -> None:
    plain = network(3)
    assert plain(np.full((1, 3), 1e9, np.float32)) == plain(np.full((1, 3), 4.0, np.float32))


def test_other_models_hold_only_inside_the_with_statement() -> None:
    others = models()
    with use_models(others):
        assert current_models() is others
    assert current_models() is shipped_models()
