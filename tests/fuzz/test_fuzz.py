"""Mutated pages and feeds break nothing: only errors of ours, within time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def fuzz(kind: str, seconds: int, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.fuzz", kind, "--seconds", str(seconds), "--seed", str(seed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["extract", "feed"])
def test_mutated_input_raises_only_errors_of_ours(kind: str) -> None:
    fuzz(kind, seconds=30, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["extract", "feed"])
@pytest.mark.parametrize("seed", [2, 3])
def test_mutated_input_raises_only_errors_of_ours_for_long(kind: str, seed: int) -> None:
    fuzz(kind, seconds=300, seed=seed)
