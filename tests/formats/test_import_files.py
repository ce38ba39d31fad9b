"""Files that are broken, wrong or hostile: errors with a place, the rest imported, nothing twice."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.formats.articles import take
from tests.formats.book.sample_articles import NOW
from unabridged.archive import Archive, Query
from unabridged.feeds.opml import Subscription, write_opml
from unabridged.formats.import_files import import_paths
from unabridged.formats.jsonl import MAX_LINE, read_jsonl


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


def test_captures_and_lines_of_other_times_keep_their_clocks(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(
        '{"url": "https://a.example/1", "text": "x", "first_seen": "2011-01-02T03:04:05+02:00"}\n'
    )
    take(archive, file)
    [stored] = archive.library().articles.page(Query()).articles
    assert stored.first_seen == datetime(2011, 1, 2, 1, 4, 5, tzinfo=UTC)
