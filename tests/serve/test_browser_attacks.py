"""Recorded attacks through every view of the reader in Chromium; `python -m bench.xss_reader` tries all."""

import pytest

from bench.corpora import corpus_folder
from bench.xss import read_vectors
from bench.xss_reader import run
from tests.serve.running_app import CHROMIUM

VECTORS = corpus_folder() / "attacks" / "xss-vectors.jsonl"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium"),
    pytest.mark.skipif(not VECTORS.exists(), reason="no corpus here: set UNABRIDGED_CORPUS"),
]


@pytest.mark.parametrize("number", [4, pytest.param(100, marks=pytest.mark.long)])
def test_no_attack_runs_in_any_view_and_raw_ones_do(number: int) -> None:
    vectors = [row["payload"] for row in read_vectors(VECTORS)]
    some = [
        vectors[start :: max(1, len(vectors) // size)] for start, size in ((number // 2, number), (3, 16))
    ]
    found = run(*some)
    assert found.faults == []
    assert found.views > 5 * number
    assert found.control > found.tried // 10, "the control must fire"
