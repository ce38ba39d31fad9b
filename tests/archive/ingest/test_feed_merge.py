"""Two feeds that are one are merged: nothing that anybody has in either is lost."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.archive.sample_feeds import HOUR, LONG, NOW, a_feed, a_page, an_article, an_entry, fine
from tests.archive.stored_rows import add_user, shown_by
from unabridged.archive import Archive, Query
from unabridged.archive.ingest.feed_merge import GIVEN_WHOLE, KEPT_ONCE, LEFT, MERGED_BY_ROW
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.storage.tables import metadata
from unabridged.config import FeedSettings
from unabridged.errors import InvalidValue, NotFound
from unabridged.model import Article, Entry
from unabridged.text.quotes import Quote

OLD, NEW = "http://old.example/feed", "https://new.example/feed"
LATER = NOW + HOUR


def entry(number: int, site: str, *, guid: str | None = "") -> tuple[Entry, Article]:
    return an_entry(number, url=f"https://{site}/{number}", guid=guid)


def poll(
    archive: Archive, feed_id: int, *entries: tuple[Entry, Article], now: datetime = NOW
) -> tuple[int, ...]:
    feed = a_feed(title="The Harbour")
    return archive.ingest.save_entries(feed_id, feed, list(entries), fine(now)).new


def two_feeds(archive: Archive) -> tuple[int, int]:
    mine = archive.library().subscriptions
    old = mine.add(OLD, now=NOW, folder="Reading", title="My Harbour").feed.id
    return old, mine.add(NEW, now=NOW).feed.id


def listed(archive: Archive, user: int = 1, **query: int) -> list[str]:
    lines = archive.library(user).articles.headlines(Query(**query)).headlines  # type: ignore[arg-type]
    return sorted(line.title for line in lines)


def test_marks_made_on_either_copy_of_an_article_are_on_the_one_that_is_listed(archive: Archive) -> None:
    old, new = two_feeds(archive)
    [first, only_old] = poll(archive, old, entry(1, "old.example"), entry(2, "old.example"))
    [second, only_new] = poll(archive, new, entry(1, "new.example"), entry(3, "new.example"))
    library = archive.library()
    for number, url in ((first, "https://old.example/1"), (second, "https://new.example/1")):
        archive.ingest.save_page(number, an_article(url, "Story 1"), a_page(url), now=NOW)
    library.marks.set_read([first], True, now=NOW)
    library.marks.set_starred([second], True, now=NOW)
    library.tags.add([first], ["port"], now=NOW)
    library.highlights.add(first, 1, Quote(exact="what happened in the town"), "a note", now=NOW)
    library.marks.set_starred([only_old], True, now=NOW)
    library.positions.set(first, "0", 90, 600, now=NOW)

    assert archive.feeds.merge(old, new, now=LATER)

    assert listed(archive) == listed(archive, feed=new) == ["Story 1", "Story 2", "Story 3"]
    kept = library.articles.get(second)
    assert (kept.read, kept.starred, kept.same_as) == (True, True, None)
    assert library.tags.by_article([second]) == {second: ("port",)}
    [highlight] = library.highlights.of_article(second)
    assert (highlight.note, highlight.number) == ("a note", kept.revision)
    assert [one.seconds for one in library.positions.of_article(second)] == [90]
    assert library.articles.get(first).same_as == second
    assert library.articles.get(only_old).starred
    assert (library.articles.get(only_new).read, library.articles.get(only_new).starred) == (False, False)
    [subscription] = library.subscriptions.all()
    assert (subscription.feed.id, subscription.title, subscription.folder) == (new, "My Harbour", "Reading")
    assert archive.documents.other_sources() == ()
    assert [source.articles for source in archive.documents.sources()] == [1, 2]
    assert archive.maintenance.verify().problems == ()


def test_the_copy_whose_page_was_read_is_the_one_that_stays(archive: Archive) -> None:
    old, new = two_feeds(archive)
    [first] = poll(archive, old, entry(1, "old.example"))
    [second] = poll(archive, new, entry(1, "new.example"))
    archive.ingest.save_page(
        first, an_article("https://old.example/1"), a_page("https://old.example/1"), now=NOW
    )
    archive.feeds.merge(old, new, now=LATER)
    assert archive.library().articles.get(second).same_as == first
    assert archive.library().articles.get(first).article.text == LONG
    assert shown_by(archive, first) == (new,)


def test_entries_without_guids_are_one_by_title_and_date_and_others_stay_two(archive: Archive) -> None:
    old, new = two_feeds(archive)
    poll(
        archive,
        old,
        entry(1, "old.example", guid=None),
        an_entry(5, url="https://old.example/5", title="Quiz"),
    )
    poll(
        archive,
        new,
        entry(1, "new.example", guid=None),
        an_entry(6, url="https://new.example/6", title="Quiz"),
    )
    archive.feeds.merge(old, new, now=LATER)
    assert listed(archive) == ["Quiz", "Quiz", "Story 1"]


def test_all_people_keep_what_they_have(archive: Archive) -> None:
    old, new = two_feeds(archive)
    bo, cy = add_user(archive, "bo"), add_user(archive, "cy")
    archive.library(bo).subscriptions.add(OLD, now=NOW, folder="Bo", title="Bo's")
    archive.library(cy).subscriptions.add(NEW, now=NOW, folder="Cy")
    [first, _] = poll(archive, old, entry(1, "old.example"), entry(2, "old.example"))
    [second] = poll(archive, new, entry(1, "new.example"))
    archive.library(bo).marks.set_starred([first], True, now=NOW)
    draft = RuleDraft(action="mute", query="weather", feed_id=old)
    archive.library(bo).rules.add(draft, now=NOW)
    archive.library(cy).marks.set_read([second], True, now=NOW)

    archive.feeds.merge(old, new, now=LATER)

    [of_bo], [of_cy] = (archive.library(user).subscriptions.all() for user in (bo, cy))
    assert (of_bo.feed.id, of_bo.title, of_bo.folder) == (new, "Bo's", "Bo")
    assert (of_cy.feed.id, of_cy.folder) == (new, "Cy")
    assert archive.library(bo).articles.get(second).starred
    assert not archive.library(bo).articles.get(second).read
    assert archive.library(cy).articles.get(second).read
    assert not archive.library(cy).articles.get(second).starred
    assert listed(archive, bo) == ["Story 1", "Story 2"]
    assert [rule.feed_id for rule in archive.library(bo).rules.all()] == [new]


def test_merging_again_changes_nothing_and_the_old_number_and_address_lead_on(archive: Archive) -> None:
    old, new = two_feeds(archive)
    poll(archive, old, entry(1, "old.example"))
    assert archive.feeds.merge(old, new, now=LATER)
    before = [(one.feed, one.title, one.folder) for one in archive.library().subscriptions.all()]
    assert not archive.feeds.merge(old, new, now=LATER + HOUR)
    assert [(one.feed, one.title, one.folder) for one in archive.library().subscriptions.all()] == before
    assert archive.feeds.merged_into(old) == new
    found = archive.feeds.find(OLD)
    assert found is not None and found.id == new
    assert [move.old_url for move in archive.feeds.moves()[new]] == [OLD]


def test_feeds_merged_in_a_row_lead_to_the_last(archive: Archive) -> None:
    old, new = two_feeds(archive)
    third = archive.library().subscriptions.add("https://third.example/feed", now=NOW).feed.id
    archive.feeds.merge(old, new, now=NOW)
    archive.feeds.merge(new, third, now=LATER)
    assert archive.feeds.merged_into(old) == archive.feeds.merged_into(new) == third
    assert [one.feed.id for one in archive.library().subscriptions.all()] == [third]


def test_later_polls_bring_no_entry_back_as_new_not_even_a_deleted_one(archive: Archive) -> None:
    old, new = two_feeds(archive)
    [one, gone] = poll(archive, old, entry(1, "old.example"), an_entry(2, url=None))
    archive.library().articles.delete(gone, now=NOW)
    archive.feeds.merge(old, new, now=LATER)
    assert poll(archive, new, entry(1, "new.example"), an_entry(2, url=None), now=LATER) == ()
    assert [line.id for line in archive.library().articles.headlines(Query()).headlines] == [one]


def test_settings_are_kept_where_the_one_that_stays_has_none(archive: Archive) -> None:
    old, new = two_feeds(archive)
    archive.feeds.set_settings(old, FeedSettings(username="ada", password="s"), now=NOW)
    archive.library().subscriptions.set_interval([old], 1800, now=NOW)
    archive.feeds.merge(old, new, now=LATER)
    kept = archive.feeds.settings(new)
    assert (kept.username, kept.origin) == ("ada", "http://old.example")
    assert archive.library().subscriptions.feed(new).interval == 1800


def test_numbers_that_are_no_feeds_are_refused_and_nothing_changes(archive: Archive) -> None:
    old, new = two_feeds(archive)
    with pytest.raises(InvalidValue):
        archive.feeds.merge(old, old, now=NOW)
    for pair in ((old, 99), (99, new)):
        with pytest.raises(NotFound):
            archive.feeds.merge(*pair, now=NOW)
    assert [one.feed.id for one in archive.library().subscriptions.all()] == [new, old]


def test_a_poll_that_ends_after_the_merge_is_dropped(archive: Archive) -> None:
    old, new = two_feeds(archive)
    leased = archive.schedule.claim_feed(old, NOW)
    assert leased is not None
    archive.feeds.merge(old, new, now=NOW)
    with pytest.raises(NotFound):
        archive.ingest.save_entries(old, a_feed(), [], fine(), token=leased.token)


def test_every_table_that_names_a_feed_is_handled() -> None:
    naming = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name == "feeds" for key in table.foreign_keys)
    }
    assert naming == {table.name for table in (*GIVEN_WHOLE, *KEPT_ONCE, *MERGED_BY_ROW, *LEFT)}


def test_a_confirmed_redirect_to_another_feed_is_remembered(archive: Archive) -> None:
    old, _ = two_feeds(archive)
    archive.schedule.record_poll(old, replace(fine(LATER), moved_to=NEW))
    pending = archive.library().subscriptions.feed(old).redirect
    assert pending is not None
    assert (pending.to, pending.hits) == (NEW, 3)
    assert archive.library().subscriptions.feed(old).url == OLD


def test_a_search_for_the_old_number_finds_the_articles_of_both(archive: Archive) -> None:
    old, new = two_feeds(archive)
    poll(archive, old, entry(1, "old.example"), entry(2, "old.example"))
    poll(archive, new, entry(3, "new.example"))
    archive.feeds.merge(old, new, now=LATER)
    hits = archive.library().search.hits(f"feed:{old}").hits
    assert sorted(hit.headline.title for hit in hits) == ["Story 1", "Story 2", "Story 3"]
