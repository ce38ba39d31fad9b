"""The strict publisher's mark."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_a_strict_publisher_gives_us_the_full_mark() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.manners"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
