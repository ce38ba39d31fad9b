"""Mutated pages and feeds break nothing: only errors of ours, within time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def fuzz(kind: str, inputs: int, seconds: int, seed: int) -> None:
    limits = ("--inputs", str(inputs), "--seconds", str(seconds), "--seed", str(seed))
    done = subprocess.run(
        [sys.executable, "-m", "bench.fuzz", kind, *limits],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("kind", "inputs"), [("extract", 150), ("feed", 500)])
def test_mutated_input_raises_only_errors_of_ours(kind: str, inputs: int) -> None:
    fuzz(kind, inputs, seconds=30, seed=1)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "inputs"), [("extract", 20_000), ("feed", 50_000)])
def test_mutated_input_raises_only_errors_of_ours_for_long(kind: str, inputs: int) -> None:
    fuzz(kind, inputs, seconds=900, seed=2)
