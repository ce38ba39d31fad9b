"""Books and pages made of articles: valid, whole, in the right language and direction."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.formats.book.sample_articles import BODIES, NOW, article, fill, write
from unabridged.archive import Archive, Imported
from unabridged.archive.records.rules import RuleDraft
from unabridged.errors import ExportError
from unabridged.model import Clock


def test_a_date_keeps_its_order_in_a_line_from_the_right_and_a_day_has_no_hour(
    archive: Archive, tmp_path: Path
) -> None:
    when = datetime(2024, 1, 4, tzinfo=UTC)
    clock = Clock(kind="published", at=when, origin="page", day_only=True)
    bodied = article(1, "عنوان", "ar", BODIES["arabic"], published=when, clocks=(clock,), authors=("آية",))
    archive.library().imports.add(Imported(article=bodied, origin="jsonl", source="a"), now=NOW)
    write(archive, tmp_path / "page.html")
    assert '<bdi>آية</bdi> · <bdi dir="ltr">2024-01-04</bdi></p>' in (tmp_path / "page.html").read_text()


def test_the_same_selection_at_the_same_time_is_the_same_book(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    write(archive, tmp_path / "one.epub")
    write(archive, tmp_path / "two.epub")
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()


def test_a_selection_of_times_and_an_empty_one(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    report = write(archive, tmp_path / "some.epub", since=NOW.replace(hour=10), until=NOW.replace(hour=11))
    assert report.articles == 1
    with pytest.raises(ExportError, match="no articles in this selection"):
        write(archive, tmp_path / "none.epub", since=NOW.replace(year=2030))
    assert not (tmp_path / "none.epub").exists()


def test_muted_articles_are_left_out(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.library().rules.add(RuleDraft(action="mute", query="title:ferry"), now=NOW)
    assert write(archive, tmp_path / "book.epub").articles == 5
