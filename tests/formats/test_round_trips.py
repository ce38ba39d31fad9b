"""An archive's own exports imported again, in every format and every order, make no edits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.sample_feeds import a_feed, fine
from tests.formats.articles import NOW
from unabridged.archive import Archive, Query
from unabridged.extraction import extract
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths
from unabridged.model import Entry

LATER = NOW + timedelta(days=5)
FORMATS = ("document", "markdown", "jsonl")
BODIES = {
    "plain": "<p>The ferry left &amp; came back * twice * [at night].</p><p>* * *</p><p>1. No list</p>",
    "table": "<table><tr><th>Day</th><th>Ships</th></tr><tr><td>Monday</td><td>4 | 5</td></tr></table>",
    "picture": '<figure><img src="https://news.example/a.jpg" alt="Ropes"><figcaption>The old quay.'
    "</figcaption></figure>",
    "notes": '<p>As said<sup id="r1"><a href="#n1">1</a></sup> before.</p><section><ol>'
    '<li id="n1">The note itself. <a href="#r1">↩</a></li></ol></section>',
    "formula": "<p>So <math><mi>x</mi><mo>=</mo><msup><mi>y</mi><mn>2</mn></msup><annotation encoding="
    '"application/x-tex">x=y^2</annotation></math> holds.</p>',
    "code": "<pre><code>if a &lt; b:\n    print('*')</code></pre><ul><li>One<ul><li>Two</li></ul></li></ul>",
    "video": '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="A film of the quay"></iframe>',
    "chinese": "<p>修伞的人说：“一把伞撑开四十年。”</p><blockquote><p>雨天</p></blockquote>",
}
FILLING = (
    "<p>The harbour master says that the work on the northern quay goes on until the end of May.</p>" * 3
)


@pytest.fixture
def filled(open_archive: Callable[[str], Archive]) -> Archive:
    """Articles with what formats hold differently, as a feed gave them."""
    archive = open_archive("first")
    feed = archive.library().subscriptions.add("https://news.example/feed", now=NOW).feed
    pairs = []
    for name, body in BODIES.items():
        url = f"https://news.example/{name}"
        page = f"<article><h1>Story {name}</h1>{FILLING}{body}</article>".encode()
        article = replace(extract(page, url=url), canonical_url=None)
        pairs.append((Entry(guid=url, url=url, title=article.title), article))
    archive.ingest.save_entries(feed.id, a_feed(), pairs, fine(NOW))
    return archive


@pytest.mark.parametrize("first", FORMATS)
def test_exports_imported_again_make_no_versions(
    filled: Archive, open_archive: Callable[[str], Archive], tmp_path: Path, first: str
) -> None:
    for name in FORMATS:
        EXPORTERS[name](filled, ExportJob(now=LATER), tmp_path / name)
    other = open_archive("other")
    assert import_paths(other, [tmp_path / first], now=LATER).count("new") == len(BODIES)
    for name in (first, *(FORMATS if first != "markdown" else ())):  # which loses notes: see below
        report = import_paths(other, [tmp_path / name], now=LATER + timedelta(hours=1))
        assert (name, report.count("same"), report.failed) == (name, len(BODIES), [])
    report = import_paths(filled, [tmp_path / first], now=LATER + timedelta(hours=1))
    assert (report.count("same"), report.failed) == (len(BODIES), [])


def test_a_text_that_markdown_lost_and_a_document_brings_back_is_no_edit(
    filled: Archive, open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    for name in FORMATS:
        EXPORTERS[name](filled, ExportJob(now=LATER), tmp_path / name)
    other = open_archive("other")
    for name in ("markdown", "document", "jsonl", "markdown"):
        import_paths(other, [tmp_path / name], now=LATER)
    assert {one.edits for one in other.library().articles.all(Query())} == {0}


def test_a_markdown_export_that_its_owner_changed_is_a_new_version(filled: Archive, tmp_path: Path) -> None:
    EXPORTERS["markdown"](filled, ExportJob(now=LATER), tmp_path / "out")
    [path] = (tmp_path / "out").rglob("*plain*.md")
    path.write_text(path.read_text().replace("came back", "went down"))
    assert import_paths(filled, [tmp_path / "out"], now=LATER).count("changed") == 1


def test_an_old_export_does_not_bring_an_old_text_back(filled: Archive, tmp_path: Path) -> None:
    EXPORTERS["jsonl"](filled, ExportJob(now=LATER), tmp_path / "old.jsonl")
    found = filled.library().articles.find("https://news.example/plain")
    assert found is not None
    text = found.article.text.replace("end of May", "end of June")
    newer = replace(found.article, text=text, markdown=text)
    entry = Entry(guid=newer.url, url=newer.url, title=newer.title)
    filled.ingest.save_entries(1, a_feed(), [(entry, newer)], fine(LATER))
    assert filled.library().articles.get(found.id).edits == 1
    assert import_paths(filled, [tmp_path / "old.jsonl"], now=LATER).count("same") == len(BODIES)
    assert filled.library().articles.get(found.id).article.text == text
