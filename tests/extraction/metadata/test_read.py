"""Metadata from pages that say it in their several ways."""

from datetime import UTC, datetime

import pytest

from tests.extraction.metadata.pages import page, read
from unabridged.model import Clock, Entry


@pytest.mark.parametrize(
    ("language", "byline", "day"),
    [
        ("en", "By Ann Lee", "February 1, 2024"),
        ("de", "Von Ann Lee", "1. Februar 2024"),
        ("fr", "Par Ann Lee", "Publié le 1 février 2024"),
        ("es", "Por Ann Lee", "1 de febrero de 2024"),
        ("it", "di Ann Lee", "1 febbraio 2024"),
        ("nl", "Door Ann Lee", "1 februari 2024"),
        ("tr", "Yazan: Ann Lee", "1 Şubat 2024"),
    ],
)
def test_the_visible_byline_and_day_are_read(language: str, byline: str, day: str) -> None:
    body = f"<h1>The bridge is closed today</h1><p>{byline}</p><p>{day}</p>"
    found = read(page("<title>The bridge is closed today</title>", body, lang=language))
    assert found.authors == ("Ann Lee",)
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    clock = Clock(kind="feed", at=datetime(2024, 2, 1, tzinfo=UTC), origin="feed")
    entry = Entry(
        title="The bridge is closed", authors=("Ann Lee",), published=clock, language="en", tags=("rivers",)
    )
    found = read("<html><body><p>Nothing is said here.</p></body></html>", entry=entry)
    assert (found.title, found.authors, found.published, found.tags) == (
        entry.title,
        ("Ann Lee",),
        clock,
        ("rivers",),
    )
    assert set(found.provenance.values()) == {"feed"}


def test_an_empty_page_gives_an_empty_record() -> None:
    found = read("<p></p>", url=None)
    assert (found.title, found.authors, found.published, found.lead_image) == ("", (), None, None)
