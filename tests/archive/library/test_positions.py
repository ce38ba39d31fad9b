"""Positions in audio and video: of one person, within bounds, the latest first."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.archive.sample_feeds import NOW, filled
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.library.positions import MAX_POSITIONS
from unabridged.archive.storage.tables_library import positions
from unabridged.errors import InvalidValue, NotFound

MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


def test_a_position_replaces_the_one_before_and_keeps_a_known_length(archive: Archive) -> None:
    first, second = filled(archive, 1, 2)
    mine = archive.library().positions
    mine.set(first, "a1", 30, 600, now=NOW)
    mine.set(first, "b2", 5, None, now=LATER)
    mine.set(first, "a1", 45, None, now=NOW)
    assert [(one.media, one.seconds, one.length) for one in mine.of_article(first)] == [
        ("b2", 5, None),
        ("a1", 45, 600),
    ]
    assert {number: one.media for number, one in mine.latest([first, second, 99]).items()} == {first: "b2"}
    assert mine.of_article(second) == () == mine.of_article(99)
    other = archive.library(add_user(archive, "bo")).positions
    assert other.of_article(first) == ()
    archive.library().articles.delete(first)
    assert mine.latest([first]) == {}


def test_what_is_impossible_or_not_there_is_refused(archive: Archive) -> None:
    [number] = filled(archive, 1)
    mine = archive.library().positions
    for media, seconds, length in (
        ("", 1, None),
        ("x" * 65, 1, None),
        ("a/b", 1, None),
        ("é", 1, None),
        ("a", -1, None),
        ("a", 1_000_001, None),
        ("a", 1, 0),
        ("a", 1, 1_000_001),
    ):
        with pytest.raises(InvalidValue):
            mine.set(number, media, seconds, length, now=NOW)
    bo = archive.library(add_user(archive, "bo")).positions
    with pytest.raises(NotFound):
        bo.set(number, "a", 1, None, now=NOW)
    with pytest.raises(NotFound):
        mine.set(99, "a", 1, None, now=NOW)
    assert mine.of_article(number) == ()


def test_the_oldest_position_makes_room_for_a_new_one(archive: Archive) -> None:
    [number] = filled(archive, 1)
    rows = [
        {"user_id": 1, "article_id": number, "media": f"m{n}", "seconds": 1, "updated": NOW + n * MINUTE}
        for n in range(MAX_POSITIONS)
    ]
    archive._db.writing(lambda conn: conn.execute(insert(positions), rows))
    mine = archive.library().positions
    mine.set(number, "m1", 2, None, now=NOW)
    assert len(mine.of_article(number)) == MAX_POSITIONS
    mine.set(number, "new", 3, None, now=NOW)
    kept = {one.media for one in mine.of_article(number)}
    assert len(kept) == MAX_POSITIONS and "new" in kept and not {"m0", "m1"} <= kept
