"""Edits by the publisher: told from other versions, and counted alike in every record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, incomplete, save
from unabridged.archive import Archive, Query
from unabridged.archive.articles.edits import is_edit
from unabridged.archive.records.imports import Imported, ImportedPage, ImportedVersion
from unabridged.archive.records.library import ReplayChange
from unabridged.model import Article

LINK = "https://news.example/1"
WHOLE = an_article(LINK, "Story 1", LONG, published=NOW - timedelta(days=5))


def edited(word: str, title: str = "Story 1") -> Article:
    return replace(WHOLE, title=title, text=LONG.replace("town", word), markdown=LONG.replace("town", word))


@pytest.fixture
def article(archive: Archive) -> int:
    """An article of which the feed has an excerpt, and the page the whole text."""
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    archive.ingest.save_page(number, WHOLE, a_page(LINK), now=NOW)
    return number


def read(archive: Archive, number: int, found: Article, hours: int) -> None:
    at = NOW + hours * HOUR
    archive.ingest.save_page(number, found, a_page(LINK, f"{hours}".encode(), at), now=at)


def counted(archive: Archive, number: int) -> tuple[int, object, list[int]]:
    """What lists, the article and its history say; all of them have to agree."""
    stored = archive.library().articles.get(number)
    [line] = [one for one in archive.library().articles.headlines(Query()).headlines if one.id == number]
    marked = [one for one in archive.library().articles.revisions(number) if one.edit]
    assert (line.edits, line.edited) == (stored.edits, stored.edited)
    assert len(marked) == stored.edits
    return stored.edits, stored.edited, [one.number for one in marked]


def test_an_excerpt_before_the_whole_text_is_no_edit(archive: Archive, article: int) -> None:
    assert [line.label for line in archive.library().articles.revisions(article)] == [
        "the feed’s own text",
        "the whole text, from its page",
    ]
    assert counted(archive, article) == (0, None, [])


def test_an_edited_page_is_counted_with_the_time_at_which_it_was_noticed(
    archive: Archive, article: int
) -> None:
    read(archive, article, edited("city"), 1)
    read(archive, article, edited("village", "Another headline"), 3)
    assert counted(archive, article) == (2, NOW + 3 * HOUR, [2, 3])
    assert archive.library().articles.revisions(article)[-1].label == "edited by the publisher"


def test_a_page_read_again_by_a_newer_extractor_is_no_edit(archive: Archive, article: int) -> None:
    change = ReplayChange(article_id=article, base=1, article=edited("city"), reason="12 words")
    archive.reextraction.apply(None, [change], now=NOW + HOUR)
    assert counted(archive, article) == (0, None, [])
    read(archive, article, edited("village"), 2)
    assert counted(archive, article) == (1, NOW + 2 * HOUR, [3])


def test_the_same_bytes_read_otherwise_are_no_edit(archive: Archive, article: int) -> None:
    archive.ingest.save_page(article, edited("city"), a_page(LINK), now=NOW + HOUR)
    assert archive.library().articles.get(article).revision == 2
    assert counted(archive, article) == (0, None, [])


def test_a_text_that_became_complete_was_not_edited(archive: Archive, article: int) -> None:
    part = replace(WHOLE, text=LONG[:700], markdown=LONG[:700], completeness=incomplete("paywalled"))
    assert not is_edit(("page", part), ("page", WHOLE))
    assert is_edit(("page", WHOLE), ("page", edited("city")))


def test_a_feed_that_changes_its_own_text_edits_it(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1, text="The ferry left at six.")).new
    save(archive, feed.id, an_entry(1, text="The ferry left at seven."), now=NOW + HOUR)
    assert counted(archive, number) == (1, NOW + HOUR, [1])


def test_an_imported_file_is_no_edit(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    given = Imported(article=edited("city"), origin="document", source="news")
    archive.library().imports.add(given, now=NOW + HOUR)
    read(archive, number, edited("village"), 2)
    assert [line.source for line in archive.library().articles.revisions(number)] == [
        "feed",
        "document",
        "page",
    ]
    assert counted(archive, number) == (0, None, [])


def test_a_history_from_a_file_keeps_its_edits(archive: Archive) -> None:
    first = ImportedVersion(number=1, saved=NOW, reason="first", article=WHOLE)
    second = ImportedVersion(number=2, saved=NOW + HOUR, reason="", article=edited("city"), edit=True)
    given = Imported(
        article=edited("village"), origin="jsonl", source="news", revision=3, older=(first, second), edit=True
    )
    change = archive.library().imports.add(replace(given, revised=NOW + 2 * HOUR), now=NOW + 9 * HOUR)
    assert counted(archive, change.article_id) == (2, NOW + 2 * HOUR, [2, 3])


def test_an_older_page_makes_the_one_after_it_an_edit(archive: Archive) -> None:
    def capture(found: Article, hours: int) -> int:
        page = a_page(LINK, f"{hours}".encode(), NOW + hours * HOUR)
        [change] = archive.library().imports.add_pages(
            [ImportedPage(article=found, page=page)], now=NOW + 99 * HOUR
        )
        return change.article_id

    number = capture(WHOLE, 5)
    assert counted(archive, number) == (0, None, [])
    capture(edited("city"), 3)
    assert counted(archive, number) == (1, NOW + 5 * HOUR, [1])
    capture(edited("village"), 1)
    assert counted(archive, number) == (2, NOW + 5 * HOUR, [1, 2])


def test_a_pages_date_moves_no_article_that_a_feed_dated(archive: Archive, article: int) -> None:
    before = archive.library().articles.get(article).at
    assert before == NOW - timedelta(days=1) + timedelta(minutes=1)
    read(archive, article, replace(edited("city"), published=NOW - timedelta(days=90)), 1)
    stored = archive.library().articles.get(article)
    assert (stored.revision, stored.at) == (2, before)
    assert archive.library().articles.headlines(Query(feed=1)).headlines[0].at == before


def test_a_pages_date_moves_an_article_that_no_feed_dated(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, short = an_entry(1)
    undated = (replace(entry, published=None), replace(short, published=None))
    [number] = save(archive, feed.id, undated).new
    archive.ingest.save_page(number, WHOLE, a_page(LINK), now=NOW)
    assert archive.library().articles.get(number).at == NOW - timedelta(days=5)
