"""Archives for the tools: one person's, on both databases, with versions, and a caller who may only read."""

from dataclasses import replace
from pathlib import Path

import pytest

import tests.archive.conftest as both
import tests.serve.conftest as web
from tests.serve.running_app import NOW, Desk, make_article, page_of, settings_in
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import OWNER
from unabridged.mcp_server.caller import Caller

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""
templates, full = web.templates, web.full

FIRST = "The minister promised ten ferries.\n\nNobody asked which ones."
SECOND = "The minister promised two ferries.\n\nNobody asked which ones."


def whole(number: int, text: str, **changed: object):  # type: ignore[no-untyped-def]
    """An article of this text."""
    html = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return make_article(number, text=text, markdown=text, html=html, **changed)


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Desk:
    """Three articles of one feed; the first was edited a day after it was published."""
    made = Desk(archive=archive, settings=settings_in(tmp_path))
    made.subscribe([whole(0, FIRST), whole(1, "A story of two words."), whole(2, "Another story.")])
    later = NOW.replace(day=21)
    edited = whole(0, SECOND, title="Two ferries promised")
    page = replace(page_of(edited, later))
    archive.ingest.save_page(made.articles[0], edited, page, now=later)
    return made


@pytest.fixture
def caller(desk: Desk) -> Caller:
    """The owner, who may only read."""
    return Caller(archive=desk.archive, user=OWNER, clock=lambda: NOW.replace(day=22))
