"""The command `extract`."""

import os
import sys
from pathlib import Path

import orjson
import pytest

from tests.bulk.warc_pages import story
from tests.cli.tools import Run


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of two pages."""
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.html").write_bytes(story("Ebb", "en"))
    (folder / "sub/b.html").write_bytes(story("Flow", "zh"))
    return folder


def titles(lines: bytes) -> list[str]:
    return [orjson.loads(line)["title"] for line in lines.splitlines()]


def test_extract_writes_lines_to_a_pipe_and_says_the_rest_on_stderr(run: Run, pages: Path) -> None:
    done = run("extract", str(pages))
    assert (done.returncode, titles(done.stdout)) == (0, ["Ebb", "Flow"])
    assert b"2  articles" in done.stderr
    quiet = run("-q", "extract", str(pages), "--lang", "zh")
    assert (titles(quiet.stdout), quiet.stderr) == (["Flow"], b"")


def test_extract_says_what_came_of_the_files_and_goes_on_where_it_was(run: Run, pages: Path) -> None:
    target = pages.parent / "out.jsonl"
    (pages / "c.zip").write_bytes(b"no zip")
    first = run("extract", str(pages), "-o", str(target))
    assert first.returncode == 7
    assert b"2  articles" in first.stdout and b"1  could not be read" in first.stdout
    assert b"c.zip: it cannot be read: File is not a zip file" in first.stderr
    assert f"All are named in {target}.report.json" in first.stderr.decode().replace("\n", " ")
    again = run("extract", str(pages), "-o", str(target), "--json")
    assert (again.returncode, orjson.loads(again.stdout)["again"]) == (7, True)
    other = run("extract", str(pages), "-o", str(target), "--base-url", "https://quay.example")
    assert (other.returncode, b"made with other options" in other.stderr) == (7, True)


@pytest.mark.parametrize("between", [b"\0", b"\n", b"\r\n"])
def test_extract_takes_a_list_of_paths_from_stdin(run: Run, pages: Path, between: bytes) -> None:
    listed = between.join(os.fsencode(path) for path in (pages / "sub/b.html", pages / "a.html")) + between
    assert titles(run("extract", "-", stdin=listed).stdout) == ["Flow", "Ebb"]
    assert titles(run("extract", "--from-list", "-", stdin=listed).stdout) == ["Flow", "Ebb"]
    (pages / "list").write_bytes(listed)
    assert titles(run("extract", "--from-list", str(pages / "list")).stdout) == ["Flow", "Ebb"]


def test_extract_takes_a_page_from_stdin(run: Run) -> None:
    done = run("extract", "-", "--base-url", "https://quay.example/ebb", stdin=story("Ebb", "en"))
    row = orjson.loads(done.stdout)
    assert (row["title"], row["url"], row["source"]) == ("Ebb", "https://quay.example/ebb", "stdin")


@pytest.mark.parametrize(
    ("words", "file", "start"),
    [
        (["-o", "{}.jsonl"], "out.jsonl", b'{"url":'),
        (["-o", "{}.ndjson"], "out.ndjson", b'{"url":'),
        (["-o", "{}.parquet"], "out.parquet", b"PAR1"),
        (["-o", "{}", "--format", "jsonl"], "out", b'{"url":'),
        (["-o", "{}"], "out/sub/b.md", b"# Flow\n\n"),
        (["-o", "{}/", "-f", "text"], "out/sub/b.txt", "港务长".encode()),
    ],
)
def test_the_format_is_told_by_the_output(
    run: Run, pages: Path, words: list[str], file: str, start: bytes
) -> None:
    done = run("extract", str(pages), *(word.format(pages.parent / "out") for word in words))
    assert done.returncode == 0, done.stderr
    assert (pages.parent / file).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ([], 2, "Name files, folders or archives"),
        (["{}", "-o", "{}.jsonl", "--format", "text"], 2, "--format says text"),
        (["{}", "-o", "{}.csv"], 2, "Which format is"),
        (["{}", "--format", "parquet"], 2, "needs a place"),
        (["{}", "-o", "/"], 2, "cannot be an output"),
        (["-", "--from-list", "-"], 2, "stdin can be read once"),
        (["{}", "--base-url", "ftp://quay.example"], 2, "only http and https"),
        (["--from-list", "/nowhere/list"], 7, "The list /nowhere/list cannot be read"),
        (["-"], 7, "The list of paths is empty"),
        (["{}/none"], 7, "There is no HTML file"),
        (["/nowhere.html"], 7, "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    run: Run, pages: Path, words: list[str], code: int, why: str
) -> None:
    (pages / "none").mkdir()
    done = run("extract", *(word.format(pages) for word in words))
    assert (done.returncode, why in " ".join(done.stderr.decode().split())) == (code, True), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
def test_a_terminal_is_not_filled_with_lines(pages: Path, environ: dict[str, str]) -> None:
    import pty
    import subprocess

    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "unabridged", "extract", str(pages)],
        stdout=slave,
        stderr=subprocess.PIPE,
        env=environ,
        check=False,
        timeout=60,
    )
    os.close(slave)
    os.close(master)
    assert done.returncode == 2
    assert b"Name an output" in done.stderr
