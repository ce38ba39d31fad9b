"""Integrity checks: what is broken is named, and the rest is checked."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.archive.maintenance.filled_archive import fill
from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.maintenance import verify
from unabridged.archive.search_index.consistency import index_problem
from unabridged.archive.storage.engine import Database


def test_a_sound_archive_verifies_and_every_kind_is_counted(archive: Archive) -> None:
    fill(archive)
    stages: set[str] = set()

    found = archive.maintenance.verify(watch=lambda what, _done, _total: stages.add(what))

    assert found.problems == ()
    assert found.counts["revisions"] == 6 * 3
    assert found.counts["snapshots"] == 6 * 2
    assert found.counts["dictionaries"] >= 1
    assert {"versions", "raw pages", "references"} <= stages


BREAKS = {
    "revision": "UPDATE revisions SET content_hash = :zero WHERE article_id = 3 AND number = 1",
    "snapshot": "UPDATE snapshots SET body = :zero WHERE dictionary_id IS NULL",
    "dictionary": "UPDATE dictionaries SET hash = :zero",
    "reference": "UPDATE articles SET revision = 9 WHERE id = 4",
    "search": "DELETE FROM search_docs WHERE article_id = 2",
}


def test_what_is_broken_is_named_and_the_rest_is_checked(archive: Archive, dsn: str) -> None:
    fill(archive)
    database = Database(dsn)
    for statement in BREAKS.values():
        values = {"zero": bytes(32)} if ":zero" in statement else {}
        database.writing(partial(Connection.execute, statement=text(statement), parameters=values))
    database.close()

    found = archive.maintenance.verify()

    assert {problem.kind for problem in found.problems} == set(BREAKS)
    assert found.counts["revisions"] == 18
    assert found.broken == len(found.problems)


def test_a_row_that_refers_to_nothing_is_found(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "a.db")) as archive:
        fill(archive)
        raw = sqlite3.connect(tmp_path / "a.db")
        raw.execute("DELETE FROM articles WHERE id = 2")  # foreign keys are off in this connection
        raw.commit()
        raw.close()
        found = archive.maintenance.verify()
    assert any("revisions.article_id" in problem.what for problem in found.problems)


def test_what_is_saved_while_it_is_looked_at_is_no_problem(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    first, second, third = save(archive, feed.id, *(an_entry(number) for number in range(3))).new
    look = index_problem
    before: list[Callable[[], object]] = [
        lambda: archive.library().articles.delete(second),
        lambda: archive.ingest.save_page(first, an_article("https://news.example/0"), a_page("x"), now=NOW),
    ]

    def look_later(conn: Connection, row: Any) -> str | None:
        if before:
            before.pop()()
        return look(conn, row)

    monkeypatch.setattr(verify, "index_problem", look_later)
    found = archive.maintenance.verify()
    assert (found.problems, found.counts["indexed"], before) == ((), 3, [])
    assert archive.library().articles.get(third).revision == 0
