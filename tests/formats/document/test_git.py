"""Commits into repositories that somebody else prepared: nothing that they name is executed or written to."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.planted_files import evil_program, plant_repository
from unabridged.errors import ExportError
from unabridged.formats.document.git import commit_tree

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with two documents and a list."""
    folder = tmp_path / "tree"
    for name in ("articles/paper/1.md", "articles/paper/2.md", "lists/paper.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"of {name}\n")
    return folder


@pytest.fixture
def marker(tmp_path: Path) -> tuple[Path, Path]:
    """A program, and the file that it makes when it is executed."""
    return evil_program(tmp_path)


def test_no_program_that_a_repository_names_is_executed(tree: Path, marker: tuple[Path, Path]) -> None:
    program, mark = marker
    git(tree, "init", "--quiet")
    plant_repository(tree, program)

    assert commit_tree(tree, "first")
    (tree / "articles" / "paper" / "1.md").write_text("another text\n")
    (tree / "articles" / "paper" / "2.md").unlink()
    assert commit_tree(tree, "second")
    assert not commit_tree(tree, "third")

    assert not mark.exists()
    assert git(tree, "log", "--format=%s", "--no-show-signature").split() == ["second", "first"]
    assert git(tree, "ls-tree", "-r", "--name-only", "HEAD").split() == [
        "articles/paper/1.md",
        "lists/paper.md",
    ]
    assert git(tree, "cat-file", "blob", "HEAD:articles/paper/1.md") == "another text\n"


def test_the_same_repository_does_execute_them_for_git_itself(tree: Path, marker: tuple[Path, Path]) -> None:
    program, mark = marker
    git(tree, "init", "--quiet")
    plant_repository(tree, program)

    subprocess.run(["git", "add", "articles"], cwd=tree, capture_output=True, check=False)

    assert mark.exists()


def test_repositories_inside_the_tree_are_left_alone(tree: Path, marker: tuple[Path, Path]) -> None:
    program, mark = marker
    inner = tree / "articles" / "other"
    inner.mkdir()
    (inner / "1.md").write_text("of somebody else\n")
    git(inner, "init", "--quiet")
    git(inner, "add", ".")
    git(inner, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "inner")
    plant_repository(inner, program)
    git(tree, "init", "--quiet")

    assert commit_tree(tree, "first")
    (tree / "articles" / "paper" / "1.md").write_text("another text\n")
    assert commit_tree(tree, "second")

    assert not mark.exists()
    assert "other" not in git(tree, "ls-tree", "-r", "--name-only", "HEAD")


@pytest.mark.parametrize("name", ["logs/HEAD", "logs/refs/heads/main", "refs/heads", "index"])
@pytest.mark.parametrize("make", [os.symlink, os.link])
def test_a_link_among_the_files_that_git_writes_ends_the_commit(
    tree: Path, tmp_path: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    git(tree, "init", "--quiet", "--initial-branch=main")
    assert commit_tree(tree, "first")
    target = tmp_path / "target"
    target.write_text("precious\n")
    place = tree / ".git" / name
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    make(target, place)
    (tree / "articles" / "paper" / "1.md").write_text("another text\n")

    with pytest.raises(ExportError, match="is a link"):
        commit_tree(tree, "second")

    assert target.read_text() == "precious\n"


def test_variables_of_git_in_the_surroundings_change_nothing(
    tree: Path, tmp_path: Path, marker: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, mark = marker
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_TEMPLATE_DIR"):
        monkeypatch.setenv(name, str(elsewhere / "x"))
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_EDITOR", "GIT_EXEC_PATH"):
        monkeypatch.setenv(name, str(program))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(program))

    assert commit_tree(tree, "first")

    assert list(elsewhere.iterdir()) == []
    assert not mark.exists()


@pytest.mark.parametrize("path", ["", ".", "bin"])
def test_a_git_of_the_current_folder_is_not_executed(
    tree: Path, marker: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    program, mark = marker
    (tree / "bin").mkdir()
    for place in (tree / "git", tree / "bin" / "git"):
        shutil.copy(program, place)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")

    assert commit_tree(tree, "first")

    assert not mark.exists()


def test_a_commit_takes_our_folders_alone_and_leaves_what_is_staged(tree: Path) -> None:
    git(tree, "init", "--quiet")
    git(tree, "config", "user.email", "me@paper.example")
    (tree / "notes.txt").write_text("mine\n")
    git(tree, "add", "notes.txt")

    assert commit_tree(tree, "first")

    assert "notes.txt" not in git(tree, "ls-tree", "-r", "--name-only", "HEAD")
    assert git(tree, "status", "--porcelain") == "A  notes.txt\n"
    assert git(tree, "log", "--format=%ae %s") == "me@paper.example first\n"
    git(tree, "-c", "user.name=me", "commit", "--quiet", "-m", "mine")
    (tree / "lists" / "paper.md").unlink()
    assert commit_tree(tree, "third")
    assert git(tree, "ls-tree", "-r", "--name-only", "HEAD").split()[-1] == "notes.txt"
    assert git(tree, "fsck", "--strict") == ""


def test_a_repository_of_another_person_is_refused(tree: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("giving a folder away needs root")
    git(tree, "init", "--quiet")
    os.chown(tree / ".git", 12345, 12345)
    os.chown(tree, 12345, 12345)

    with pytest.raises(ExportError, match="dubious ownership"):
        commit_tree(tree, "first")
