"""Articles that become unread when their publisher edits them, for those who wish that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, incomplete, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Failure, Query
from unabridged.archive.facade.library.library import Library
from unabridged.archive.feeds.unread_counts import wrong_counts
from unabridged.archive.records.imports import Imported, ImportedPage, ImportedVersion
from unabridged.archive.records.items import ItemList, ItemStream, StreamPart
from unabridged.archive.records.library import AFTER_EDIT, ReplayChange
from unabridged.archive.records.rules import RuleDraft
from unabridged.errors import InvalidValue
from unabridged.model import Article
from unabridged.text.quotes import Quote

LINK = "https://news.example/1"
WHOLE = an_article(LINK, "Story 1", LONG)
EDITED = NOW + 5 * HOUR


def edited(word: str) -> Article:
    return replace(WHOLE, text=LONG.replace("town", word), markdown=LONG.replace("town", word))


People = dict[str, Library]


@pytest.fixture
def people(archive: Archive) -> People:
    """Three people who wish differently and have all read article 1, whose page was read."""
    wishes = {"keep": archive.library(), "marked": None, "always": None}
    found = {wish: mine or archive.library(add_user(archive, wish)) for wish, mine in wishes.items()}
    for wish, mine in found.items():
        feed = mine.subscriptions.add(URL, now=NOW, folder="Papers").feed
        mine.preferences.set({AFTER_EDIT: wish})
    [number] = save(archive, feed.id, an_entry(1)).new
    assert number == 1
    archive.ingest.save_page(1, WHOLE, a_page(LINK), now=NOW)
    for mine in found.values():
        mine.marks.set_read([1], True, now=NOW + HOUR)
    return found


def edit(archive: Archive, article: Article, at: datetime = EDITED) -> None:
    """Save the article as a new page of its publisher."""
    archive.ingest.save_page(1, article, a_page(LINK, f"{at}".encode(), at), now=at)


def unread_for(archive: Archive, people: People) -> list[str]:
    """Return the wishes of those who have the article unread; every count has to agree."""
    found = []
    for wish, mine in people.items():
        unread = not mine.articles.get(1).read
        [feed] = mine.subscriptions.all()
        [folder] = mine.subscriptions.folders()
        listed = len(mine.articles.headlines(Query(unread=True)).headlines)
        assert {mine.counts().unread, feed.unread, folder.unread, listed} == {int(unread)}
        found += [wish] * unread
    with archive._db.reading() as conn:
        assert wrong_counts(conn) == 0
    return found


def test_an_edit_is_unread_for_those_alone_who_wish_it(archive: Archive, people: People) -> None:
    before = {wish: mine.articles.get(1) for wish, mine in people.items()}
    edit(archive, edited("city"))
    assert unread_for(archive, people) == ["always"]
    after = {wish: mine.articles.get(1) for wish, mine in people.items()}
    assert {wish: one.changed for wish, one in after.items()} == {
        "keep": NOW + HOUR,
        "marked": NOW + HOUR,
        "always": EDITED,
    }
    assert {one.item_id for one in before.values()} == {one.item_id for one in after.values()}


def star(mine: Library) -> None:
    mine.marks.set_starred([1], True, now=NOW)


def highlight(mine: Library) -> None:
    mine.highlights.add(1, 1, Quote(exact="Paragraph 3 of the story"), now=NOW)


@pytest.mark.parametrize("mark", [star, highlight])
def test_what_one_starred_or_highlighted_is_unread_for_that_one(
    archive: Archive, people: People, mark: Callable[[Library], None]
) -> None:
    for wish in ("keep", "marked"):
        mark(people[wish])
    edit(archive, edited("city"))
    assert unread_for(archive, people) == ["marked", "always"]


def test_the_mark_of_another_person_does_not_count(archive: Archive, people: People) -> None:
    star(people["keep"])
    highlight(people["always"])
    edit(archive, edited("city"))
    assert unread_for(archive, people) == ["always"]


def test_each_edit_counts_and_reading_it_again_is_kept(archive: Archive, people: People) -> None:
    edit(archive, edited("city"))
    people["always"].marks.set_read([1], True, now=EDITED + HOUR)
    edit(archive, edited("city"), EDITED + 2 * HOUR)
    assert unread_for(archive, people) == []
    edit(archive, edited("village"), EDITED + 3 * HOUR)
    assert unread_for(archive, people) == ["always"]


def test_a_feed_that_changes_its_own_text_edits_it(archive: Archive, people: People) -> None:
    feed = people["keep"].subscriptions.all()[0].feed.id
    [number] = save(archive, feed, an_entry(2)).new
    for mine in people.values():
        mine.marks.set_read([number], True, now=NOW)
    save(archive, feed, an_entry(2, text="Teaser 2 was corrected."), now=EDITED)
    assert [wish for wish, mine in people.items() if not mine.articles.get(number).read] == ["always"]


def test_a_page_taken_down_or_shown_again_is_no_edit(archive: Archive, people: People) -> None:
    gone = Failure(kind="gone", message="The page is gone.", advice="")
    archive.ingest.record_page_failure(1, gone, now=EDITED, next_try_at=None, status=410, taken_down=True)
    assert unread_for(archive, people) == []
    edit(archive, WHOLE, EDITED + HOUR)
    assert unread_for(archive, people) == []
    archive.ingest.record_page_failure(1, gone, now=EDITED, next_try_at=None, status=410, taken_down=True)
    edit(archive, edited("city"), EDITED + 2 * HOUR)
    assert unread_for(archive, people) == ["always"], "it came back with another text"


def test_a_text_that_became_complete_is_no_edit(archive: Archive, people: People) -> None:
    feed = people["keep"].subscriptions.all()[0].feed.id
    [number] = save(archive, feed, an_entry(2)).new
    always = people["always"]
    always.marks.set_read([number], True, now=NOW)
    link = "https://news.example/2"
    whole = an_article(link, "Story 2", LONG)
    part = replace(whole, text=LONG[:700], completeness=incomplete("truncated"))
    for hours, found in enumerate((part, whole)):
        page = a_page(link, f"{hours}".encode())
        change = archive.ingest.save_page(number, found, page, now=EDITED + hours * HOUR)
        assert change.kind in ("new", "changed")
    assert always.articles.get(number).read


def test_a_page_extracted_again_is_no_edit(archive: Archive, people: People) -> None:
    archive.ingest.save_page(1, edited("city"), a_page(LINK), now=EDITED)
    assert unread_for(archive, people) == [], "the same bytes"
    change = ReplayChange(article_id=1, base=2, article=edited("village"), reason="12 words")
    run = archive.reextraction.begin("all", now=EDITED)
    assert archive.reextraction.apply(run, [change], now=EDITED) == 1
    assert unread_for(archive, people) == []


def test_an_import_leaves_all_read(archive: Archive, people: People) -> None:
    newest = ImportedPage(article=edited("city"), page=a_page(LINK, b"newest", EDITED))
    [change] = archive.library().imports.add_pages([newest], now=EDITED)
    assert change.kind == "changed"
    older = ImportedPage(article=edited("hamlet"), page=a_page(LINK, b"older", NOW + HOUR))
    archive.library().imports.add_pages([older], now=EDITED)
    version = ImportedVersion(number=1, saved=NOW, reason="", article=edited("suburb"), edit=True)
    file = Imported(
        article=edited("village"), origin="jsonl", source="news", revision=2, older=(version,), edit=True
    )
    archive.library().imports.add(file, now=EDITED)
    assert archive.library().articles.get(1).edits
    assert unread_for(archive, people) == []


def test_a_page_saved_by_hand_may_be_an_edit(archive: Archive, people: People) -> None:
    people["keep"].articles.save(edited("city"), a_page(LINK, b"2", EDITED), now=EDITED)
    assert unread_for(archive, people) == ["always"]


def test_what_a_rule_set_aside_stays_aside(archive: Archive, people: People) -> None:
    always = people["always"]
    always.marks.set_read([1], False, now=NOW)
    always.rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    assert always.articles.get(1).muted is not None
    edit(archive, edited("city"))
    assert unread_for(archive, people) == []


def test_a_rule_sets_an_edit_aside_as_any_unread_article(archive: Archive, people: People) -> None:
    always = people["always"]
    always.rules.add(RuleDraft(action="mute", query="village"), now=NOW)
    edit(archive, edited("city"))
    assert unread_for(archive, people) == ["always"]
    always.marks.set_read([1], True, now=EDITED)
    edit(archive, edited("village"), EDITED + HOUR)
    assert unread_for(archive, people) == []
    assert always.articles.get(1).muted is not None


def test_reader_apps_are_told(archive: Archive, people: People) -> None:
    searches = {wish: mine.searches.add("Towns", "story", now=NOW) for wish, mine in people.items()}
    edit(archive, edited("city"))
    unread = ItemStream(parts=(StreamPart(kind="unread"),))
    changed = ItemList(parts=(StreamPart(kind="unread"),), changed_after=EDITED - HOUR)
    for wish, mine in people.items():
        expected = [mine.articles.get(1).item_id] if wish == "always" else []
        assert mine.items.numbers(unread) == list(mine.items.listed(changed).numbers) == expected
        [search] = mine.searches.with_unread([searches[wish]], now=EDITED)
        assert search.unread == len(expected)


def test_an_unknown_wish_is_refused(archive: Archive) -> None:
    with pytest.raises(InvalidValue, match="keep, marked, always"):
        archive.library().preferences.set({AFTER_EDIT: "never"})
    assert archive.library().preferences.get([AFTER_EDIT]) == {}
