"""Files written into folders that others write to as well: no link is followed, nothing half is left."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from unabridged.atomic_files import PART, Folder, part_name
from unabridged.errors import ExportError
from unabridged.formats.output_files import locked_folder, whole_file, write_if_changed

NAMES = ["1.md", part_name("1.md")]


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file that nobody asked us to touch."""
    path = tmp_path / "victim"
    path.write_text("precious")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [os.symlink, os.link])
def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_is_not_touched(
    tmp_path: Path, victim: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "tree" / "articles"
    folder.mkdir(parents=True)
    make(victim, folder / name)

    with locked_folder(tmp_path / "tree") as root:
        assert write_if_changed(root, "articles/1.md", b"ours")

    assert (victim.read_text(), victim.stat().st_mode & 0o777) == ("precious", 0o600)
    assert [one.name for one in folder.iterdir()] == ["1.md"]
    assert not (folder / "1.md").is_symlink()
    assert (folder / "1.md").read_bytes() == b"ours"


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_in_the_place_of_a_file_stops_nobody(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)

    with locked_folder(tmp_path) as root:
        assert write_if_changed(root, "1.md", b"ours")

    assert (tmp_path / "1.md").read_bytes() == b"ours"


@pytest.mark.parametrize("place", ["articles", "articles/paper", "lists"])
def test_a_folder_that_is_a_link_is_refused(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "paper").mkdir(parents=True)
    tree = tmp_path / "tree"
    (tree / place).parent.mkdir(parents=True)
    (tree / place).symlink_to(elsewhere)
    path = "lists/paper.md" if place == "lists" else "articles/paper/1.md"

    with locked_folder(tree) as root, pytest.raises(ExportError, match="is a link or not a folder"):
        write_if_changed(root, path, b"ours")

    assert [one.name for one in elsewhere.rglob("*")] == ["paper"]


@pytest.mark.parametrize("path", ["../1.md", "articles/../../1.md", "/1.md", "articles//1.md", ".", "a\0b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "tree").mkdir()
    with locked_folder(tmp_path / "tree") as root, pytest.raises(ExportError, match="not a valid name"):
        write_if_changed(root, path, b"ours")
    assert [one.name for one in tmp_path.iterdir()] == ["tree"]


def test_the_folder_that_a_person_names_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "named").symlink_to("disk")
    with whole_file(tmp_path / "named" / "a.jsonl") as file:
        file.write(b"line")
    assert (tmp_path / "disk" / "a.jsonl").read_bytes() == b"line"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_exports_have_the_mode_that_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        with whole_file(tmp_path / "a.jsonl") as file:
            assert os.fstat(file.fileno()).st_mode & 0o777 == mode
        assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == mode
    finally:
        os.umask(before)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "full"), ValueError, SystemExit])
def test_whatever_fails_leaves_neither_file_nor_folder(tmp_path: Path, error: BaseException) -> None:
    ended = (KeyboardInterrupt, ExportError, ValueError, SystemExit)
    with pytest.raises(ended), whole_file(tmp_path / "new" / "folder" / "a.jsonl") as file:
        file.write(b"half")
        raise error
    with (
        pytest.raises(KeyboardInterrupt),
        Folder.at(tmp_path / "x", private=True) as folder,
        folder.staged_path("a.db") as part,
    ):
        part.write_bytes(b"half")
        part.with_name("archive.sqlite-wal").write_bytes(b"log")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from unabridged.atomic_files import Folder
with Folder.at(Path(sys.argv[1])) as folder, getattr(folder, sys.argv[2])("old") as made:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("kind", ["whole_file", "staged_path"])
def test_what_a_killed_run_left_is_removed_by_the_next_whatever_it_writes(tmp_path: Path, kind: str) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), kind], check=False, timeout=60)
    assert [one.name for one in tmp_path.iterdir()] == [part_name("old")]

    with whole_file(tmp_path / "another") as file:
        file.write(b"whole")

    assert [one.name for one in tmp_path.iterdir()] == ["another"]


def test_what_a_living_run_has_half_made_is_left_alone(tmp_path: Path) -> None:
    with Folder.at(tmp_path) as one, one.whole_file("a") as file, Folder.at(tmp_path) as two:
        with two.whole_file("b") as other:
            with pytest.raises(ExportError, match="Another run"), whole_file(tmp_path / "a"):
                pass
            other.write(b"2")
        file.write(b"1")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}


def test_other_peoples_hidden_files_are_not_swept(tmp_path: Path) -> None:
    (tmp_path / ".mine.part").write_text("x")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("x")
    (tmp_path / f".link{PART}").symlink_to(outside)
    with whole_file(tmp_path / "a"):
        pass
    assert (tmp_path / ".mine.part").exists()
    assert (outside / "file").exists()


def test_many_writers_of_one_file_make_one_whole_file(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            try:
                with whole_file(tmp_path / "a") as file:
                    file.write(bytes([number]) * 1000)
            except ExportError:
                continue

    threads = [threading.Thread(target=write, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set((tmp_path / "a").read_bytes())) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
