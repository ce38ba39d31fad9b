"""Saved searches as lists: what is in them, in order, counted, filled in steps."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, filled, save, titles
from unabridged.archive import Archive, Query
from unabridged.archive.rules import saved_searches
from unabridged.errors import BadQuery, InvalidValue, NotFound


def listed(archive: Archive, search: int, **query: bool) -> set[str]:
    return titles(archive, search=archive.library().searches.scope(search, now=NOW), **query)


def test_a_saved_search_is_a_list_of_what_there_is_and_of_what_comes(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(2))
    made = archive.library().searches.add(" A  name ", "title:1", now=NOW)
    assert (made.name, made.query, made.unread_only, made.complete) == ("A name", "title:1", False, True)
    assert listed(archive, made.id) == {"Story 1"}
    save(archive, feed.id, an_entry(11, title="Story 1 again"), an_entry(12))
    assert listed(archive, made.id) == {"Story 1", "Story 1 again"}


def test_a_feed_and_a_saved_search_narrow_a_list_together(archive: Archive) -> None:
    mine = archive.library()
    filled(archive, 1, 2)
    other = mine.subscriptions.add("https://other.example/feed", now=NOW).feed.id
    save(archive, other, an_entry(11, title="Story 1 elsewhere"), an_entry(12))
    made = mine.searches.add("x", "title:1", now=NOW)
    assert listed(archive, made.id) == {"Story 1", "Story 1 elsewhere"}
    scope = mine.searches.scope(made.id, now=NOW)
    assert titles(archive, search=scope, feed=other) == {"Story 1 elsewhere"}


def test_what_passes_is_evaluated_when_the_list_is_shown(archive: Archive) -> None:
    mine = archive.library()
    one, two, _ = filled(archive, 1, 2, 3)
    found = {
        query: mine.searches.add("x", query, now=NOW).id
        for query in ("title:story is:starred", "is:unread", "story -is:starred (is:read OR is:starred)")
    }
    assert [listed(archive, number) for number in found.values()] == [
        set(),
        {"Story 1", "Story 2", "Story 3"},
        set(),
    ]
    mine.marks.set_starred([one], True, now=NOW)
    mine.marks.set_read([one, two], True, now=NOW)
    assert [listed(archive, number) for number in found.values()] == [{"Story 1"}, {"Story 3"}, {"Story 2"}]
    recent = mine.searches.add("recent", "story after:1d", now=NOW).id
    scope = mine.searches.scope(recent, now=NOW + timedelta(days=2))
    assert titles(archive, search=scope) == set()
    assert listed(archive, recent) == {"Story 1", "Story 2", "Story 3"}


def test_words_and_what_passes_are_not_in_one_group(archive: Archive) -> None:
    with pytest.raises(BadQuery, match=r"must stand beside them: \(whale OR ship\) is:unread"):
        archive.library().searches.add("x", "story OR is:unread", now=NOW)


def test_the_order_the_pages_and_the_neighbours_are_those_of_lists(archive: Archive) -> None:
    mine = archive.library()
    numbers = filled(archive, *range(7))
    scope = mine.searches.scope(mine.searches.add("x", "story -title:3", now=NOW).id, now=NOW)
    meant = [number for place, number in enumerate(numbers) if place != 3]
    query = Query(search=scope, limit=4)
    first = mine.articles.headlines(query)
    rest = mine.articles.headlines(Query(search=scope, limit=4, before=first.next))
    assert [line.id for line in (*first.headlines, *rest.headlines)] == meant[::-1]
    oldest = mine.articles.headlines(Query(search=scope, oldest=True)).headlines
    assert [line.id for line in oldest] == meant
    assert mine.articles.neighbours(meant[3], query) == (meant[4], meant[2])
    assert mine.articles.count(query) == 6
    assert mine.marks.set_all_read(query, now=NOW, before=NOW) == 6
    assert mine.mark_counts().unread == 1


def test_unread_articles_are_counted_with_what_passes(archive: Archive) -> None:
    mine = archive.library()
    numbers = filled(archive, 1, 2, 3)
    for query in ("story", "story is:starred", "nothing", "is:unread"):
        mine.searches.add(query, query, now=NOW)
    mine.marks.set_read(numbers[:1], True, now=NOW)
    mine.marks.set_starred(numbers[:2], True, now=NOW)
    counted = mine.searches.with_unread(mine.searches.all(), now=NOW)
    assert {one.name: one.unread for one in counted} == {
        "story": 2,
        "story is:starred": 1,
        "nothing": 0,
        "is:unread": 2,
    }
    assert mine.searches.all()[0].unread is None


def test_a_search_with_many_articles_is_filled_in_steps(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_searches, "FILL_STEP", 3)
    filled(archive, *range(8))
    made = archive.library().searches.add("x", "story", now=NOW)
    assert not made.complete
    assert listed(archive, made.id) == {"Story 7", "Story 6", "Story 5"}
    assert archive.filing.some(now=NOW)
    assert len(listed(archive, made.id)) == 6
    archive.filing.all(now=NOW)
    assert len(listed(archive, made.id)) == 8
    assert archive.library().searches.get(made.id).complete


def test_a_search_waits_for_the_index(archive: Archive) -> None:
    filled(archive, 1)
    archive.search_index.clear()
    made = archive.library().searches.add("x", "story", now=NOW)
    assert not made.complete
    assert archive.filing.some(now=NOW) is False
    archive.search_index.index_all()
    archive.filing.all(now=NOW)
    assert listed(archive, made.id) == {"Story 1"}


def test_a_changed_query_finds_its_articles_anew(archive: Archive) -> None:
    mine = archive.library()
    filled(archive, 1, 2)
    made = mine.searches.add("x", "title:1", now=NOW)
    changed = mine.searches.change(made.id, "y", "title:2", unread_only=True, now=NOW)
    assert (changed.name, changed.unread_only) == ("y", True)
    assert listed(archive, made.id) == {"Story 2"}
    mine.searches.remove(made.id)
    assert mine.searches.all() == ()
    with pytest.raises(NotFound, match="searches list"):
        mine.searches.get(made.id)
    assert mine.counts().articles == 2


def test_a_search_that_cannot_be_saved_is_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = archive.library()
    for name, query, error in (
        ("", "x", InvalidValue),
        ("n" * 101, "x", InvalidValue),
        ("n", "title:/x/", BadQuery),
        ("n", "(", BadQuery),
    ):
        with pytest.raises(error):
            mine.searches.add(name, query, now=NOW)
    monkeypatch.setattr(saved_searches, "MAX_SEARCHES", 1)
    mine.searches.add("a", "x", now=NOW)
    with pytest.raises(InvalidValue, match="already"):
        mine.searches.add("b", "x", now=NOW)
