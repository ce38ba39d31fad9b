"""Many inputs as one output: order, equality with the library, kills, resumption, refusals."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest

from tests.bulk.sources.members import write_tar, write_zip
from tests.bulk.test_run import deadly  # noqa: F401 - a fixture
from tests.bulk.warc_pages import story, write_pages
from unabridged import extract
from unabridged.bulk import run as run_module
from unabridged.bulk.output import Output, OutputReport, extract_inputs
from unabridged.bulk.run import Shard
from unabridged.bulk.sources.inputs import find_inputs
from unabridged.bulk.writers import Format
from unabridged.errors import ExportError
from unabridged.text.article_files import markdown_of, text_of


def fill(folder: Path, pages: int = 3) -> Path:
    """A folder with every kind of input."""
    (folder / "sub").mkdir(parents=True)
    for number in range(pages):
        (folder / f"sub/{number:03}.html").write_bytes(story(f"Page {number}", "en"))
    write_zip(folder / "a.zip", {"z/1.html": story("Zipped", "en"), "z/2.html": story("Packed", "zh")})
    write_tar(folder / "b.tar.xz", {"t/1.html": story("Taped", "en")})
    write_pages(folder / "c.warc.gz", [("https://quay.example/crawled", story("Crawled", "en"))])
    return folder


def run(
    words: list[Path],
    target: Path | None,
    format: Format = "jsonl",
    *,
    workers: int = 1,
    watch: Callable[[Shard], None] = lambda shard: None,
    stream: io.BytesIO | None = None,
    **options: Any,
) -> OutputReport:
    output = Output(target=target, format=format, **options)
    inputs = find_inputs([str(word) for word in words], base_url=output.base_url, output=target)
    return asyncio.run(extract_inputs(inputs, output, workers=workers, watch=watch, stream=stream))


def rows(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


TITLES = ["Zipped", "Packed", "Taped", "Crawled", "Page 0", "Page 1", "Page 2"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, OutputReport]:
    """A folder with inputs `in` and their finished output `out.jsonl`, and its report."""
    there = tmp_path_factory.mktemp("made")
    report = run([fill(there / "in")], there / "out.jsonl", base_url="https://quay.example")
    return there, report


def test_rows_come_in_the_order_of_the_inputs_and_hold_what_the_library_returns(
    made: tuple[Path, OutputReport],
) -> None:
    there, report = made
    folder, found = there / "in", rows(there / "out.jsonl")
    assert [row["title"] for row in found] == TITLES
    assert (report.files, report.pages, report.articles, report.failed) == (6, 7, 7, 0)
    for name, row in (("sub/000.html", found[4]), ("sub/001.html", found[5])):
        article = extract((folder / name).read_bytes(), url=f"https://quay.example/{name}")
        assert (row["text"], row["html"], row["title"]) == (article.text, article.html, article.title)
        assert (row["url"], row["source"], row["position"]) == (f"https://quay.example/{name}", name, None)
    assert (found[0]["url"], found[0]["source"]) == ("https://quay.example/z/1.html", "a.zip/z/1.html")
    assert (found[3]["url"], found[3]["source"]) == ("https://quay.example/crawled", "c.warc.gz")


def test_any_number_of_processes_and_a_stream_give_the_same_bytes(tmp_path: Path) -> None:
    folder, stream = fill(tmp_path / "in", 25), io.BytesIO()
    run([folder], tmp_path / "1.jsonl", workers=1)
    run([folder], tmp_path / "3.jsonl", workers=3)
    run([folder], None, stream=stream)
    whole = (tmp_path / "1.jsonl").read_bytes()
    assert whole == (tmp_path / "3.jsonl").read_bytes() == stream.getvalue()
    assert whole.count(b"\n") == 29


def test_parquet_holds_the_same_rows(made: tuple[Path, OutputReport], tmp_path: Path) -> None:
    there, _ = made
    run([there / "in"], tmp_path / "out.parquet", "parquet", base_url="https://quay.example")
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist() == rows(there / "out.jsonl")


@pytest.mark.parametrize(("format", "suffix"), [("markdown", ".md"), ("text", ".txt")])
def test_a_folder_of_articles_mirrors_the_input(tmp_path: Path, format: Format, suffix: str) -> None:
    folder, out = fill(tmp_path / "in", 2), tmp_path / "out"
    run([folder], out, format)
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        f"a.zip/z/1{suffix}",
        f"a.zip/z/2{suffix}",
        f"b.tar.xz/t/1{suffix}",
        f"c.warc.gz/quay.example/crawled{suffix}",
        f"sub/000{suffix}",
        f"sub/001{suffix}",
    ]
    as_file = {"markdown": markdown_of, "text": text_of}[format]
    article = extract((folder / "sub/000.html").read_bytes())
    assert (out / f"sub/000{suffix}").read_bytes() == as_file(article)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_address_is_that_of_the_page_if_no_base_is_given(tmp_path: Path) -> None:
    page = story("Ebb", "en")
    link = b"<link rel=canonical href=https://quay.example/canonical><a href='x.html'>"
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.html").write_bytes(page.replace(b"<title>", link + b"<title>"))
    (tmp_path / "in/2.html").write_bytes(b"<!-- saved from url=(0025)https://quay.example/saved -->\n" + page)
    (tmp_path / "in/3.html").write_bytes(page)
    run([tmp_path / "in"], tmp_path / "out.jsonl")
    assert [row["url"] for row in rows(tmp_path / "out.jsonl")] == [
        "https://quay.example/canonical",
        "https://quay.example/saved",
        (tmp_path / "in/3.html").as_uri(),
    ]


def test_what_fails_or_has_no_text_is_told_and_stops_nothing(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 1)
    (folder / "sub/empty.html").write_bytes(b"")
    (folder / "sub/none.html").write_bytes(b"<html><title>Nothing</title>")
    (folder / "sub/picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    (folder / "d.zip").write_bytes(b"no zip")
    (folder / "e.warc").write_bytes(b"no warc")
    (folder / os.fsdecode(b"f\xe9.tar")).write_bytes(b"no tar")
    report = run([folder, tmp_path / "nowhere.html"], tmp_path / "out.jsonl")
    assert (report.articles, report.failed) == (5, 4)
    assert report.left_out == {"no HTML": 2, "no text": 1}
    written = orjson.loads((tmp_path / "out.jsonl.report.json").read_bytes())
    assert [one["source"].rpartition("/")[2] for one in written["troubles"]] == [
        *("nowhere.html", "d.zip", "e.warc", "f\\xe9.tar"),
    ]


def test_a_page_that_kills_its_process_is_named(
    tmp_path: Path,
    deadly: None,  # noqa: F811
) -> None:
    folder = fill(tmp_path / "in", 3)
    page = folder / "sub/001.html"
    page.write_bytes(page.read_bytes().replace(b"harbour master", b"DEADLY PAGE"))
    report = run([folder], tmp_path / "out.jsonl")
    assert [row["title"] for row in rows(tmp_path / "out.jsonl")] == [t for t in TITLES if t != "Page 1"]
    (trouble,) = report.troubles
    assert (trouble.source, "SIGKILL" in trouble.why) == ("sub/001.html", True)


def test_every_page_of_a_shard_may_kill_its_process(
    tmp_path: Path,
    deadly: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "MOST_ENDED", 3)
    for number in range(3):
        (tmp_path / f"{number}.html").write_bytes(
            story("Ebb", "en").replace(b"harbour master", b"DEADLY PAGE")
        )
    report = run([tmp_path], tmp_path / "out.jsonl", workers=1)
    assert [one.source for one in report.troubles] == ["0.html", "1.html", "2.html"]


def test_a_finished_run_is_not_repeated(made: tuple[Path, OutputReport]) -> None:
    there, first = made
    times = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    again = run([there / "in"] * 2, there / "out.jsonl", base_url="https://quay.example")
    assert (first.again, again.again, again.articles) == (False, True, 7)
    assert {path: path.stat().st_mtime_ns for path in there.rglob("*")} == times


def test_other_options_other_files_and_files_of_others_are_refused(
    made: tuple[Path, OutputReport], tmp_path: Path
) -> None:
    there, _ = made
    folder = there / "in"
    with pytest.raises(ExportError, match=r"made with other options .*languages: none"):
        run([folder], there / "out.jsonl", languages=("zh",))
    with pytest.raises(ExportError, match="made from other files"):
        run([folder / "sub"], there / "out.jsonl", base_url="https://quay.example")
    (tmp_path / "mine.jsonl").write_text("{}\n")
    with pytest.raises(ExportError, match="no run of `extract` made it"):
        run([folder], tmp_path / "mine.jsonl")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/001.md").write_text("mine")
    with pytest.raises(ExportError, match="holds other files"):
        run([folder], tmp_path / "notes", "markdown")
    assert (tmp_path / "mine.jsonl").read_text() == "{}\n"
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["001.md"]


def test_a_folder_of_articles_takes_new_pages_and_repeats_no_old_ones(tmp_path: Path) -> None:
    folder, out = fill(tmp_path / "in"), tmp_path / "out"
    run([folder], out, "text")
    assert run([folder], out, "text").again
    old = (out / "a.zip/z/1.txt").stat().st_mtime_ns
    (folder / "sub/new.html").write_bytes(story("New", "en"))
    report = run([folder], out, "text")
    assert (report.again, report.articles) == (False, 8)
    assert (out / "sub/new.txt").exists()
    assert (out / "a.zip/z/1.txt").stat().st_mtime_ns == old


def test_a_page_whose_output_leads_through_a_link_is_named(tmp_path: Path) -> None:
    folder, out = fill(tmp_path / "in", 1), tmp_path / "out"
    run([folder], out, "text")
    (out / "sub/000.txt").unlink()
    (out / "sub").rmdir()
    (out / "sub").symlink_to(tmp_path / "in")
    (folder / "sub/000.html").write_bytes(story("Changed", "en"))
    report = run([folder], out, "text")
    assert [(one.source, "cannot be written" in one.why) for one in report.troubles] == [
        ("sub/000.html", True)
    ]
    assert not (tmp_path / "in/000.txt").exists()


def test_a_full_disk_ends_the_run_with_its_reason(tmp_path: Path, small_disk: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.html").write_bytes(story(f"Ebb {number}", "en", unlike=True))
    for target, format in ((small_disk / "out.jsonl", "jsonl"), (small_disk / "tree", "text")):
        with pytest.raises(ExportError, match=r"No space left.*run the same command again"):
            run([tmp_path], target, format)  # type: ignore[arg-type]
        assert not (small_disk / "out.jsonl").exists()


def test_a_second_run_into_one_output_is_refused_while_the_first_one_writes(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in")
    refused: list[bool] = []

    def watch(shard: Shard) -> None:
        if not refused:
            refused.append(True)
            output = Output(target=tmp_path / "out.jsonl", format="jsonl")
            with pytest.raises(ExportError, match="Another run is writing"):
                extract_inputs(find_inputs([str(folder)]), output, watch=lambda shard: None).send(None)

    run([folder], tmp_path / "out.jsonl", watch=watch)
    assert refused


@pytest.mark.first
@pytest.mark.parametrize("out", ["jsonl", "tree"])
def test_a_run_that_is_killed_leaves_nothing_half_and_goes_on(tmp_path: Path, out: str) -> None:
    folder = fill(tmp_path / "in", 50)
    name = "articles" if out == "tree" else f"articles.{out}"
    format: Format = "markdown" if out == "tree" else out  # type: ignore[assignment]
    run([folder], tmp_path / "whole" / name, format)
    whole = contents(tmp_path / "whole")
    target = tmp_path / "killed" / name
    command = [sys.executable, "-m", "unabridged", "extract", str(folder), "-o", str(target)]
    kill_midway(command, target, alone=out == "tree")
    left = contents(tmp_path / "killed")
    parts = [path for path in left if "unabridged-parts/" in path and path.endswith(".jsonl")]
    assert parts
    for path, content in left.items():
        if path.startswith(f"{name}/") and ".unabridged.part" not in path:
            assert content == whole[path]
    assert out == "tree" or name not in left
    begun: set[Path] = set()
    run(
        [folder], target, format, watch=lambda shard: begun.add(shard.job.target) if not shard.again else None
    )
    assert 0 < len(begun) <= 6 - len(parts)
    assert contents(tmp_path / "killed") == whole


def contents(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):  # a child of a killed run may still go on
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def kill_midway(command: list[str], target: Path, *, alone: bool) -> None:
    """Start a run and kill it when its first part is finished, alone or with its children."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    parts = target.with_name(f".{target.name}.unabridged-parts")
    while not list(parts.glob("*.jsonl")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.01)
    (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
    process.wait()
