"""Saving pages: versions, snapshots, observations, failures."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, incomplete, save
from tests.archive.stored_rows import feed_numbers, pending_pages
from unabridged.archive import Archive, Failure, Query
from unabridged.archive.articles.version_policy import stable_text_hash
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import entries
from unabridged.errors import NotFound

LINK = "https://news.example/1"
WHOLE = an_article(LINK, "Story 1", LONG)


@pytest.fixture
def article_id(archive: Archive) -> int:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    return save(archive, feed.id, an_entry(1)).new[0]


def test_a_page_makes_version_one_with_its_snapshot(archive: Archive, article_id: int) -> None:
    body = "<html>原文</html>".encode()
    change = archive.ingest.save_page(article_id, WHOLE, a_page(LINK, body), now=NOW)

    assert (change.kind, change.revision) == ("new", 1)
    stored = archive.library().articles.get(article_id)
    assert (stored.article, stored.revision, stored.revision_source) == (WHOLE, 1, "page")
    assert (stored.page.state, stored.page.failure, stored.fetched) == ("read", None, NOW)
    assert stored.snapshot == hashlib.sha256(body).hexdigest()
    snapshot = archive.library().articles.snapshot(stored.snapshot)
    assert (snapshot.body, snapshot.url, snapshot.status) == (body, LINK, 200)
    assert snapshot.headers == {"content-type": "text/html"}
    assert archive.library().articles.revision(article_id, 0).article.text == "Teaser 1."


def test_a_page_that_was_read_is_not_pending(archive: Archive, article_id: int) -> None:
    assert [page.article_id for page in pending_pages(archive, NOW)] == [article_id]
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    assert pending_pages(archive, NOW + timedelta(days=99)) == ()


def test_a_pending_page_carries_the_feeds_entry_as_a_hint(archive: Archive, article_id: int) -> None:
    [page] = pending_pages(archive, NOW)
    assert (page.url, page.entry, page.attempts) == (LINK, an_entry(1)[0], 0)


def test_an_unchanged_page_makes_no_version(archive: Archive, article_id: int) -> None:
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    noisy = replace(WHOLE, text=LONG + "\n\nAdvertisement")

    change = archive.ingest.save_page(article_id, noisy, a_page(LINK, b"other bytes"), now=NOW + HOUR)

    assert change.kind == "same"
    assert len(archive.library().articles.revisions(article_id)) == 2
    assert archive.library().counts().snapshots == 1
    assert [seen.kind for seen in archive.library().articles.observations(article_id)] == ["new", "same"]


def test_five_edits_make_five_versions(archive: Archive, article_id: int) -> None:
    for number in range(1, 6):
        edited = replace(WHOLE, text=LONG + f"\n\nUpdate {number}: more is known now.")
        archive.ingest.save_page(article_id, edited, a_page(LINK, b"%d" % number), now=NOW + number * HOUR)

    lines = archive.library().articles.revisions(article_id)
    assert [line.number for line in lines] == [0, 1, 2, 3, 4, 5]
    assert [line.source for line in lines] == ["feed"] + ["page"] * 5
    assert len({line.content_hash for line in lines}) == 6
    assert (
        archive.library()
        .articles.revision(article_id, 3)
        .article.text.endswith("Update 3: more is known now.")
    )
    assert archive.library().counts().snapshots == 5


@pytest.mark.parametrize("kind", ["paywalled", "blocked", "not_an_article", "truncated"])
def test_a_worse_page_leaves_the_text_and_is_written_down(
    archive: Archive, article_id: int, kind: str
) -> None:
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    worse = replace(WHOLE, text=LONG[:200], completeness=incomplete(kind, "a wall"))

    change = archive.ingest.save_page(article_id, worse, a_page(LINK, b"wall"), now=NOW + HOUR)

    stored = archive.library().articles.get(article_id)
    assert (change.kind, change.revision) == ("worse", 1)
    assert (stored.article, stored.page.state) == (WHOLE, "read")
    assert archive.library().counts().snapshots == 1
    seen = archive.library().articles.observations(article_id)[-1]
    assert (seen.kind, seen.status, seen.body_sha256) == ("worse", 200, hashlib.sha256(b"wall").hexdigest())
    assert "a wall" in seen.reason


def test_a_first_page_that_is_worse_keeps_the_feeds_text_and_comes_again(
    archive: Archive, article_id: int
) -> None:
    blocked = replace(WHOLE, text="Are you a robot?", completeness=incomplete("blocked", "robot check"))

    change = archive.ingest.save_page(article_id, blocked, a_page(LINK), now=NOW, retry_at=NOW + HOUR)

    stored = archive.library().articles.get(article_id)
    assert change.kind == "worse"
    assert stored.article.text == "Teaser 1."
    assert stored.page.state == "failed"
    assert stored.page.failure is not None
    assert stored.page.failure.kind == "blocked"
    assert [page.attempts for page in pending_pages(archive, NOW + HOUR)] == [1]


def test_a_failing_page_keeps_the_feeds_text_with_the_reason_and_the_next_try(
    archive: Archive, article_id: int
) -> None:
    failure = Failure(kind="timeout", message="no answer in 20 s", advice="nothing to do")
    archive.ingest.record_page_failure(article_id, failure, now=NOW, next_try_at=NOW + HOUR)

    stored = archive.library().articles.get(article_id)
    assert (stored.page.state, stored.page.failure, stored.page.attempts) == ("failed", failure, 1)
    assert stored.page.next_try_at == NOW + HOUR
    assert pending_pages(archive, NOW) == ()
    assert archive.schedule.next_due_at() == NOW + HOUR
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW + HOUR)
    assert archive.library().articles.get(article_id).page.failure is None
    assert [seen.kind for seen in archive.library().articles.observations(article_id)] == ["failed", "new"]


def test_a_claimed_page_comes_back_when_its_worker_died(archive: Archive, article_id: int) -> None:
    assert len(archive.schedule.claim_pages(NOW, 10, lease=60)) == 1
    assert archive.schedule.claim_pages(NOW + timedelta(seconds=30), 10) == ()
    assert len(archive.schedule.claim_pages(NOW + timedelta(seconds=61), 10)) == 1


def test_an_edit_in_the_feed_has_the_page_read_again(archive: Archive, article_id: int) -> None:
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    [feed] = feed_numbers(archive)

    save(archive, feed, an_entry(1, text="A new teaser."), now=NOW + HOUR)
    once = pending_pages(archive, NOW + HOUR)
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW + HOUR)
    save(archive, feed, an_entry(1, text="A new teaser."), now=NOW + 2 * HOUR)

    assert [page.article_id for page in once] == [article_id]
    assert pending_pages(archive, NOW + 2 * HOUR) == ()
    assert archive.library().articles.get(article_id).article == WHOLE


@pytest.mark.parametrize("kept_by", ["this version", "an older one"])
def test_what_changes_by_itself_in_a_feeds_text_asks_for_no_page_and_words_do(
    archive: Archive, article_id: int, dsn: str, kept_by: str
) -> None:
    if kept_by == "an older one":  # it knew entries by their words from the start
        database = Database(dsn)
        teaser = stable_text_hash(an_entry(1)[1])
        database.writing(lambda conn: conn.execute(update(entries).values(text_hash=teaser)))
        database.close()
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    asked: list[int] = []
    for hour, text in enumerate(
        (
            "Teaser 1.\n\nAdvertisement",
            "Teaser 1.\n\n12 comments",
            "Teaser 2.\n\n12 comments",
            "Teaser 2.\n\n13 comments",
            "Teaser 1.",
        )
    ):
        save(archive, feed_numbers(archive)[0], an_entry(1, text=text), now=NOW + hour * HOUR)
        if pending_pages(archive, NOW + hour * HOUR):
            asked.append(hour)
            archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW + hour * HOUR)
    assert asked == [2, 4]


def test_a_page_asked_for_is_read_again(archive: Archive, article_id: int) -> None:
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)
    archive.library().articles.request_page(article_id, now=NOW)
    assert len(pending_pages(archive, NOW)) == 1
    with pytest.raises(NotFound):
        archive.library().articles.request_page(999, now=NOW)


def test_a_redirect_and_a_canonical_address_lead_to_the_same_article(
    archive: Archive, article_id: int
) -> None:
    page = replace(a_page(LINK), final_url="https://news.example/story/1")
    archive.ingest.save_page(
        article_id, replace(WHOLE, canonical_url="https://news.example/s/1"), page, now=NOW
    )

    for address in (LINK, "https://news.example/story/1/", "http://www.news.example/s/1#top"):
        found = archive.library().articles.find(address)
        assert found is not None
        assert found.id == article_id


def test_a_saved_page_is_an_article_of_its_own(archive: Archive) -> None:
    link = "https://kept.example/a"
    change = archive.library().articles.save(an_article(link), a_page(link), now=NOW)
    again = archive.library().articles.save(an_article(link), a_page(link), now=NOW + HOUR)

    assert (change.kind, change.revision, again.kind) == ("new", 1, "same")
    [stored] = archive.library().articles.page(Query()).articles
    assert (stored.source, stored.feed_id, stored.revision_source) == ("kept.example", None, "page")
    assert archive.library().articles.revisions(stored.id)[0].number == 1


def test_a_feed_that_shows_a_saved_page_later_finds_it(archive: Archive) -> None:
    archive.library().articles.save(WHOLE, a_page(LINK), now=NOW)
    feed = archive.library().subscriptions.add(URL, now=NOW).feed

    saved = save(archive, feed.id, an_entry(1), now=NOW + HOUR)

    assert (saved.new, saved.known) == ((), 1)
    assert [one.article for one in archive.library().articles.page(Query(feed=feed.id)).articles] == [WHOLE]


def test_deleting_an_article_erases_all_of_it(archive: Archive, article_id: int) -> None:
    archive.ingest.save_page(article_id, WHOLE, a_page(LINK), now=NOW)

    archive.library().articles.delete(article_id)

    counts = archive.library().counts()
    assert (counts.articles, counts.revisions, counts.snapshots) == (0, 0, 0)
    assert archive.library().articles.find(LINK) is None
    assert archive.library().articles.observations(article_id) == ()
    with pytest.raises(NotFound):
        archive.library().articles.delete(article_id)


def test_the_same_bytes_of_two_pages_are_kept_once_and_erased_last(archive: Archive) -> None:
    numbers = []
    for place in (1, 2):
        link = f"https://kept.example/{place}"
        numbers.append(
            archive.library().articles.save(an_article(link), a_page(link, b"same"), now=NOW).article_id
        )

    assert archive.library().counts().snapshots == 1
    archive.library().articles.delete(numbers[0])
    assert archive.library().articles.snapshot(hashlib.sha256(b"same").hexdigest()).body == b"same"
    archive.library().articles.delete(numbers[1])
    assert archive.library().counts().snapshots == 0
