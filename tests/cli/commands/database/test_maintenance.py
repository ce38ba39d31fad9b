"""verify, backup, restore, migrate-to, size, as people run them."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, a_page, an_article
from tests.cli.tools import Run
from unabridged.archive import Archive


@pytest.fixture
def kept(empty_file: Path, home: Path) -> None:
    """An archive with one saved page."""
    words = "The ferry left the harbour before dawn, as it has for forty years, and nobody looked up. " * 9
    url = "https://news.example/ferry"
    home.mkdir()
    shutil.copy(empty_file, home / "unabridged.sqlite")
    with Archive(str(home / "unabridged.sqlite")) as archive:
        article = an_article(url, title="The ferry", text=words)
        archive.library().articles.save(article, a_page(url, f"<p>{words}</p>".encode()), now=NOW)


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


HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "all":
    held.execute("PRAGMA locking_mode=EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
held.execute("UPDATE users SET name = name")
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def hold(home: Path) -> Iterator[Callable[[str], None]]:
    """Have another program hold the archive: its writes ("writes"), or all of it ("all")."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(what: str) -> None:
        words = [sys.executable, "-c", HOLD, str(home / "unabridged.sqlite"), what]
        started.append(subprocess.Popen(words, stdout=subprocess.PIPE))
        assert started[-1].stdout is not None and started[-1].stdout.readline() == b"held\n"

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def impatient(home: Path) -> str:
    """The archive's address, with a second of waiting for other programs instead of twenty."""
    return f"sqlite:///{home / 'unabridged.sqlite'}?timeout=1"


@pytest.mark.parametrize("what", ["writes", "all"])
def test_a_sound_archive_that_is_held_is_not_called_broken(
    run: Run, kept: None, hold: Callable[[str], None], impatient: str, what: str
) -> None:
    hold(what)
    done = run("--database", impatient, "verify")
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 10
    assert "locked by another program" in said and "try again later" in said
    assert "restore" not in said and "reindex" not in said and " 1 broken" not in said


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["tag", "add", "1", "x"], ["poll"]])
def test_a_held_archive_is_said_to_be_held_without_a_traceback(
    run: Run, kept: None, hold: Callable[[str], None], impatient: str, words: list[str]
) -> None:
    hold("writes")
    done = run("--database", impatient, *words)
    assert done.returncode == 10
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"Error: ") and b"locked by another program" in done.stderr


def test_an_archive_that_cannot_be_written_is_not_called_broken(run: Run, kept: None, home: Path) -> None:
    bound = ["mount", "--bind", str(home), str(home)]
    if os.geteuid() != 0 or subprocess.run(bound, capture_output=True, check=False).returncode:
        pytest.skip("making a folder read-only for root needs root")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(home)], check=True)
        done = run("verify")
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=True)
    assert done.returncode == 10, done.stderr
    assert b"broken" not in done.stderr.replace(b"nothing is broken", b"") and b"restore" not in done.stderr
