"""Details of a story in the archive: passages, credits and timeline; stories of many articles at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.archive.analysis.test_stories import ELECTION, QUAKE, QUAKE_LATER, QUAKE_TOO, told
from tests.archive.sample_feeds import HOUR, NOW, a_page
from tests.archive.stored_rows import add_user
from unabridged.archive import OWNER, Archive
from unabridged.archive.library.stories import current_number
from unabridged.archive.library.story_marks import story_marks
from unabridged.archive.records.core import Failure
from unabridged.archive.records.stories import source_of
from unabridged.archive.storage.engine import Database
from unabridged.errors import NotFound

WIRE = (QUAKE_TOO[0], f"{QUAKE[1]} Reuters reported on Tuesday that the airport of Valmora was closed.")


def test_each_article_has_what_it_repeats_and_adds_and_whom_it_names(archive: Archive) -> None:
    one, two, later = told(archive, QUAKE, WIRE, QUAKE_LATER)
    found = archive.library().stories.details(one)
    assert [part.article for part in found.contributions] == [one, two, later]
    copied = found.contributions[1]
    assert {passage.source for passage in copied.repeated} == {one}
    text = found.texts[two]
    assert [text[start:end] for start, end in copied.added] == [
        "Reuters reported on Tuesday that the airport of Valmora was closed."
    ]
    assert copied.share > 0.7
    assert "Reuters" in {node.name for node in found.graph.nodes}
    assert [edge.evidence[0].article for edge in found.graph.edges] == [two]


def test_edits_and_take_downs_stand_on_the_timeline(archive: Archive) -> None:
    one, two = told(archive, QUAKE, QUAKE_TOO)
    now = archive.library().articles.get(one).article
    edited = replace(now, text=now.text.replace("27", "31"), html=now.html.replace("27", "31"))
    later = NOW + 30 * HOUR
    archive.ingest.save_page(one, edited, replace(a_page(now.url, b"edited"), fetched=later), now=later)
    gone = Failure(kind="taken-down", message="Gone.")
    archive.ingest.record_page_failure(
        two, gone, now=later + HOUR, next_try_at=None, status=410, taken_down=True
    )
    archive.analysis.all()
    events = archive.library().stories.details(one).events
    assert [event.kind for event in events][-2:] == ["edited", "taken_down"]
    assert [(event.article, event.before is not None) for event in events][-2:] == [(one, True), (two, True)]
    assert events[0].kind == "first"


def test_marks_name_the_story_of_each_article_with_its_size(archive: Archive) -> None:
    one, other, two = told(archive, QUAKE, ELECTION, QUAKE_TOO)
    marks = archive.library().stories.marks([one, other, two])
    assert {number: (mark.number, mark.articles) for number, mark in marks.items()} == {
        one: (one, 2),
        two: (one, 2),
    }
    assert archive.library().stories.marks([]) == {}


def test_sqlite_follows_the_index_of_stories(archive: Archive, dsn: str) -> None:
    """A mark must not read every item of the user: there are hundreds of thousands."""
    one, _, two = told(archive, QUAKE, ELECTION, QUAKE_TOO)
    database = Database(dsn)
    if not database.on_sqlite:
        pytest.skip("PostgreSQL plans by the sizes of tables")
    said: list[tuple[str, Any]] = []
    with database.reading() as conn:
        event.listen(conn.engine, "before_cursor_execute", lambda *given: said.append(given[2:4]))
        assert story_marks(conn, [one, two], OWNER)[two].articles == 2
        assert current_number(conn, two, OWNER) == one
        steps = [
            row[-1]
            for statement, values in list(said)
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    database.close()
    assert any("SEARCH items" in step for step in steps)
    assert not [step for step in steps if "SCAN" in step or step.endswith("(user_id=?)")]


def test_sources_are_counted_alike_in_lists_and_in_the_story(archive: Archive) -> None:
    one, _ = told(archive, QUAKE, QUAKE_TOO)
    (line,) = archive.library().stories.recent().stories
    story = archive.library().stories.get(one)
    assert line.outlets == story.outlets == len({part.headline.feed_id for part in story.articles})
    saved = [
        ("https://one.example/a", None),
        ("https://two.example/b", None),
        ("https://two.example/c", None),
    ]
    assert {source_of(feed, url) for url, feed in saved} == {"one.example", "two.example"}


def test_readings_have_story_copies_and_credits(archive: Archive) -> None:
    one, two, other = told(archive, QUAKE, WIRE, ELECTION)
    found = archive.library().stories.readings([one, two, other])
    assert [found[number].story for number in (one, two, other)] == [one, one, None]
    assert [credit.source for credit in found[two].credits] == ["Reuters"]
    assert found[other].credits == ()


def test_nobody_learns_of_the_articles_of_others(archive: Archive) -> None:
    one, two = told(archive, QUAKE, QUAKE_TOO)
    other = add_user(archive, "Bo")
    theirs = archive.library(other).stories
    assert theirs.marks([one, two]) == {}
    assert theirs.readings([one, two]) == {}
    with pytest.raises(NotFound):
        theirs.details(one)


def test_a_story_is_compared_again_when_a_text_changes(archive: Archive) -> None:
    one, two = told(archive, QUAKE, QUAKE_TOO)
    before = archive.library().stories.details(one).contributions[1]
    article = archive.library().articles.get(two).article
    longer = f"{QUAKE[1]} {article.text}"
    later = NOW + timedelta(days=1)
    archive.ingest.save_page(
        two,
        replace(article, text=longer, html=f"<p>{longer}</p>"),
        replace(a_page(article.url, b"more"), fetched=later),
        now=later,
    )
    archive.analysis.all()
    after = archive.library().stories.details(one).contributions[1]
    assert before.repeated == ()
    assert after.repeated[0].source == one
