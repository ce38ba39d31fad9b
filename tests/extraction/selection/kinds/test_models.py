"""The learnt models of kinds: small, read as written, in use only where they are set."""

from importlib.resources import files

import numpy as np
import pytest

from unabridged.extraction.selection.kinds.figures import NAMES
from unabridged.extraction.selection.kinds.models import (
    KINDS,
    current_kind_models,
    read_kind_models,
    save_kind_models,
    shipped_kind_models,
    use_kind_models,
)

MOST_BYTES = 60_000


def test_probabilities_add_up_to_one() -> None:
    own = shipped_kind_models().classifier
    found = own(np.full(len(NAMES), 1e6, np.float32))
    assert set(found) == set(KINDS)
    assert sum(found.values()) == pytest.approx(1.0)


def test_models_are_read_as_they_were_written_and_stay_small() -> None:
    data = files("unabridged.extraction").joinpath("data/kinds.npz").read_bytes()
    assert len(data) <= MOST_BYTES
    assert save_kind_models(read_kind_models(data)) == save_kind_models(shipped_kind_models())


def test_other_models_hold_only_inside() -> None:
    others = read_kind_models(save_kind_models(shipped_kind_models()))
    with use_kind_models(others):
        assert current_kind_models() is others
    assert current_kind_models() is shipped_kind_models()
