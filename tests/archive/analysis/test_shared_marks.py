"""Marks that near-duplicates share: read and starred, also of copies that come later."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.archive.analysis.test_analyse import OTHER, WIRE
from tests.archive.library.test_folding import FIRST, LONGER, SECOND, analysed, deliver, write
from tests.archive.sample_feeds import HOUR, NOW
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Query
from unabridged.archive.records.items import ItemEdit, ItemStream, StreamPart
from unabridged.archive.records.library import AFTER_EDIT, SHARE_MARKS
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.storage.tables import items
from unabridged.errors import InvalidValue

THIRD = WIRE.replace("Dora", "Ella")


def share(archive: Archive, user: int = 1) -> None:
    archive.library(user).preferences.set({SHARE_MARKS: "shared"})


def unread(archive: Archive, user: int = 1) -> set[int]:
    return {line.id for line in archive.library(user).articles.headlines(Query(unread=True)).headlines}


def starred(archive: Archive) -> set[int]:
    return {line.id for line in archive.library().articles.headlines(Query(starred=True)).headlines}


def with_which(archive: Archive, number: int) -> int | None:
    line = archive.library().stories.read_with(number)
    return None if line is None else line.id


def test_marks_are_each_article_s_own_unless_somebody_wishes_to_share_them(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    archive.library().marks.set_read([one], True, now=NOW)
    archive.library().marks.set_starred([one], True, now=NOW)
    assert unread(archive) == {copy}
    assert starred(archive) == {one}


def test_read_and_star_are_applied_to_near_duplicates_and_taken_back(archive: Archive) -> None:
    one, copy, other = analysed(archive, WIRE, LONGER, OTHER)
    share(archive)
    marks = archive.library().marks
    assert marks.set_read([one], True, now=NOW) == 2
    assert unread(archive) == {other}
    assert (with_which(archive, copy), with_which(archive, one)) == (one, None)
    assert marks.set_starred([copy], True, now=NOW) == 2
    assert starred(archive) == {one, copy}
    assert marks.set_read([copy], False, now=NOW) == 2
    assert unread(archive) == {one, copy, other}
    assert with_which(archive, copy) is None
    marks.set_starred([one], False, now=NOW)
    assert starred(archive) == set()


def test_a_whole_list_marked_read_takes_the_copies_elsewhere_along_and_is_undone(archive: Archive) -> None:
    one, copy, other = analysed(archive, WIRE, LONGER, OTHER)
    share(archive)
    feed = archive.library().articles.get(one).feed_id
    library = archive.library()
    library.marks.set_all_read(Query(feed=feed), now=NOW + HOUR, before=NOW + HOUR)
    assert unread(archive) == set()
    assert with_which(archive, copy) == one
    library.marks.undo_all_read(NOW + HOUR, now=NOW + HOUR)
    assert unread(archive) == {one, copy, other}
    library.items.read_all(ItemStream(parts=(StreamPart(kind="feed", number=feed or 0),)), now=NOW + HOUR)
    assert unread(archive) == set()


def test_marks_made_by_apps_are_shared(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    share(archive)
    item = archive.library().articles.get(one).item_id
    assert item is not None
    archive.library().items.edit([item], ItemEdit(read=True, starred=True), now=NOW)
    assert unread(archive) == set()
    assert starred(archive) == {one, copy}


def test_a_copy_that_comes_later_arrives_read_and_says_why(archive: Archive) -> None:
    [one] = analysed(archive, WIRE)
    share(archive)
    archive.library().marks.set_read([one], True, now=NOW)
    archive.library().marks.set_starred([one], True, now=NOW)
    [late] = deliver(archive, SECOND, 2)
    write(archive, late, LONGER)
    assert unread(archive) == {late}
    archive.analysis.some(now=NOW + HOUR)
    assert unread(archive) == set()
    assert starred(archive) == {one, late}
    assert with_which(archive, late) == one
    with archive._db.reading() as conn:
        changed = conn.execute(select(items.c.changed).where(items.c.article_id == late)).scalar()
    assert changed == NOW + HOUR


def test_a_copy_that_was_analysed_before_arrives_read_with_a_new_subscription(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    one, copy = analysed(archive, WIRE, LONGER)
    share(archive, ann)
    archive.library(ann).subscriptions.add(FIRST, now=NOW)
    archive.library(ann).marks.set_read([one], True, now=NOW)
    archive.library(ann).subscriptions.add(SECOND, now=NOW)
    assert unread(archive, ann) == set()
    assert unread(archive) == {one, copy}


def test_a_late_copy_of_what_nobody_read_or_a_rule_set_aside_stays_unread(archive: Archive) -> None:
    [one] = analysed(archive, WIRE)
    share(archive)
    archive.library().rules.add(RuleDraft(action="mute", query='title:"Story 1"'), now=NOW)
    assert archive.library().articles.get(one).muted is not None
    [late] = deliver(archive, SECOND, 2)
    write(archive, late, LONGER)
    archive.analysis.all()
    assert unread(archive) == {late}


def test_what_a_person_or_an_edit_made_unread_is_not_read_again(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    library = archive.library()
    library.preferences.set({AFTER_EDIT: "always"})
    library.marks.set_read([one, copy], True, now=NOW)
    share(archive)
    write(archive, copy, f"{LONGER} A further sentence was added on the next day.", at=1)
    assert unread(archive) == {copy}
    archive.analysis.all()
    assert unread(archive) == {copy}
    assert library.stories.copies(one)


def test_groups_that_are_joined_later_keep_the_marks_of_their_articles(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, OTHER)
    share(archive)
    archive.library().marks.set_read([one], True, now=NOW)
    archive.library().marks.set_read([copy], True, now=NOW)
    archive.library().marks.set_read([copy], False, now=NOW)
    write(archive, copy, LONGER, at=1)
    archive.analysis.all()
    assert archive.library().stories.copies(one)
    assert unread(archive) == {copy}


def test_an_article_that_is_no_copy_any_more_has_its_own_marks(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    share(archive)
    write(archive, copy, OTHER, at=1)
    archive.analysis.all()
    archive.library().marks.set_read([one], True, now=NOW)
    assert unread(archive) == {copy}


def test_the_article_with_which_another_was_read_may_be_deleted(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    share(archive)
    archive.library().marks.set_read([one], True, now=NOW)
    archive.library().articles.delete(one, now=NOW)
    assert with_which(archive, copy) is None
    assert unread(archive) == set()


def test_nobody_s_marks_change_those_of_others(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    for url in (FIRST, SECOND):
        archive.library(ann).subscriptions.add(url, now=NOW)
    one, copy = analysed(archive, WIRE, LONGER)
    share(archive)
    share(archive, ann)
    archive.library(ann).marks.set_read([one], True, now=NOW)
    assert unread(archive, ann) == set()
    assert unread(archive) == {one, copy}


def test_only_known_values_are_stored(archive: Archive) -> None:
    with pytest.raises(InvalidValue, match="share_marks"):
        archive.library().preferences.set({SHARE_MARKS: "perhaps"})


def analyse_at(archive: Archive, start: threading.Barrier) -> None:
    start.wait()
    archive.analysis.all()


def mark_at(archive: Archive, number: int, start: threading.Barrier) -> None:
    start.wait()
    archive.library().marks.set_read([number], True, now=NOW)


def test_whoever_comes_second_a_mark_or_a_copy_the_copy_is_read(archive: Archive) -> None:
    [one] = analysed(archive, WIRE)
    share(archive)
    for place, text in enumerate((LONGER, THIRD, WIRE.replace("Bea", "Eve")), start=2):
        archive.library().marks.set_read([one], False, now=NOW)
        [late] = deliver(archive, f"https://feed{place}.example/", place)
        write(archive, late, text)
        start = threading.Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            analysis = threads.submit(analyse_at, archive, start)
            mark = threads.submit(mark_at, archive, one, start)
            analysis.result(timeout=60)
            mark.result(timeout=60)
        assert late not in unread(archive)
