"""verify, backup, restore, migrate-to, size, as people run them."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Run, Site


@pytest.fixture
def kept(run: Run, site: Site) -> None:
    """An archive with one saved page."""
    words = "The ferry left the harbour before dawn, as it has for forty years, and nobody looked up. " * 9
    page = f"<html><head><title>The ferry</title></head><article><h1>The ferry</h1><p>{words}</p></article>"
    site.answers["/story"] = Canned(body=page.encode())
    assert run("save", f"{site.origin}/story").returncode == 0


def test_a_backup_is_checked_restored_and_moved(run: Run, kept: None, tmp_path: Path) -> None:
    done = run("verify")
    assert done.returncode == 0
    assert b"all is well" in done.stderr
    file, again, moved = (str(tmp_path / name) for name in ("b.db", "again.db", "moved.db"))
    assert run("backup", file).returncode == 0
    refused = run("backup", file)
    assert refused.returncode == 8
    assert b"--replace" in refused.stderr
    assert run("-d", again, "restore", file).returncode == 0
    full = run("-d", again, "restore", file)
    assert full.returncode == 8
    assert b"holds an archive already" in full.stderr
    found = json.loads(run("--json", "-d", again, "migrate-to", moved).stdout)
    assert found["tables"]["articles"] == 1
    assert not found["late"]
    report = json.loads(run("--json", "-d", moved, "size").stdout)
    assert {part["name"]: part["count"] for part in report["parts"]}["raw pages"] == 1
    assert b"raw pages" in run("-d", moved, "size").stdout


def test_damage_is_named_with_an_exit_code(run: Run, kept: None, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    assert run("backup", str(file)).returncode == 0
    raw = sqlite3.connect(file)
    raw.execute("UPDATE snapshots SET body = zeroblob(20)")
    raw.commit()
    raw.close()
    refused = run("-d", str(tmp_path / "c.db"), "restore", str(file))
    assert refused.returncode == 8
    assert b"Nothing was restored" in refused.stderr
    assert run("-d", str(tmp_path / "c.db"), "restore", str(file), "--damaged").returncode == 0
    broken = run("-d", str(tmp_path / "c.db"), "verify")
    assert broken.returncode == 8
    assert b"cannot be read" in broken.stdout
