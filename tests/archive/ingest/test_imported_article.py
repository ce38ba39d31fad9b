"""What went out as a file comes back into an empty archive as it was: on both databases."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.archive.sample_feeds import HOUR, NOW, a_feed, a_page, an_entry, fine
from unabridged.archive import Archive, Query, StoredArticle
from unabridged.extraction import extract
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths

LATER = NOW + timedelta(days=3)
PAGE = """<html lang="zh-CN"><head><title>港口的故事</title></head><body><article><h1>港口的故事</h1>
<p>{words}港口的渡轮将在春天退役。然后机械师打开了船体，发现它还能再开二十年，于是城市改变了主意。</p>
<figure><img src="/ship.jpg" alt="渡轮" width="800" height="600">
<figcaption>渡轮在港口。</figcaption></figure>
<p>The ferry was built in 1962 &amp; carried <a href="/people">three million people</a> across.</p>
<blockquote><p>„Wir bleiben“, sagte der Kapitän.</p></blockquote></article></body></html>"""


@pytest.fixture
def lived(lived_once: Path, tmp_path: Path) -> Iterator[Archive]:
    """An archive of another machine, in which somebody read, starred and tagged, and a page was edited."""
    shutil.copy(lived_once, tmp_path / "lived.db")
    with Archive(str(tmp_path / "lived.db")) as other:
        yield other


@pytest.fixture(scope="module")
def lived_once(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That archive, to be copied."""
    file = tmp_path_factory.mktemp("lived") / "lived.db"
    shutil.copy(empty_file, file)
    with Archive(str(file)) as other:
        live(other)
    return file


def live(other: Archive) -> None:
    feed = other.library().subscriptions.add("https://news.example/feed", now=NOW).feed.id
    entries = [an_entry(number) for number in range(4)]
    saved = other.ingest.save_entries(feed, a_feed(), entries, fine())
    for words, at in (("错误的消息：", NOW + HOUR), ("", NOW + 2 * HOUR)):
        page = a_page("https://news.example/1", PAGE.format(words=words).encode(), at)
        article = extract(
            page.body, url=page.final_url, content_type="text/html; charset=utf-8", entry=entries[1][0]
        )
        other.ingest.save_page(saved.new[1], article, page, now=at + timedelta(microseconds=17))
    other.library().marks.set_read(saved.new[:2], True, now=LATER)
    other.library().marks.set_starred(saved.new[1:2], True, now=LATER)
    other.library().tags.add(saved.new[1:3], ["später lesen", "船"], now=LATER)


def facts(archive: Archive, one: StoredArticle) -> dict[str, Any]:
    return {
        "article": one.article,
        "hash": one.content_hash,
        "at": one.at,
        "seen": one.first_seen,
        "source": one.source,
        "marks": (one.read, one.starred, archive.library().tags.by_article([one.id])),
    }


def everything(archive: Archive) -> dict[str, dict[str, Any]]:
    found = {one.article.url: facts(archive, one) for one in archive.library().articles.all(Query())}
    for one in found.values():
        read, starred, tags = one["marks"]
        one["marks"] = (read, starred, tuple(tags.values()))
    return found


def test_json_lines_bring_back_text_clocks_hashes_and_marks(
    archive: Archive, lived: Archive, tmp_path: Path
) -> None:
    EXPORTERS["jsonl"](lived, ExportJob(now=LATER), tmp_path / "all.jsonl")
    first = import_paths(archive, [tmp_path / "all.jsonl"], now=LATER)
    again = import_paths(archive, [tmp_path / "all.jsonl"], now=LATER + HOUR)
    assert (first.count("new"), first.failed, again.count("same")) == (4, [], 4)
    assert everything(archive) == everything(lived)
    assert {one.title for one in archive.documents.sources()} == {
        one.title for one in lived.documents.sources()
    }


