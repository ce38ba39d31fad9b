"""Markdown with front matter, out and back in."""

import re
import resource
from dataclasses import replace
from pathlib import Path

import orjson

from tests.formats.articles import fill_with, order, take
from tests.formats.book.sample_articles import NOW, fill
from unabridged.archive import Archive, Query
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.markdown_pool import LIMITS
from unabridged.text.quotes import Quote


def test_markdown_has_front_matter_that_reads_back(archive: Archive, tmp_path: Path) -> None:
    fill_with(archive, 1)

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


def test_highlights_and_notes_are_in_the_front_matter(archive: Archive, tmp_path: Path) -> None:
    fill_with(archive, 1)
    [article] = archive.library().articles.page(Query()).articles
    archive.library().highlights.add(article.id, article.revision, Quote(exact="more."), "A note", now=NOW)
    EXPORTERS["markdown"](archive, order(), tmp_path)
    [file] = tmp_path.rglob("*.md")
    [front] = re.findall("(?m)^highlights: (.*)$", file.read_text())
    [found] = orjson.loads(front)
    assert (found["words"], found["note"], found["version"]) == ("more.", "A note", article.revision)
    with Archive(str(tmp_path / "second.db")) as second:
        take(second, file)
        assert "highlights" not in second.library().articles.get(1).article.text


def without_marks(text: str) -> list[str]:
    """Return the words of a text without the marks and numbers of its notes."""
    return re.sub(r"(?m)\[\^?\d+\]:?|^\d+\. ", " ", text).split()


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
                # Notes come back as Markdown writes them, [^1], not as the text does.
                assert holds(without_marks(taken.text), without_marks(given.text))
                assert [one.url for one in taken.media] == [one.url for one in given.media]


def note(path: Path, text: str) -> Path:
    path.write_text(
        f'---\nurl: "https://a.example/{path.stem}"\ntitle: "A note"\n---\n\n{text}\n', encoding="utf-8"
    )
    return path


def test_markup_by_the_megabyte_costs_that_file_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    limits = replace(LIMITS, cpu=2)
    before = resource.getrusage(resource.RUSAGE_SELF)
    note(tmp_path / "1.md", "Before.")
    note(tmp_path / "2.md", "*a **b " * 300_000)
    note(tmp_path / "3.md", "[a](" * 400_000)
    note(tmp_path / "4.md", "After, *with* emphasis.")
    report = take(archive, tmp_path, limits=limits)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert report.count("new") + report.failures == 4
    assert report.failures >= 1
    for error in report.failed:
        assert str(error).startswith((str(tmp_path / "2.md"), str(tmp_path / "3.md")))
        assert "skipped" in str(error)
    assert archive.library().articles.find("https://a.example/4") is not None
    assert after.ru_utime - before.ru_utime < 5
    assert after.ru_maxrss - before.ru_maxrss < 300_000  # kB: what one would take is 700 MB
