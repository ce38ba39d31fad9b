"""Lists of changes: edits, take-downs and restorations, by scope, time and kind, page by page."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, update

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, save
from tests.archive.stored_rows import add_user
from unabridged.archive import OWNER, Archive, Query
from unabridged.archive.library.changes import list_changes
from unabridged.archive.records.changes import ArticleChange, ChangeQuery
from unabridged.archive.records.core import Failure
from unabridged.archive.records.imports import ImportedPage
from unabridged.archive.records.library import ReplayChange
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import articles
from unabridged.errors import NotFound

GONE = Failure(kind="taken-down", message="The publisher has taken the article down.")


def read(archive: Archive, number: int, place: int, word: str, at: datetime) -> None:
    """Save the page of an article as it is at a time, with a word of its own."""
    url = f"https://news.example/{place}"
    article = an_article(url, f"Story {place}", LONG.replace("town", word))
    archive.ingest.save_page(number, article, a_page(url, f"{word} {place}".encode(), at), now=at)


def miss(archive: Archive, number: int, at: datetime, status: int = 410) -> None:
    archive.ingest.record_page_failure(
        number, GONE, now=at, next_try_at=None, status=status, taken_down=status in (404, 410)
    )


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    """Three articles with their pages, in a folder."""
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="Daily").feed
    found = save(archive, feed.id, *(an_entry(place) for place in range(3))).new
    for place, number in enumerate(found):
        read(archive, number, place, "town", NOW)
    return list(found)


def changes(archive: Archive, user: int = 1, **query: object) -> list[ArticleChange]:
    asked = ChangeQuery(**query)  # type: ignore[arg-type]
    return list(archive.library(user).articles.changes(asked).changes)


def told(found: list[ArticleChange]) -> list[tuple[int, str, datetime, int | None, int | None]]:
    return [(one.article_id, one.kind, one.noticed, one.before, one.after) for one in found]


def test_what_a_publisher_did_is_listed_newest_first(archive: Archive, numbers: list[int]) -> None:
    one, two, _ = numbers
    assert changes(archive) == []
    read(archive, one, 0, "city", NOW + HOUR)
    miss(archive, two, NOW + 2 * HOUR)
    read(archive, one, 0, "village", NOW + 3 * HOUR)
    read(archive, two, 1, "town", NOW + 4 * HOUR)
    found = changes(archive)
    assert told(found) == [
        (two, "restored", NOW + 4 * HOUR, None, 1),
        (one, "edited", NOW + 3 * HOUR, 2, 3),
        (two, "taken_down", NOW + 2 * HOUR, 1, None),
        (one, "edited", NOW + HOUR, 1, 2),
    ]
    assert found[1].reason == "12 words and marks added, 12 removed, 276 before"
    assert (found[1].headline.title, found[1].headline.url) == ("Story 0", "https://news.example/0")
    assert found[1].headline.feed_title == "News"
    assert found[1].id == f"{one}-edited-3"
    assert len({change.id for change in found}) == 4


def test_a_page_goes_once_however_often_it_is_found_gone(archive: Archive, numbers: list[int]) -> None:
    one = numbers[0]
    for hours, status in enumerate((500, 404, 410, 500, 404)):
        miss(archive, one, NOW + hours * HOUR, status)
    assert told(changes(archive)) == [(one, "taken_down", NOW + HOUR, 1, None)]
    archive.ingest.record_page_unchanged(one, now=NOW + 9 * HOUR, next_check_at=None)
    archive.ingest.record_page_unchanged(one, now=NOW + 10 * HOUR, next_check_at=None)
    assert told(changes(archive))[0] == (one, "restored", NOW + 9 * HOUR, None, 1)
    miss(archive, one, NOW + 11 * HOUR)
    assert [change.kind for change in changes(archive)] == ["taken_down", "restored", "taken_down"]


def test_a_worse_page_restores_nothing(archive: Archive, numbers: list[int]) -> None:
    miss(archive, numbers[0], NOW + HOUR)
    url = "https://news.example/0"
    archive.ingest.save_page(
        numbers[0], an_article(url, "Oops", ""), a_page(url, b"oops", NOW + 2 * HOUR), now=NOW + 2 * HOUR
    )
    assert [change.kind for change in changes(archive)] == ["taken_down"]


def test_a_page_that_comes_back_with_other_words_is_restored_and_edited(
    archive: Archive, numbers: list[int]
) -> None:
    miss(archive, numbers[0], NOW + HOUR)
    read(archive, numbers[0], 0, "city", NOW + 2 * HOUR)
    assert told(changes(archive))[:2] == [
        (numbers[0], "restored", NOW + 2 * HOUR, None, 2),
        (numbers[0], "edited", NOW + 2 * HOUR, 1, 2),
    ]


def test_each_scope_of_a_list_has_its_changes(archive: Archive, numbers: list[int]) -> None:
    mine = archive.library()
    one, two, three = numbers
    other = mine.subscriptions.add("https://other.example/feed", now=NOW).feed
    for number, place in ((one, 0), (two, 1)):
        read(archive, number, place, "city", NOW + HOUR)
    miss(archive, three, NOW + HOUR)
    mine.marks.set_starred([two], True, now=NOW)
    mine.tags.add([one, three], ["sea"], now=NOW)
    search = mine.searches.add("x", "title:1", now=NOW).id
    starred = mine.searches.add("x", "is:starred", now=NOW).id
    tag, folder = mine.tags.all()[0].id, mine.subscriptions.folders()[0].id
    feed = mine.articles.get(one).feed_id
    scopes = {
        Query(feed=feed): {one, two, three},
        Query(feed=other.id): set(),
        Query(folder=folder): {one, two, three},
        Query(folder=folder + 1): set(),
        Query(source=mine.articles.get(one).source): {one, two, three},
        Query(source="elsewhere"): set(),
        Query(starred=True): {two},
        Query(tag=tag): {one, three},
        Query(search=mine.searches.scope(search, now=NOW)): {two},
        Query(search=mine.searches.scope(starred, now=NOW)): {two},
        Query(unread=True, tag=tag): {one, three},
    }
    found = {scope: {change.article_id for change in changes(archive, scope=scope)} for scope in scopes}
    assert found == scopes
    assert {change.article_id for change in changes(archive, article=two)} == {two}


def test_kinds_and_times_narrow_a_list(archive: Archive, numbers: list[int]) -> None:
    one, two, _ = numbers
    read(archive, one, 0, "city", NOW + HOUR)
    miss(archive, two, NOW + 2 * HOUR)
    read(archive, two, 1, "town", NOW + 3 * HOUR)
    kinds = {kind: [c.kind for c in changes(archive, kinds=(kind,))] for kind in ("edited", "restored")}
    assert kinds == {"edited": ["edited"], "restored": ["restored"]}
    assert changes(archive, kinds=()) == []
    since = changes(archive, since=NOW + 2 * HOUR)
    assert [change.kind for change in since] == ["restored", "taken_down"]
    until = changes(archive, since=NOW + HOUR, until=NOW + 3 * HOUR)
    assert [change.kind for change in until] == ["taken_down", "edited"]


@pytest.mark.parametrize("oldest", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_a_list_join_without_gap_or_repetition(
    archive: Archive, numbers: list[int], oldest: bool, limit: int
) -> None:
    for hours in (1, 2):  # several changes of each table at the same time
        for place, number in enumerate(numbers):
            miss(archive, number, NOW + hours * HOUR)
            read(archive, number, place, f"city{hours}", NOW + hours * HOUR)
    whole = changes(archive, oldest=oldest)
    assert len(whole) == 18
    assert whole == list(reversed(changes(archive, oldest=not oldest)))
    query = ChangeQuery(oldest=oldest, limit=limit)
    joined: list[ArticleChange] = []
    cursor: str | None = ""
    while cursor is not None:
        page = archive.library().articles.changes(replace(query, before=cursor or None))
        joined += page.changes
        cursor = page.next
        if not oldest and len(joined) == limit:
            read(archive, numbers[0], 0, "arrival", NOW + 9 * HOUR)  # newer than the whole list
    assert [one.id for one in joined] == [one.id for one in whole]


@pytest.mark.parametrize("cursor", ["x", "1_2_3_4", "1_0_3", f"{10**17 * 9}_0_1_1", "1_0_1_1\n"])
def test_a_wrong_cursor_is_refused(archive: Archive, cursor: str) -> None:
    with pytest.raises(NotFound, match="not a place in a list of changes"):
        changes(archive, before=cursor)


def test_an_edit_is_compared_with_what_was_read_before_it(archive: Archive, numbers: list[int]) -> None:
    one, two, _ = numbers
    read(archive, one, 0, "city", NOW + 2 * HOUR)
    url = "https://news.example/0"
    older = an_article(url, "Story 0", LONG.replace("town", "hamlet"))
    capture = ImportedPage(article=older, page=a_page(url, b"older", NOW + HOUR))
    archive.library().imports.add_pages([capture], now=NOW + 5 * HOUR)
    assert told(changes(archive, article=one)) == [
        (one, "edited", NOW + 2 * HOUR, 3, 2),
        (one, "edited", NOW + HOUR, 1, 3),
    ]
    replayed = ReplayChange(
        article_id=two, base=1, article=an_article("https://news.example/1", "S", LONG), reason=""
    )
    archive.reextraction.apply(None, [replayed], now=NOW + HOUR)
    read(archive, two, 1, "city", NOW + 2 * HOUR)
    assert told(changes(archive, article=two)) == [(two, "edited", NOW + 2 * HOUR, 2, 3)]


def test_a_feed_that_edits_its_own_text_is_compared_with_that_text(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1, text=LONG)).new
    save(archive, feed.id, an_entry(1, text=LONG.replace("town", "city")), now=NOW + HOUR)
    assert told(changes(archive)) == [(number, "edited", NOW + HOUR, 0, 1)]


def test_changes_are_those_of_ones_own_library(archive: Archive, numbers: list[int]) -> None:
    ann = add_user(archive, "ann")
    archive.library(ann).subscriptions.add("https://other.example/feed", now=NOW)
    read(archive, numbers[0], 0, "city", NOW + HOUR)
    miss(archive, numbers[1], NOW + HOUR)
    feed = archive.library().articles.get(numbers[0]).feed_id
    for scope in (Query(), Query(feed=feed), Query(folder=1)):
        assert changes(archive, ann, scope=scope) == []
    with pytest.raises(NotFound):
        changes(archive, ann, article=numbers[0])
    archive.library(ann).subscriptions.add(URL, now=NOW)
    assert {change.article_id for change in changes(archive, ann)} == set(numbers[:2])


def test_a_duplicate_has_its_changes_on_its_own_page_alone(
    archive: Archive, numbers: list[int], dsn: str
) -> None:
    read(archive, numbers[0], 0, "city", NOW + HOUR)
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        conn.execute(update(articles).where(articles.c.id == numbers[0]).values(same_as=numbers[1]))
    database.close()
    assert changes(archive) == []
    assert len(changes(archive, article=numbers[0])) == 1


def test_sqlite_follows_the_indexes_of_changes(archive: Archive, numbers: list[int], dsn: str) -> None:
    """A list of changes must not read every version or every item: there are hundreds of thousands."""
    database = Database(dsn)
    if not database.on_sqlite:
        pytest.skip("PostgreSQL plans by the sizes of tables")
    said: list[tuple[str, Any]] = []
    plans = []
    with database.reading() as conn:
        event.listen(conn.engine, "before_cursor_execute", lambda *given: said.append(given[2:4]))
        for scope in (Query(), Query(feed=1), Query(folder=1), Query(starred=True)):
            list_changes(conn, ChangeQuery(scope=scope, before="9_0_9_9"), OWNER)
        for statement, values in list(said):
            rows = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append([row[-1] for row in rows])
    database.close()
    assert len(plans) == 8
    for place, plan in enumerate(plans):
        table, index = (("revisions", "edits"), ("observations", "changes"))[place % 2]
        assert plan[0].startswith(f"SEARCH {table} USING INDEX ix_{table}_{index} ("), plan
        sorts = plan.count("USE TEMP B-TREE FOR ORDER BY")
        assert sorts == (1 if table == "revisions" else 0), plan  # of the few versions of one article
