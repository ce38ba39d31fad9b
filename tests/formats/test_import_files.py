"""Files that are broken, wrong or hostile: errors with a place, the rest imported, nothing twice."""

import os
import resource
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.formats.book.sample_articles import NOW, fill
from unabridged.archive import Archive, Query
from unabridged.errors import ExportError
from unabridged.feeds.opml import Subscription, write_opml
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import ImportReport, import_paths
from unabridged.formats.jsonl import MAX_LINE, read_jsonl
from unabridged.formats.output_files import whole_file


def take(archive: Archive, *paths: Path) -> ImportReport:
    return import_paths(archive, paths, now=NOW)


@pytest.mark.parametrize("length", [100_000_000, pytest.param(1_000_000_000, marks=pytest.mark.long)])
def test_a_line_without_end_is_named_once_and_costs_little_memory(tmp_path: Path, length: int) -> None:
    file = tmp_path / "huge.jsonl"
    with file.open("wb") as out:
        out.write(b'{"url": "https://a.example/1", "text": "before"}\n{"url": "')
        out.seek(length, os.SEEK_CUR)  # nothing, which takes no room on the disk
        out.write(b'"}\n{"url": "https://a.example/2", "text": "after"}\n')

    tracemalloc.start()
    found = list(read_jsonl(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [type(one).__name__ for one in found] == ["Imported", "DocumentError", "Imported"]
    assert str(found[1]).startswith(f"{file}:2: a line of more than")
    assert peak < 4 * MAX_LINE


@pytest.mark.parametrize("many", [500, pytest.param(20_000, marks=pytest.mark.long)])
def test_a_list_of_many_feeds_is_subscribed_once(archive: Archive, tmp_path: Path, many: int) -> None:
    feeds = [
        Subscription(url=f"https://site{n}.example/feed", title=f"Site {n}", folder=(f"Folder {n % 40}",))
        for n in range(many)
    ]
    file = tmp_path / "all.opml"
    file.write_bytes(write_opml(feeds).replace(b"https://site7.example", b"ftp://site7.example"))

    report = take(archive, file)
    again = take(archive, file)

    assert (report.feeds, report.counts["known"]) == (many - 1, 0)
    assert (again.feeds, again.counts["known"]) == (0, many - 1)
    assert [str(file) in str(error) for error in report.failed] == [True]
    assert len(archive.library().subscriptions.folders()) == 40


def test_lists_and_tables_that_would_take_everything_are_named(archive: Archive, tmp_path: Path) -> None:
    deep, table = tmp_path / "deep.opml", tmp_path / "table.md"
    deep.write_bytes(b"<opml><body>" + b'<outline text="a">' * 5000)
    table.write_text('---\nurl: "https://a.example/1"\n---\n\n' + "|a" * 100_001)
    report = take(archive, deep, table)
    assert [str(error).split(":")[0] for error in report.failed] == [str(deep), str(table)]


def test_entities_of_a_subscription_list_are_not_opened(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "evil.opml"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        '<opml><body><outline title="&a;" xmlUrl="https://a.example/feed"/></body></opml>'
    )
    take(archive, file)
    assert "root:" not in str([one.title for one in archive.library().subscriptions.all()])


def strangers(folder: Path) -> Iterator[tuple[Path, str]]:
    for name, content, words in (
        ("book.epub", b"PK\x03\x04rest", "a ZIP archive"),
        ("page.html", b"<!doctype html><html><body>x", "an HTML page"),
        ("feed.xml", b'<?xml version="1.0"?><rss version="2.0">', "XML, but not OPML"),
        ("data.bin", b"\x00\x01\x02\x03", "a binary file"),
        ("all.jsonl.gz", b"\x1f\x8b\x08\x00rest", "compressed with gzip"),
        ("paper.pdf", b"%PDF-1.7", "a PDF"),
        ("broken.md", b"# A title\n", "expected a comment with milliseconds"),
        ("empty.warc.gz", b"", "empty"),
        ("half.opml", b"<opml><body", ""),
        ("notes.md", b'---\nurl: "https://a.example/1"\ntitle: "never closed\n---\n', "is not JSON"),
    ):
        (folder / name).write_bytes(content)
        yield folder / name, words


def test_a_file_of_a_wrong_kind_is_named_with_what_it_is(archive: Archive, tmp_path: Path) -> None:
    for file, words in strangers(tmp_path):
        report = import_paths(archive, [file], now=NOW, read_pages=lambda pages: [])
        assert report.articles == []
        assert report.failures == (0 if file.suffix == ".opml" and not report.failed else 1), file.name
        if words:
            assert words in str(report.failed[0]), file.name
            assert str(file) in str(report.failed[0])


def test_a_folder_without_anything_is_an_error(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "picture.png").write_bytes(b"\x89PNG")
    report = take(archive, tmp_path / "empty")
    assert "nothing in" in str(report.failed[0])


def holds(longer: list[str], shorter: list[str]) -> bool:
    """Whether one list of words has all of the other in their order."""
    left = iter(longer)
    return all(word in left for word in shorter)


def test_markdown_comes_back_with_its_words_clocks_and_pictures(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    EXPORTERS["markdown"](archive, ExportJob(now=NOW), tmp_path / "notes")
    with Archive(str(tmp_path / "second.db")) as second:
        report = take(second, tmp_path / "notes")
        again = take(second, tmp_path / "notes")

        assert (report.count("new"), report.failed, again.count("same")) == (6, [], 6)
        for stored in archive.library().articles.page(Query()).articles:
            found = second.library().articles.find(stored.article.url)
            assert found is not None
            given, taken = stored.article, found.article
            assert (taken.title, taken.authors, taken.published) == (
                given.title,
                given.authors,
                given.published,
            )
            assert (taken.language, found.source) == (given.language, stored.source)
            assert (found.first_seen, taken.completeness.kind) == (stored.first_seen, given.completeness.kind)
            if "wrong place" not in given.title:
                # Captions come back as paragraphs: Markdown has no other place for them.
                assert holds(taken.text.split(), given.text.split())
                assert [one.url for one in taken.media] == [one.url for one in given.media]


def test_an_export_that_was_killed_leaves_no_file_and_the_next_one_is_whole(
    archive: Archive, tmp_path: Path
) -> None:
    target = tmp_path / "all.jsonl"
    code = (
        "import os, signal\nfrom pathlib import Path\n"
        "from unabridged.formats.output_files import whole_file\n"
        f"with whole_file(Path({str(target)!r})) as file:\n"
        "    file.write(b'half a line'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    fill(archive)

    EXPORTERS["jsonl"](archive, ExportJob(now=NOW), target)

    assert [one.name for one in tmp_path.iterdir() if "jsonl" in one.name] == ["all.jsonl"]
    assert b"half a line" not in target.read_bytes()


def test_two_exports_into_one_file_do_not_mix(tmp_path: Path) -> None:
    with (
        whole_file(tmp_path / "a.jsonl") as file,
        pytest.raises(ExportError, match="Another run"),
        whole_file(tmp_path / "a.jsonl"),
    ):
        file.write(b"never reached")


def test_captures_and_lines_of_other_times_keep_their_clocks(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(
        '{"url": "https://a.example/1", "text": "x", "first_seen": "2011-01-02T03:04:05+02:00"}\n'
    )
    take(archive, file)
    [stored] = archive.library().articles.page(Query()).articles
    assert stored.first_seen == datetime(2011, 1, 2, 1, 4, 5, tzinfo=UTC)


def note(path: Path, text: str) -> Path:
    path.write_text(
        f'---\nurl: "https://a.example/{path.stem}"\ntitle: "A note"\n---\n\n{text}\n', encoding="utf-8"
    )
    return path


def test_markup_by_the_megabyte_costs_that_file_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    note(tmp_path / "1.md", "Before.")
    note(tmp_path / "2.md", "*a **b " * 1_200_000)
    note(tmp_path / "3.md", "[a](" * 1_500_000)
    note(tmp_path / "4.md", "After, *with* emphasis.")
    report = take(archive, tmp_path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert report.count("new") + report.failures == 4
    assert report.failures >= 1
    for error in report.failed:
        assert str(error).startswith((str(tmp_path / "2.md"), str(tmp_path / "3.md")))
        assert "skipped" in str(error)
    assert archive.library().articles.find("https://a.example/4") is not None
    assert after.ru_utime - before.ru_utime < 20
    assert after.ru_maxrss - before.ru_maxrss < 500_000  # kB: what both would take is 4 GB
