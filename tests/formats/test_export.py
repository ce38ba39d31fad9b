"""Exports: JSON lines and Markdown, whole or not at all."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from unabridged.archive import Archive, Imported, PollOutcome, Query, StoredArticle
from unabridged.errors import DocumentError, ExportError
from unabridged.extraction import article_from_entry
from unabridged.formats.export import EXPORTERS, STREAMS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths
from unabridged.formats.selection import Selection
from unabridged.model import Clock, Entry, Feed

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://news.example/feed", format="rss", title="News")
PROMISED = {
    "id",
    "url",
    "canonical_url",
    "title",
    "authors",
    "published",
    "language",
    "source",
    "text",
    "html",
    "revision",
}


def order(**given: Any) -> ExportJob:
    return ExportJob(selection=Selection(query=Query(**given)), now=NOW)


def fill(archive: Archive, count: int) -> int:
    feed = archive.library().subscriptions.add(FEED.url, now=NOW).feed
    entries = [
        Entry(
            guid=f"g{number}",
            url=f"https://news.example/{number}",
            title=f"Story: {number} *of* “many” 龙",
            published=Clock(kind="published", at=NOW - timedelta(minutes=number), origin="feed"),
            content_html=f"<p>Text <b>{number}</b> &amp; more.</p><p>Zweiter Absatz über Öl.</p>",
            authors=("Ada", "李四"),
            tags=("a",),
        )
        for number in range(count)
    ]
    pairs = [(entry, article_from_entry(entry, FEED)) for entry in entries]
    archive.ingest.save_entries(feed.id, FEED, pairs, PollOutcome(polled=NOW, next_poll_at=NOW))
    return feed.id


def test_json_lines_hold_every_promised_field(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 3)

    report = EXPORTERS["jsonl"](archive, order(), tmp_path / "all.jsonl")

    lines = [orjson.loads(line) for line in (tmp_path / "all.jsonl").read_bytes().splitlines()]
    assert report.articles == len(lines) == 3
    assert all(set(line) >= PROMISED for line in lines)
    assert lines[0]["title"] == "Story: 0 *of* “many” 龙"
    assert lines[0]["text"] == "Text 0 & more.\n\nZweiter Absatz über Öl."
    assert lines[0]["html"] == "<p>Text <b>0</b> &amp; more.</p><p>Zweiter Absatz über Öl.</p>"
    assert (lines[0]["source"], lines[0]["revision"]) == ("news", 0)
    assert lines[0]["published"] == "2024-02-01T12:00:00+00:00"


def test_an_export_goes_through_batches_without_loss(archive: Archive) -> None:
    fill(archive, 25)
    out = io.BytesIO()

    count = STREAMS["jsonl"](archive, order(limit=10), out).articles

    urls = [orjson.loads(line)["url"] for line in out.getvalue().splitlines()]
    assert count == 25
    assert len(set(urls)) == 25


def test_json_lines_come_back_as_the_same_articles(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    fill(first, 3)
    EXPORTERS["jsonl"](first, order(), tmp_path / "all.jsonl")

    report = import_paths(second, [tmp_path / "all.jsonl"], now=NOW)
    again = import_paths(second, [tmp_path / "all.jsonl"], now=NOW)

    assert (report.count("new"), again.count("same"), report.failed) == (3, 3, [])
    given = [one.article for one in first.library().articles.page(Query()).articles]
    taken = [one.article for one in second.library().articles.page(Query()).articles]
    assert taken == given


def test_lines_that_hold_no_article_are_named_and_the_rest_is_imported(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_bytes(
        b'{"url": "https://a.example/1", "title": "One", "text": "Plain <text>.\\n\\nMore."}\n'
        b"{broken\n\n"
        b'{"title": "no address"}\n'
        b'{"url": "https://a.example/2", "published": "yesterday"}\n'
        b'{"url": "https://a.example/3", "html": "<p>x<script>1</script></p>", "unknown": [1]}\n'
    )

    report = import_paths(archive, [file], now=NOW)

    assert report.count("new") == 2
    places = [str(error).split(": ")[0] for error in report.failed]
    assert places == [f"{file}:2", f"{file}:4", f"{file}:5"]
    found = archive.library().articles.find("https://a.example/1")
    assert found is not None
    assert found.article.text == "Plain <text>.\n\nMore."
    third = archive.library().articles.find("https://a.example/3")
    assert third is not None
    assert third.article.body == "<p>x</p>"


def test_markdown_has_front_matter_that_reads_back(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 1)

    EXPORTERS["markdown"](archive, order(), tmp_path)

    [file] = tmp_path.rglob("*.md")
    _, front, body = file.read_text().split("---\n")
    facts = {
        name: orjson.loads(value) for name, value in (line.split(": ", 1) for line in front.splitlines())
    }
    assert facts["title"] == "Story: 0 *of* “many” 龙"
    assert facts["authors"] == ["Ada", "李四"]
    assert facts["url"] == "https://news.example/0"
    assert body.startswith("\n# Story: 0 \\*of\\* “many” 龙\n\nText **0** & more.\n\n")
    assert file.parent.name == "news"


def test_a_failing_export_leaves_the_old_file(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 2)
    target = tmp_path / "all.jsonl"
    target.write_text("old")

    class Stopped(Exception):
        pass

    def stop(_: StoredArticle) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        EXPORTERS["jsonl"](archive, replace(order(), on_article=stop), target)
    assert target.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".part") == []


def test_part_of_a_source_is_not_written_as_a_tree(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="by source"):
        EXPORTERS["document"](archive, order(starred=True), tmp_path)


def test_a_query_by_source_exports_that_source(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 2)
    article = replace(
        archive.library().articles.page(Query()).articles[0].article,
        url="https://b.example/1",
        canonical_url=None,
    )
    archive.library().imports.add(Imported(article=article, origin="document", source="b"), now=NOW)

    report = EXPORTERS["document"](archive, order(source="b"), tmp_path)

    assert report.articles == 1
    assert [one.name for one in (tmp_path / "articles").iterdir()] == ["b"]


def test_a_missing_file_is_an_error(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        import_paths(archive, [tmp_path / "none.jsonl"], now=NOW)
