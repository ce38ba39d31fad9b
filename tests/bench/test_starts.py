"""The table of starts: what is measured, and what it shows."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.starts import OTHER_PAGE, PROMISED, cpu_seconds, measure, programs, starts_table


def test_every_program_runs_once_a_round_and_the_first_round_is_not_counted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    write = f"open({str(log)!r}, 'a').write"
    spent = measure({name: [sys.executable, "-c", f"{write}({name!r})"] for name in "ab"}, 2)
    assert log.read_text() == "ababab"
    assert [len(times) for times in spent.values()] == [2, 2]
    assert all(seconds > 0 for times in spent.values() for seconds in times)


def test_a_program_that_fails_is_not_measured() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        cpu_seconds([sys.executable, "-c", "raise SystemExit(3)"])


def test_all_programs_run(tmp_path: Path) -> None:
    found = programs(tmp_path, OTHER_PAGE)
    assert set(PROMISED) < set(found)
    for name in PROMISED:
        assert cpu_seconds(found[name]) > 0


def test_the_table_compares_with_the_import_of_numpy() -> None:
    told = StringIO()
    spent = {"import numpy": [0.1, 0.1, 0.2], "unabridged --help": [0.3, 0.2, 0.25]}
    Console(file=told, width=120).print(starts_table(spent))
    row = next(line for line in told.getvalue().splitlines() if "--help" in line)
    assert "0.250" in row and "0.200" in row and "2.5 ×" in row and "0.10" in row
