"""Analysis of stored articles: near-duplicates and credited sources, kept up to date."""

import pytest
from sqlalchemy import select

from tests.archive.articles.duplicate_feeds import feeds as two_feeds
from tests.archive.articles.duplicate_feeds import numbers, read_both, story
from tests.archive.sample_feeds import (
    HOUR,
    LONG,
    NOW,
    a_feed,
    a_page,
    an_article,
    an_entry,
    filled,
    fine,
    save,
)
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.analysis import queue
from unabridged.archive.storage.tables_stories import article_analyses, copy_keys
from unabridged.stories.attributions import Relation

WIRE = (
    "Reuters reported on Monday that the harbour will open again. "
    + " ".join(f"Ship {name} left with cargo for the islands." for name in ("Ann", "Bea", "Cleo", "Dora"))
    + " The mayor told reporters that storms had damaged two cranes and a warehouse at the northern pier."
)
OTHER = " ".join(f"Sentence {word} tells of something else." for word in "abcdefghijklmnop")


def page_of(number: int) -> str:
    return f"https://news.example/{number}"


def read(archive: Archive, number: int, text: str, *, at: int = 0) -> None:
    """Save the page of an article with a text."""
    url = page_of(number)
    body = f"{text}{at}".encode()
    archive.ingest.save_page(
        number, an_article(url, f"Story {number}", text), a_page(url, body), now=NOW + at * HOUR
    )


def copies(archive: Archive, number: int) -> tuple[int, ...]:
    return tuple(line.id for line in archive.library().stories.copies(number))


@pytest.fixture
def three(archive: Archive) -> list[int]:
    """Three articles: a report, a copy of it with a note above, and another one."""
    found = filled(archive, 1, 2, 3)
    for number, text in zip(found, (WIRE, f"From our partners.\n\n{WIRE}", OTHER), strict=True):
        read(archive, number, text)
    archive.analysis.all()
    return found


def test_a_new_text_waits_until_it_is_analysed(archive: Archive) -> None:
    filled(archive, 1, 2)
    assert archive.analysis.waiting() == 2
    archive.analysis.all()
    assert archive.analysis.waiting() == 0
    assert not archive.analysis.some()


def test_copies_are_found_from_both_sides(archive: Archive, three: list[int]) -> None:
    one, copy, other = three
    assert copies(archive, one) == (copy,)
    assert copies(archive, copy) == (one,)
    assert copies(archive, other) == ()


def test_a_third_copy_joins_the_group(archive: Archive, three: list[int]) -> None:
    one, copy, _ = three
    feed = archive.library().subscriptions.all()[0].feed.id
    [late] = save(archive, feed, an_entry(4)).new
    read(archive, late, WIRE.replace("Dora", "Ella"))
    archive.analysis.all()
    assert copies(archive, one) == (copy, late)
    assert copies(archive, late) == (one, copy)


def test_an_article_that_is_rewritten_leaves_its_copies(archive: Archive, three: list[int]) -> None:
    one, copy, _ = three
    read(archive, copy, OTHER.replace("tells of", "speaks about"), at=1)
    assert archive.analysis.waiting() == 1
    archive.analysis.all()
    assert copies(archive, one) == ()
    assert copies(archive, copy) == ()


def test_a_deleted_article_leaves_no_key(archive: Archive, three: list[int]) -> None:
    one, copy, other = three
    archive.library().articles.delete(one, now=NOW)
    assert copies(archive, copy) == ()
    with archive._db.reading() as conn:
        held = set(conn.execute(select(copy_keys.c.article_id)).scalars())
    assert one not in held
    assert held == {copy, other}


def test_an_article_merged_into_another_is_no_copy_of_it(archive: Archive) -> None:
    two_feeds(archive)
    read_both(archive, story("https://amp.news.example/s/1", LONG))
    archive.analysis.all()
    one, two = numbers(archive)
    kept = min(one, two)
    assert copies(archive, kept) == ()
    with archive._db.reading() as conn:
        assert list(conn.execute(select(article_analyses.c.article_id)).scalars()) == [kept]


def test_credited_sources_are_stored_and_follow_the_text(archive: Archive, three: list[int]) -> None:
    one, _, other = three
    [found] = archive.library().stories.credits(one)
    assert (found.source, found.relation) == ("Reuters", Relation.report)
    assert "harbour" in found.evidence
    assert archive.library().stories.credits(other) == ()
    read(archive, one, WIRE.replace("Reuters", "Xinhua"), at=1)
    archive.analysis.all()
    assert [each.source for each in archive.library().stories.credits(one)] == ["Xinhua"]


def test_an_interrupted_analysis_goes_on(archive: Archive) -> None:
    filled(archive, 1, 2, 3)
    assert archive.analysis.some(2)
    assert archive.analysis.waiting() == 1
    archive.analysis.all()
    assert archive.analysis.waiting() == 0


def test_analyses_of_another_version_are_made_again(
    archive: Archive, three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "VERSION", queue.VERSION + 1)
    with archive._db.reading() as conn:
        assert queue.is_stale(conn)
    archive.analysis.clear()
    assert archive.analysis.waiting() == 3
    assert copies(archive, three[0]) == ()
    with archive._db.reading() as conn:
        assert not queue.is_stale(conn)
    archive.analysis.all()
    assert copies(archive, three[0]) == (three[1],)


def test_nobody_sees_copies_in_the_feeds_of_others(archive: Archive, three: list[int]) -> None:
    one, copy, _ = three
    ann = add_user(archive, "ann")
    feed = archive.library(ann).subscriptions.add("https://other.example/feed", now=NOW).feed
    [own] = archive.ingest.save_entries(feed.id, a_feed(url=feed.url), [an_entry(9)], fine()).new
    read(archive, own, WIRE)
    archive.analysis.all()
    assert archive.library(ann).stories.copies(own) == ()
    assert copies(archive, one) == (copy,)
