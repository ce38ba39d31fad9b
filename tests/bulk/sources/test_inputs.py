"""Files that words on a command line name."""

import gzip
import os
import tarfile
from pathlib import Path

import pytest

from tests.bulk.sources.members import PAGE, told, write_tar, write_zip
from tests.bulk.warc_pages import write_pages
from unabridged.bulk.sources.inputs import FILES_IN_SHARD, Inputs, find_inputs


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of pages and of other files."""
    for name in ("a/x.html", "a/b/y.HTM", "c/plain", "z.xhtml.gz", ".hidden/h.html", ".h.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)
    (tmp_path / "a/style.css").write_text("p {}")
    return tmp_path


def names(inputs: Inputs) -> list[str]:
    return [file.name for file in inputs.files]


def test_a_folder_gives_all_pages_below_it_in_order(tree: Path) -> None:
    inputs = find_inputs([str(tree)])
    assert names(inputs) == ["a/b/y.HTM", "a/x.html", "c/plain", "z.xhtml.gz"]
    assert [file.target for file in inputs.files] == ["a/b/y", "a/x", "c/plain", "z"]
    assert (inputs.missing, inputs.left_out) == ([], {"not a page": 2})


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a/*.html", ["x.html"]),
        ("a/**/*.[hH]*", ["x.html", "b/y.HTM"]),
        ("*/x.html", ["a/x.html"]),
        ("**/*.html", ["a/x.html"]),
        ("?", ["a/b/y.HTM", "a/x.html", "c/plain"]),
    ],
)
def test_a_quoted_glob_is_expanded_below_its_fixed_part(tree: Path, pattern: str, found: list[str]) -> None:
    assert sorted(names(find_inputs([f"{tree}/{pattern}"]))) == sorted(found)


def test_a_file_with_the_letters_of_a_glob_is_itself(tree: Path) -> None:
    (tree / "[1]*.html").write_bytes(PAGE)
    (tree / "1.html").write_bytes(PAGE)
    assert names(find_inputs([str(tree / "[1]*.html")])) == ["[1]*.html"]


def test_names_are_relative_to_what_all_words_share(tree: Path) -> None:
    inputs = find_inputs(
        [str(tree / "c"), str(tree / "a/x.html"), str(tree / "c/plain")], base_url="https://e.example"
    )
    assert names(inputs) == ["c/plain", "a/x.html"]
    assert inputs.files[1].url == "https://e.example/a/x.html"


def test_what_is_missing_is_named_and_moves_nothing(tree: Path) -> None:
    os.mkfifo(tree / "pipe.html")
    inputs = find_inputs(
        ["/nowhere/q.html", str(tree / "a/x.html"), "no*.pe", str(tree / "pipe.html"), "nul\0"]
    )
    assert names(inputs) == ["x.html"]
    assert [one.why for one in inputs.missing] == [
        "no file has a name like it",
        "there is no such file",
        "it is neither a file nor a folder",
        "it cannot be read: embedded null byte",
    ]


def test_links_that_lead_in_a_circle_are_not_followed(tree: Path) -> None:
    (tree / "a/up").symlink_to(tree)
    (tree / "a/self.html").symlink_to("self.html")
    (tree / "a/file.html").symlink_to("x.html")
    inputs = find_inputs([str(tree / "a")])
    assert names(inputs) == ["b/y.HTM", "file.html", "x.html"]
    assert inputs.left_out["link"] == 1
    assert [Path(one.path).name for one in inputs.missing] == ["self.html"]
    assert sorted(names(find_inputs([f"{tree}/a/**/*.html"]))) == ["file.html", "x.html"]
    assert names(find_inputs([str(tree / "a/up/c")])) == ["plain"]


def test_a_folder_that_is_deeper_than_a_path_may_be_is_named(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(24):
        os.mkdir("d" * 250, dir_fd=here)
        here, above = os.open("d" * 250, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)
    (one,) = find_inputs([str(tmp_path)]).missing
    assert "File name too long" in one.why


def test_names_that_are_not_utf_8_are_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9\n.html")).write_bytes(PAGE)
    inputs = find_inputs([str(tmp_path)], base_url="https://e.example/")
    ((source, _),) = inputs.sources()
    assert told(source) == [("caf\\xe9\n.html", PAGE)]
    assert (inputs.files[0].target, inputs.files[0].url) == ("caf%E9%0A", "https://e.example/caf%E9%0A.html")


def test_the_output_is_no_input(tree: Path) -> None:
    assert names(find_inputs([str(tree)], output=tree / "a")) == ["c/plain", "z.xhtml.gz"]


def test_archives_are_known_by_name_and_named_ones_by_their_beginning(tmp_path: Path) -> None:
    write_zip(tmp_path / "1.zip", {"x.html": PAGE})
    write_tar(tmp_path / "2.tar.gz", {"x.html": PAGE})
    write_tar(tmp_path / "3.tar", {"x.html": PAGE})
    write_pages(tmp_path / "4.warc.gz", [("https://e.example/", PAGE)])
    (tmp_path / "5.html.gz").write_bytes(gzip.compress(PAGE))
    kinds = ["zip", "tar", "tar", "warc", "page"]
    assert [file.kind for file in find_inputs([str(tmp_path)]).files] == kinds
    for path in sorted(tmp_path.iterdir()):
        path.rename(path.with_name(path.name[0]))
    assert find_inputs([str(tmp_path)]).files == ()
    assert [file.kind for file in find_inputs([f"{tmp_path}/{n}" for n in range(1, 6)]).files] == kinds


def test_a_single_archive_needs_no_folder_of_its_own_in_the_output(tmp_path: Path) -> None:
    one = write_zip(tmp_path / "1.zip", {"x.html": PAGE})
    two = write_tar(tmp_path / "2.tar", {"x.html": PAGE}, tarfile.TarInfo("d"))
    assert [file.target for file in find_inputs([str(one)]).files] == [""]
    assert [file.target for file in find_inputs([str(one), str(two)]).files] == ["1.zip", "2.tar"]


def test_sources_keep_the_order_of_the_files(tmp_path: Path) -> None:
    for number in range(FILES_IN_SHARD + 1):
        (tmp_path / f"{number:03}.html").write_bytes(PAGE)
    write_zip(tmp_path / "011.zip", {"x.html": PAGE})
    shards = [[file.name for file in files] for _, files in find_inputs([str(tmp_path)]).sources()]
    assert [len(one) for one in shards] == [12, 1, 9]
    assert [name for one in shards for name in one] == sorted(path.name for path in tmp_path.iterdir())
