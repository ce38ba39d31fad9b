"""One article under two addresses, which only its page tells: shown once, with nothing lost."""

import pytest

from tests.archive.articles.duplicate_feeds import LATER, PLAIN, SHORT, feeds, read_both, story
from tests.archive.sample_feeds import LONG, NOW, a_page, an_article, an_entry, fine, incomplete
from tests.archive.stored_rows import add_user, shown_by
from unabridged.archive import Archive, Query
from unabridged.archive.records.rules import RuleDraft
from unabridged.model import Article, Feed

OTHER = "\n\n".join(f"Quite another report, number {one}, of a harbour that was closed." for one in range(12))


def unread(archive: Archive, feed: int | None = None) -> list[int]:
    return [one.id for one in archive.library().articles.headlines(Query(feed=feed, unread=True)).headlines]


def test_a_story_under_two_addresses_is_unread_once_and_stands_in_both_feeds(archive: Archive) -> None:
    plain, short = feeds(archive)
    before = [(one.id, one.item_id) for one in archive.library().articles.items_after(0)]

    kept, aside = read_both(archive, story(SHORT))

    assert unread(archive) == unread(archive, plain) == unread(archive, short) == [kept]
    assert shown_by(archive, kept) == (plain, short)
    put_aside = archive.library().articles.get(aside)
    assert put_aside.read and f"number {kept}" in (put_aside.muted or "")
    assert [(one.id, one.item_id) for one in archive.library().articles.items_after(0)] == before
    found = archive.library().articles.find(SHORT)
    assert found is not None and found.id == kept
    assert archive.maintenance.verify().problems == ()


def test_the_one_put_aside_keeps_its_history_and_is_looked_at_no_more(archive: Archive) -> None:
    feeds(archive)
    kept, aside = read_both(archive, story(SHORT))

    assert [one.number for one in archive.library().articles.revisions(aside)] == [0, 1]
    assert f"number {kept}" in archive.library().articles.observations(aside)[-1].reason
    assert archive.library().articles.get(aside).page.next_try_at is None
    looks = len(archive.library().articles.observations(aside))
    archive.ingest.save_page(aside, story(SHORT, canonical_url=PLAIN), a_page(SHORT, b"amp"), now=LATER)
    assert (
        len(archive.library().articles.observations(aside)) == looks + 1
    )  # a look, and nothing to put aside any more


def test_later_polls_of_either_feed_bring_neither_back(archive: Archive) -> None:
    _, short = feeds(archive)
    kept, _ = read_both(archive, story(SHORT))
    again = an_entry(1, guid="guid-1", url=SHORT, title="Storm over the town", text="A new teaser.")
    address = "https://feed1.example/"

    saved = archive.ingest.save_entries(short, Feed(url=address, format="rss"), [again], fine(LATER))

    assert (saved.new, unread(archive)) == ((), [kept])
    assert (
        archive.library().articles.get(kept).page.next_try_at == LATER
    )  # an edited entry asks for the page that counts


def test_who_read_the_one_has_read_the_other(archive: Archive) -> None:
    feeds(archive)
    two = archive.library().articles.find(SHORT)
    assert two is not None
    archive.library().marks.set_read([two.id], True, now=NOW)
    read_both(archive, story(SHORT))
    assert unread(archive) == []


def test_what_somebody_starred_and_tagged_is_so_where_it_is_kept(archive: Archive) -> None:
    feeds(archive)
    two = archive.library().articles.find(SHORT)
    assert two is not None
    archive.library().marks.set_starred([two.id], True, now=NOW)
    archive.library().tags.add([two.id], ["sea"], now=NOW)
    kept, aside = read_both(archive, story(SHORT))
    assert unread(archive) == [kept]
    assert [one.id for one in archive.library().articles.headlines(Query(starred=True)).headlines] == [kept]
    assert archive.library().counts().starred == 1
    assert archive.library().tags.by_article([kept, aside]) == {kept: ("sea",)}


def test_what_a_rule_muted_mutes_nothing_else(archive: Archive) -> None:
    archive.library().rules.add(RuleDraft(action="mute", query="site:amp.news.example"), now=NOW)
    feeds(archive)
    kept, aside = read_both(archive, story(SHORT))
    assert unread(archive) == [kept]
    assert "amp.news.example" in (archive.library().articles.get(aside).muted or "")


def test_a_reader_of_the_other_feed_alone_gets_the_article_that_is_kept(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    archive.library(ann).subscriptions.add("https://feed1.example/", now=NOW)
    feeds(archive)
    kept, aside = read_both(archive, story(SHORT))
    found = archive.library(ann).articles.headlines(Query(unread=True)).headlines
    assert [one.id for one in found] == [kept]
    assert archive.library(ann).articles.get(aside).read


@pytest.mark.parametrize(
    "second",
    [
        story(SHORT, OTHER),
        an_article(SHORT, "Harbour closed for good", LONG),
        story(SHORT, "Accept our cookies to read on."),
        story(SHORT, completeness=incomplete("truncated")),
    ],
    ids=["another text", "another headline", "a notice", "half of it"],
)
def test_a_wrong_canonical_address_joins_nothing(archive: Archive, second: Article) -> None:
    feeds(archive)
    kept, aside = read_both(archive, second)
    assert sorted(unread(archive)) == [kept, aside]
    assert len(shown_by(archive, kept)) == 1
