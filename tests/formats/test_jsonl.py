"""JSON Lines: every promised field, out and back in."""

from collections.abc import Callable
from pathlib import Path

import orjson

from tests.archive.analysis.test_stories import ELECTION, QUAKE, QUAKE_TOO, told
from tests.formats.articles import NOW, fill_with, order
from unabridged.archive import Archive, Query
from unabridged.bulk.rows import SavedPage, row_of
from unabridged.extraction import extract
from unabridged.formats.export import EXPORTERS
from unabridged.formats.import_files import import_paths
from unabridged.warc_reader import Capture

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


def test_json_lines_hold_every_promised_field(archive: Archive, tmp_path: Path) -> None:
    fill_with(archive, 3)

    report = EXPORTERS["jsonl"](archive, order(), tmp_path / "all.jsonl")

    lines = [orjson.loads(line) for line in (tmp_path / "all.jsonl").read_bytes().splitlines()]
    assert report.articles == len(lines) == 3
    assert all(set(line) >= PROMISED for line in lines)
    assert lines[0]["title"] == "Story: 0 *of* “many” 龙"
    assert lines[0]["text"] == "Text 0 & more.\n\nZweiter Absatz über Öl."
    assert lines[0]["html"] == "<p>Text <b>0</b> &amp; more.</p><p>Zweiter Absatz über Öl.</p>"
    assert (lines[0]["source"], lines[0]["revision"]) == ("news", 0)
    assert lines[0]["published"] == "2024-02-01T12:00:00+00:00"


def test_json_lines_come_back_as_the_same_articles(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    fill_with(first, 3)
    EXPORTERS["jsonl"](first, order(), tmp_path / "all.jsonl")

    report = import_paths(second, [tmp_path / "all.jsonl"], now=NOW)
    again = import_paths(second, [tmp_path / "all.jsonl"], now=NOW)

    assert (report.count("new"), again.count("same"), report.failed) == (3, 3, [])
    given = [one.article for one in first.library().articles.page(Query()).articles]
    taken = [one.article for one in second.library().articles.page(Query()).articles]
    assert taken == given


def test_rows_of_bulk_work_are_articles_of_their_hosts(archive: Archive, tmp_path: Path) -> None:
    words = "<p>The tide went out further than anyone at the quay had seen, and it stayed out.</p>" * 8
    page = Capture(position=7, url="https://quay.example/1", body=b"", headers={})
    article = extract(f"<html lang=en><h1>Ebb</h1><article>{words}</article>", url=page.url)
    row = row_of(article, SavedPage(capture=page, source="crawl.warc.gz"))
    (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")

    report = import_paths(archive, [tmp_path / "rows.jsonl"], now=NOW)

    assert (report.count("new"), report.failed) == (1, [])
    found = archive.library().articles.find(page.url)
    assert found is not None
    assert (found.article.text, found.article.completeness) == (article.text, article.completeness)
    assert found.source == "quay.example"


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
    assert third.article.html == "<p>x</p>"


def test_lines_hold_story_copies_and_credits_and_an_import_passes_them_over(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    copied = (QUAKE_TOO[0], f"{QUAKE_TOO[1]} Reuters reported it.")
    one, two, three, other = told(first, QUAKE, QUAKE_TOO, copied, ELECTION)
    EXPORTERS["jsonl"](first, order(), tmp_path / "all.jsonl")

    lines = {
        line["id"]: line for line in map(orjson.loads, (tmp_path / "all.jsonl").read_bytes().splitlines())
    }
    assert [lines[number]["story"] for number in (one, two, three, other)] == [one, one, one, None]
    assert [lines[number]["copies_group"] for number in (one, two, three)] == [None, two, two]
    credits = lines[three]["credits"]
    assert [(found["source"], found["relation"]) for found in credits] == [("Reuters", "report")]
    assert lines[other]["credits"] == []

    report = import_paths(second, [tmp_path / "all.jsonl"], now=NOW)
    assert (report.count("new"), report.failed) == (4, [])
