"""One article under two addresses is one wherever it is listed, found, marked, exported and erased."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert

from tests.archive.articles.duplicate_feeds import FEEDS, LATER, PLAIN, SHORT, feeds, poll, read_both, story
from tests.archive.sample_feeds import LONG, NOW, a_page
from tests.archive.stored_rows import pending_pages
from unabridged.archive import Archive, Failure, Query
from unabridged.archive.maintenance.backup import restore
from unabridged.archive.maintenance.salvage import salvage
from unabridged.archive.records.library import ReplayChange
from unabridged.archive.records.maintenance import unwatched
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables_search import search_docs
from unabridged.errors import NotFound
from unabridged.formats.document.tree import write_tree

DAY = timedelta(days=1)
THIRD = "https://m.news.example/1"


@pytest.fixture
def pair(archive: Archive) -> tuple[int, int]:
    """The number that is kept, and the one that was joined to it."""
    feeds(archive)
    return read_both(archive, story(SHORT))


def listed(archive: Archive, query: Query | None = None) -> list[int]:
    return [one.id for one in archive.library().articles.headlines(query or Query()).headlines]


def test_every_list_count_and_search_has_it_once(archive: Archive, pair: tuple[int, int]) -> None:
    kept, _ = pair
    assert listed(archive) == [one.id for one in archive.library().articles.all(Query())] == [kept]
    assert listed(archive, Query(muted=True)) == []
    assert archive.library().counts().articles == archive.library().articles.count(Query()) == 1
    assert [one.articles for one in archive.library().subscriptions.all()] == [1, 1]
    assert [one.articles for one in archive.documents.sources()] == [1, 0]
    assert archive.library().search.ids("town").article_ids == (kept,)
    assert archive.library().search.ids("-whale is:read").article_ids == ()
    assert archive.search_index.state().articles == archive.search_index.state().indexed == 1
    assert [one.article_id for one in archive.reextraction.sources()] == [kept]
    assert archive.schedule.latest_pages(5) == ((kept, PLAIN),)
    assert next(one for one in archive.maintenance.sizes().parts if one.name == "articles").count == 1
    assert archive.maintenance.verify().problems == ()


def test_an_index_made_anew_has_it_once(archive: Archive, pair: tuple[int, int]) -> None:
    archive.search_index.clear()
    archive.search_index.index_all()
    assert archive.library().search.ids("town").article_ids == (pair[0],)
    assert archive.maintenance.verify().problems == ()


def test_the_document_tree_has_it_once_also_where_both_had_a_place(archive: Archive, tmp_path: Path) -> None:
    feeds(archive)
    assert write_tree(archive, tmp_path / "before").documents == 2
    read_both(archive, story(SHORT))
    assert write_tree(archive, tmp_path / "after").documents == 1
    assert archive.documents.assign_numbers() == 0


def test_its_permalink_leads_to_its_own_text_and_says_which_article_it_is(
    archive: Archive, pair: tuple[int, int]
) -> None:
    kept, joined = pair
    assert (
        archive.library().articles.get(joined).same_as == kept
        and archive.library().articles.get(kept).same_as is None
    )
    assert archive.library().articles.revision(joined, 1).article.url == SHORT
    assert [(line.id, line.url) for line in archive.library().articles.duplicates(kept)] == [(joined, SHORT)]
    assert archive.library().articles.duplicates(joined) == ()


def test_a_mark_on_either_number_is_on_the_article(archive: Archive, pair: tuple[int, int]) -> None:
    kept, joined = pair
    archive.library().marks.set_starred([joined], True, now=LATER)
    archive.library().tags.add([joined], ["sea"], now=LATER)
    archive.library().marks.set_read([joined, kept], True, now=LATER)
    assert archive.library().articles.get(kept).starred and archive.library().articles.get(kept).read
    assert (archive.library().articles.get(joined).starred, archive.library().articles.get(joined).read) == (
        False,
        True,
    )
    assert archive.library().tags.by_article([kept]) == {kept: ("sea",)}
    archive.library().marks.set_read([joined], False, now=LATER)
    assert archive.library().counts().unread == 1 and archive.library().articles.get(joined).read
    archive.library().tags.remove([joined], ["sea"], now=LATER)
    assert archive.library().tags.all() == ()


@pytest.mark.parametrize("named", [0, 1], ids=["the one kept", "the one joined"])
def test_erasing_either_number_erases_the_article(
    archive: Archive, pair: tuple[int, int], named: int
) -> None:
    archive.library().articles.delete(pair[named], now=LATER)
    for number in pair:
        with pytest.raises(NotFound):
            archive.library().articles.get(number)
    assert (archive.library().counts().snapshots, archive.library().counts().revisions) == (0, 0)
    assert archive.library().search.ids("town").article_ids == ()
    for place, url in enumerate((PLAIN, SHORT)):
        feed = archive.feeds.find(FEEDS[place])
        assert feed is not None and poll(archive, feed.id, place, url) == ()
    assert archive.maintenance.verify().problems == ()


@pytest.mark.parametrize("place", [0, 1])
def test_it_stays_whichever_of_its_feeds_is_removed(
    archive: Archive, pair: tuple[int, int], place: int
) -> None:
    feed = archive.library().subscriptions.all()[place].feed.id
    assert archive.library().subscriptions.purge(feed) == 0
    assert listed(archive) == [pair[0]] and archive.library().articles.get(pair[1]).same_as == pair[0]
    assert archive.maintenance.verify().problems == ()


def test_it_goes_whole_with_the_only_feed_that_it_came_in(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(FEEDS[0], now=NOW).feed.id
    for place, url in enumerate((PLAIN, SHORT)):
        poll(archive, feed, place, url)
    read_both(archive, story(SHORT))
    assert archive.library().subscriptions.purge(feed) == 1
    assert (archive.library().counts().revisions, archive.library().counts().snapshots) == (0, 0)
    assert archive.maintenance.verify().problems == ()


def test_a_folder_lets_it_go_whole_and_only_when_every_feed_of_it_does(
    archive: Archive, pair: tuple[int, int]
) -> None:
    first, second = (one.feed.id for one in archive.library().subscriptions.all())
    archive.library().subscriptions.move(second, "Short")
    archive.library().subscriptions.set_retention("Short", 3600)
    assert archive.maintenance.delete_expired(NOW + DAY) == 0
    archive.library().subscriptions.move(first, "Short")
    archive.library().marks.set_starred([pair[1]], True, now=NOW)
    assert archive.maintenance.delete_expired(NOW + DAY) == 0
    archive.library().marks.set_starred([pair[1]], False, now=NOW)
    assert archive.maintenance.delete_expired(NOW + DAY) == 1
    assert archive.library().counts().revisions == 0


def test_what_is_saved_of_its_page_later_is_kept_found_nowhere_and_looked_at_no_more(
    archive: Archive, pair: tuple[int, int]
) -> None:
    kept, joined = pair
    other = story(SHORT, LONG + "\n\nA whale was seen, too.", canonical_url=THIRD)
    archive.ingest.save_page(joined, other, a_page(SHORT, b"new"), now=LATER, next_check_at=LATER + DAY)
    assert (
        archive.library().articles.get(joined).revision == 2
        and archive.library().articles.get(joined).page.next_try_at is None
    )
    missed = Failure(kind="timeout", message="It took too long.")
    archive.ingest.record_page_failure(joined, missed, now=LATER, next_try_at=LATER + DAY)
    archive.schedule.retry_pages([joined], now=LATER)
    archive.ingest.record_page_unchanged(joined, now=LATER, next_check_at=LATER + DAY)
    archive.schedule.postpone_page(joined, LATER + DAY)
    assert archive.library().articles.get(joined).page.next_try_at is None
    assert archive.library().search.ids("whale").article_ids == ()
    found = archive.library().articles.find(THIRD)
    assert found is not None and found.id == kept
    archive.library().articles.request_page(joined, now=LATER)
    assert [page.article_id for page in pending_pages(archive, LATER)] == [kept]
    assert archive.maintenance.verify().problems == ()


def test_a_replay_that_read_it_before_does_not_bring_it_back_into_the_index(
    archive: Archive, pair: tuple[int, int]
) -> None:
    joined = archive.library().articles.get(pair[1])
    change = ReplayChange(article_id=joined.id, base=joined.revision, article=story(SHORT), reason="anew")
    replay = archive.reextraction.begin("all", now=LATER)
    archive.reextraction.apply(replay, [change], now=LATER)
    assert archive.library().search.ids("town").article_ids == (pair[0],)
    archive.reextraction.undo(replay, now=LATER)
    assert archive.library().search.ids("town").article_ids == (pair[0],)
    assert archive.maintenance.verify().problems == ()


def test_joined_to_one_that_is_joined_itself_it_is_the_last_one(archive: Archive) -> None:
    feeds(archive)
    kept, joined = read_both(archive, story(SHORT))
    last = archive.library().articles.save(story(THIRD), a_page(THIRD, b"third"), now=NOW).article_id
    archive.library().marks.set_starred([kept], True, now=NOW)
    again = story(PLAIN, canonical_url=THIRD)
    archive.ingest.save_page(kept, again, a_page(PLAIN, b"again"), now=LATER)
    assert [archive.library().articles.get(number).same_as for number in (kept, joined, last)] == [
        last,
        last,
        None,
    ]
    assert listed(archive, Query(starred=True)) == listed(archive) == [last]
    archive.library().articles.delete(kept, now=LATER)
    assert archive.library().counts().revisions == 0


def test_a_copy_has_the_one_that_is_kept_first_whatever_its_number(
    archive: Archive, dsn: str, tmp_path: Path, postgresql: str
) -> None:
    feeds(archive)
    read_both(archive, story(SHORT))
    last = archive.library().articles.save(story(THIRD), a_page(THIRD, b"third"), now=NOW).article_id
    archive.ingest.save_page(1, story(PLAIN, canonical_url=THIRD), a_page(PLAIN, b"again"), now=LATER)
    assert archive.library().articles.get(1).same_as == last > 1
    file = tmp_path / "backup.db"
    archive.maintenance.back_up(file)
    with Archive(str(file)) as copy:
        assert listed(copy) == [last] and copy.library().articles.get(2).same_as == last
    if dsn.startswith("sqlite"):
        target = f"{postgresql}/joined_copy"
        _make_database(postgresql, "joined_copy")
        assert restore(file, target, unwatched).problems == ()
        with Archive(target) as copy:
            assert listed(copy) == [last]


def _make_database(postgresql: str, name: str) -> None:
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")


def test_a_check_names_one_that_is_in_the_index_beside_the_one_it_is(
    archive: Archive, dsn: str, pair: tuple[int, int]
) -> None:
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        row = {"article_id": pair[1], "place": 77, "revision": 1, "digest": 0}
        conn.execute(insert(search_docs), row)
    database.close()
    [problem, *_] = archive.maintenance.verify().problems
    assert problem.what == f"article {pair[1]}" and f"duplicate of article {pair[0]}" in problem.why


def test_where_the_one_that_was_kept_is_lost_the_other_stands_alone(tmp_path: Path) -> None:
    file, restored = tmp_path / "a.db", tmp_path / "restored.db"
    with Archive(str(file)) as archive:
        feeds(archive)
        kept, joined = read_both(archive, story(SHORT))
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute("DELETE FROM articles WHERE id = ?", (kept,))
    salvage(file, restored, unwatched)
    with Archive(str(restored)) as archive:
        assert archive.library().articles.get(joined).same_as is None and listed(archive) == [joined]
        archive.search_index.index_all()
        assert archive.library().search.ids("town").article_ids == (joined,)