def test_json_lines_with_history_bring_back_every_version(
    archive: Archive, lived: Archive, tmp_path: Path
) -> None:
    EXPORTERS["jsonl"](lived, ExportJob(now=LATER, history=True), tmp_path / "all.jsonl")
    import_paths(archive, [tmp_path / "all.jsonl"], now=LATER)
    for url in everything(lived):
        old, new = lived.library().articles.find(url), archive.library().articles.find(url)
        assert old is not None and new is not None
        assert new.revision == old.revision
        before, after = (
            [
                (line.number, line.saved, line.content_hash, line.reason)
                for line in found.library().articles.revisions(one.id)
            ]
            for found, one in ((lived, old), (archive, new))
        )
        assert [line[:3] for line in after] == [line[:3] for line in before]
        others = [line for line in before if line[0] != old.revision]
        assert set(others) < set(after)
        for number, *_ in before:
            assert (
                archive.library().articles.revision(new.id, number).article
                == lived.library().articles.revision(old.id, number).article
            )
    assert archive.library().search.hits("错误的消息", now=LATER).hits == ()
    assert len(archive.library().search.hits("错误的消息", history=True, now=LATER).hits) == 1
    assert archive.maintenance.verify().broken == 0


def test_documents_bring_back_text_clocks_and_hashes(
    archive: Archive, lived: Archive, tmp_path: Path
) -> None:
    EXPORTERS["document"](lived, ExportJob(now=LATER), tmp_path / "tree")
    import_paths(archive, [tmp_path / "tree"], now=LATER)
    without = [
        {url: one | {"marks": None} for url, one in everything(each).items()} for each in (lived, archive)
    ]
    assert without[0] == without[1]
    EXPORTERS["document"](archive, ExportJob(now=LATER), tmp_path / "again")
    paths = [one.relative_to(tmp_path / "tree") for one in (tmp_path / "tree").rglob("*.md")]
    assert len(paths) == 5
    for path in paths:
        assert (tmp_path / "again" / path).read_bytes() == (tmp_path / "tree" / path).read_bytes()


def test_marks_of_a_file_are_added_and_none_is_taken_away(
    archive: Archive, lived: Archive, tmp_path: Path
) -> None:
    EXPORTERS["jsonl"](lived, ExportJob(now=LATER), tmp_path / "all.jsonl")
    import_paths(archive, [tmp_path / "all.jsonl"], now=LATER)
    [second] = [one.id for one in archive.library().articles.all(Query()) if one.article.url.endswith("/0")]
    archive.library().marks.set_starred([second], True, now=LATER)
    archive.library().tags.add([second], ["own"], now=LATER)
    before = everything(archive)
    import_paths(archive, [tmp_path / "all.jsonl"], now=LATER)
    assert everything(archive) == before


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"versions": [{"number": 1}]}, "not an article"),
        ({"versions": [{"number": 1, "saved": "2024-01-01T00:00:00+00:00", "url": "x"}]}, "twice"),
        (
            {"versions": [{"number": -1, "saved": "2024-01-01T00:00:00+00:00", "url": "x"}]},
            "not a version number",
        ),
        ({"versions": 7}, "not an article"),
        ({"own_tags": ["x" * 200]}, "no name for a tag"),
        ({"own_tags": 3}, "not an article"),
        ({"first_seen": "2024-01-01T00:00:00"}, "no UTC offset"),
        ({"revised": 7}, "not an article"),
    ],
)
def test_a_line_with_impossible_marks_or_history_is_named(
    archive: Archive, tmp_path: Path, more: dict[str, object], why: str
) -> None:
    line = {"url": "https://a.example/1", "title": "One", "text": "Text.", "revision": 1}
    (tmp_path / "x.jsonl").write_bytes(orjson.dumps(line | more) + b"\n" + orjson.dumps(line) + b"\n")
    report = import_paths(archive, [tmp_path / "x.jsonl"], now=NOW)
    assert report.count("new") == 1
    [error] = report.failed
    assert str(error).startswith(f"{tmp_path}/x.jsonl:1: ")
    assert why in str(error)


def test_a_time_without_a_zone_is_taken_as_utc(archive: Archive, tmp_path: Path) -> None:
    line = {"url": "https://a.example/1", "title": "One", "text": "Text.", "published": "2024-01-05"}
    (tmp_path / "x.jsonl").write_bytes(orjson.dumps(line))
    assert import_paths(archive, [tmp_path / "x.jsonl"], now=NOW).failed == []
    [one] = archive.library().articles.page(Query()).articles
    assert one.at.isoformat() == "2024-01-05T00:00:00+00:00"
