"""Surroundings of children and other programs: no way to the current folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unabridged.processes.programs import find_program, python_command, surroundings


@pytest.mark.parametrize("path", ["", ".", ":", "./", "::.", "sub:.."])
def test_relative_entries_reach_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{path}:/usr/bin:{path}")
    monkeypatch.setenv("PYTHONPATH", f"{path.replace('sub:..', '')}:/srv/modules:")
    assert surroundings()["PATH"] == "/usr/bin"
    assert surroundings()["PYTHONPATH"] == "/srv/modules"
    assert find_program("tool") is None


def test_named_folders_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["src", str(tmp_path)]))
    assert surroundings()["PYTHONPATH"].split(os.pathsep) == [str(tmp_path / "src"), str(tmp_path)]


def test_a_child_imports_ours_and_nothing_of_its_folder(tmp_path: Path) -> None:
    for name in ("json", "unabridged", "nh3"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')\n")
    code = "import json, nh3, unabridged.processes.child; print(unabridged.processes.child.__file__)"
    done = subprocess.run(
        python_command(code), cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=False
    )
    assert (
        Path(done.stdout.strip()) == Path(sys.modules["unabridged"].__path__[0]) / "processes" / "child.py"
    ), done.stderr
