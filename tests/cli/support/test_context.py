"""Settings of a command: a broken file is named."""

import os
from pathlib import Path

import pytest

from tests.cli.tools import Run
from unabridged.cli.support.context import CliContext
from unabridged.config import Settings, default_database
from unabridged.errors import ArchiveUnwritable, NotFound


def test_settings_of_a_broken_file_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "u.toml").write_text("[fetch]\ntimeuot = 3\n")
    done = run("--config", str(tmp_path / "u.toml"), "list")
    assert done.returncode == 2
    assert b"timeuot" in done.stderr


READING = [
    ["list"],
    ["articles"],
    ["poll"],
    ["doctor"],
    ["history", "1"],
    ["search", "whale"],
    ["export", "--format", "jsonl"],
    ["digest"],
    ["verify"],
    ["size"],
    ["tag", "list"],
    ["filter", "list"],
    ["searches", "list"],
    ["token", "add", "phone"],
    ["delete", "1", "--yes"],
    ["set", "1", "title=x"],
    ["replay", "--list"],
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_that_reads_makes_no_archive(run: Run, tmp_path: Path, words: list[str]) -> None:
    missing = tmp_path / "mistyped.sqlite"
    done = run("-d", str(missing), *words)
    assert done.returncode == 9
    assert f"There is no archive at {missing}" in done.stderr.decode()
    assert not missing.exists()


def _context(home: Path, database: str | None = None) -> CliContext:
    return CliContext(settings=Settings(home=home, database=database or default_database(home)))


def test_a_new_user_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="unabridged add"):
        _context(tmp_path).archive()


def test_a_command_that_saves_makes_the_data_folder(tmp_path: Path) -> None:
    with _context(tmp_path / "data").archive(create=True) as archive:
        assert archive.library().subscriptions.all() == ()
    assert (tmp_path / "data" / "unabridged.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could make folders anywhere")
def test_root_makes_no_folder_from_a_mistyped_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "root"))
    with pytest.raises(ArchiveUnwritable, match="mkdir -p"):
        _context(tmp_path, f"sqlite:///{tmp_path}/mistyped/a.sqlite").archive(create=True)
    with pytest.raises(ArchiveUnwritable, match="mkdir -p"):
        _context(tmp_path / "mistyped" / "home").archive(create=True)
    assert not (tmp_path / "mistyped").exists()
    with _context(tmp_path, f"sqlite:///{tmp_path}/root/new/a.sqlite").archive(create=True):
        pass
