"""Saving feed documents: what is new, what is known again, what is delivered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, an_article, an_entry, fine, save
from tests.archive.stored_rows import pending_pages, shown_by
from tests.conftest import present
from unabridged.archive import Archive, Query
from unabridged.model import Article, Enclosure, Entry


def test_new_entries_are_readable_at_once_with_the_feeds_own_text(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    saved = save(archive, feed.id, an_entry(2), an_entry(1))

    assert len(saved.new) == 2
    shown = archive.library().articles.page(Query()).articles
    assert [one.article.title for one in shown] == ["Story 2", "Story 1"]
    assert shown[0].article == an_entry(2)[1]
    assert {(one.revision, one.revision_source, one.page.state) for one in shown} == {(0, "feed", "waiting")}
    assert not shown[0].read


def test_the_same_document_again_brings_nothing(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(2), an_entry(1))

    again = save(archive, feed.id, an_entry(2), an_entry(1), now=NOW + HOUR)

    assert (again.new, again.known, again.updated) == ((), 2, ())
    assert archive.library().counts().articles == 2
    assert archive.library().counts().revisions == 2


def test_item_numbers_rise_with_delivery_and_stay_small(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(2), an_entry(1))
    save(archive, feed.id, an_entry(3), an_entry(2), now=NOW + HOUR)

    items = archive.library().articles.items_after(0)

    assert [one.article.title for one in items] == ["Story 1", "Story 2", "Story 3"]
    numbers = [present(one.item_id) for one in items]
    assert numbers == sorted(numbers)
    assert all(0 < number < 10**15 for number in numbers)
    assert [one.id for one in archive.library().articles.items_after(numbers[1])] == [items[2].id]


def test_item_numbers_are_never_used_again_after_erasing(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))
    [before] = archive.library().articles.items_after(0)
    archive.library().articles.delete(before.id)

    save(archive, feed.id, an_entry(2))

    [after] = archive.library().articles.items_after(0)
    assert (after.item_id or 0) > (before.item_id or 0)
    assert after.id > before.id


def test_changing_guids_do_not_bring_articles_back_unread(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(2))
    archive.library().marks.set_read(
        [one.id for one in archive.library().articles.page(Query()).articles], True, now=NOW
    )

    churned = [an_entry(1, guid="other-1"), an_entry(2, guid="other-2")]
    moved = [(replace(entry, published=None), article) for entry, article in churned]
    saved = save(archive, feed.id, *moved, now=NOW + HOUR)

    assert (saved.new, saved.known) == ((), 2)
    assert archive.library().counts().unread == 0


def test_entries_without_guid_and_link_are_known_by_their_words(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    first, second = an_entry(1, guid=None, url=None), an_entry(2, guid=None, url=None)
    save(archive, feed.id, first, second)

    again = save(archive, feed.id, an_entry(3, guid=None, url=None), first, second, now=NOW + HOUR)

    assert (len(again.new), again.known) == (1, 2)
    assert {one.page.state for one in archive.library().articles.page(Query()).articles} == {"none"}


def test_a_repeated_guid_stands_for_several_articles(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    document = [an_entry(1, guid="same"), an_entry(2, guid="same"), an_entry(3, guid="same", url=None)]
    saved = save(archive, feed.id, *document)
    again = save(archive, feed.id, *document, now=NOW + HOUR)
    alone = save(archive, feed.id, an_entry(4, guid="same"), now=NOW + 2 * HOUR)

    assert (len(saved.new), len(again.new), len(alone.new)) == (3, 0, 1)


def test_a_guid_keeps_its_article_when_the_address_changes(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))

    again = save(archive, feed.id, an_entry(1, url="https://news.example/better-slug"), now=NOW + HOUR)

    assert again.new == ()


def test_one_link_for_several_titles_identifies_no_article(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    log = "https://news.example/changes"
    document = [an_entry(number, url=log, title=f"Release {number}") for number in range(3)]

    assert len(save(archive, feed.id, *document).new) == 3
    assert save(archive, feed.id, *document, now=NOW + HOUR).new == ()


def test_a_front_page_as_link_identifies_no_article(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1, url="https://news.example/"))

    saved = save(archive, feed.id, an_entry(2, url="https://news.example/"), now=NOW + HOUR)

    assert len(saved.new) == 1


def test_one_article_in_two_feeds_is_one_article_with_two_sightings(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW).feed
    second = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    save(archive, first.id, an_entry(1))

    link = "http://www.news.example/1/?utm_source=rss"
    saved = save(archive, second.id, an_entry(1, guid="theirs", url=link), an_entry(9), now=NOW + HOUR)

    assert len(saved.new) == 1
    shared = archive.library().articles.find("https://news.example/1")
    assert shared is not None
    assert shown_by(archive, shared.id) == (first.id, second.id)
    assert shared.id in [one.id for one in archive.library().articles.page(Query(feed=second.id)).articles]
    assert archive.library().counts().articles == 2


def test_the_same_article_twice_in_one_document_is_one(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed

    saved = save(archive, feed.id, an_entry(1), an_entry(1, guid="again"))

    assert (len(saved.new), saved.known) == (1, 1)


def test_only_the_newest_entries_of_a_first_document_are_to_be_read(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *(an_entry(number) for number in range(5)), read_newest=2)
    states = [one.page_state for one in archive.library().articles.headlines(Query()).headlines]

    save(archive, feed.id, *(an_entry(number) for number in range(9)), now=NOW + HOUR, read_newest=2)

    assert states == ["waiting", "waiting", "skipped", "skipped", "skipped"]
    assert len(pending_pages(archive, NOW + HOUR)) == 2 + 4


def test_an_edit_in_a_feed_without_pages_makes_a_version(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1, url=None, text="The mayor said yes to the plan."))

    edited = an_entry(1, url=None, text="The mayor said no to the plan.")
    saved = save(archive, feed.id, edited, now=NOW + HOUR)

    [article] = archive.library().articles.page(Query()).articles
    assert saved.updated == (article.id,)
    assert [(line.number, line.source) for line in archive.library().articles.revisions(article.id)] == [
        (0, "feed"),
        (1, "feed"),
    ]
    assert article.article.text == "The mayor said no to the plan."
    assert (
        archive.library().articles.revision(article.id, 0).article.text == "The mayor said yes to the plan."
    )


def test_a_date_that_moves_in_the_future_does_not_lead_the_list(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, article = an_entry(1)
    save(archive, feed.id, (entry, replace(article, published=NOW + timedelta(days=300))))

    [headline] = archive.library().articles.headlines(Query()).headlines

    assert headline.at == NOW
    assert headline.published == NOW + timedelta(days=300)


def test_what_a_feed_says_of_itself_is_kept_and_silence_does_not_wipe_it(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    said = a_feed(description="All of it", language="en", hubs=("https://hub.example/",), ttl=3600)
    archive.ingest.save_entries(feed.id, said, (), fine())
    archive.ingest.save_entries(feed.id, a_feed(title=""), (), fine(NOW + HOUR))

    kept = archive.library().subscriptions.feed(feed.id)

    assert (kept.title, kept.description, kept.language) == ("News", "All of it", "en")
    assert (kept.hubs, kept.ttl) == (("https://hub.example/",), None)


def test_strange_letters_are_stored_and_read_back(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, article = an_entry(1, title="Nul \x00, half a letter \ud800, 龙")
    save(archive, feed.id, (entry, replace(article, tags=("a\x00b",))))

    [kept] = archive.library().articles.page(Query()).articles

    assert kept.article.title == "Nul , half a letter ?, 龙"
    assert kept.article.tags == ("ab",)


def test_a_text_that_speaks_of_nul_is_kept_as_it_is(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    words = r"In JSON the letter NUL is written \u0000, and half a letter \ud800."
    save(archive, feed.id, an_entry(1, text=words), an_entry(2, text=f"{words} \x00"))
    assert [one.article.text for one in archive.library().articles.page(Query()).articles] == [
        f"{words} ",
        words,
    ]


def test_absurd_numbers_and_letters_of_a_feed_are_kept_within_bounds(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="a\x00b", title="t\ud800").feed
    entry, article = an_entry(1)
    huge = replace(
        article, enclosures=(Enclosure(url="https://news.example/e", length=10**30),), language="e\x00n"
    )
    said = a_feed(title="N\x00", site_url="https://news.example/\ud800", icon="\x00", ttl=10**15)
    archive.ingest.save_entries(feed.id, said, [(entry, huge)], fine())

    assert archive.library().articles.page(Query()).articles[0].article.enclosures[0].length == 2**63 - 1
    assert archive.library().subscriptions.feed(feed.id).ttl == 365 * 24 * 3600
    assert archive.library().subscriptions.get(feed.id).folder == "ab"


def test_a_record_with_every_field_comes_back_equal(archive: Archive) -> None:
    from tests.archive.full_article import FULL

    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, _ = an_entry(1, url=FULL.url)
    save(archive, feed.id, (entry, FULL))

    [kept] = archive.library().articles.page(Query()).articles

    assert kept.article == FULL
    assert archive.library().articles.revision(kept.id, 0).entry == entry
    assert kept.article.published is not None
    assert kept.article.published.utcoffset() == timedelta(hours=1)


def test_an_article_made_of_nothing_is_kept(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, _ = an_entry(1, guid=None, url=None)
    save(archive, feed.id, (replace(entry, title="", content_html=""), an_article("", title="", text="")))

    assert archive.library().counts().articles == 1


PAGE = "https://news.example/status"


def _status(number: int, title: str = "Buoy 7 is DOWN") -> tuple[Entry, Article]:
    return an_entry(number, url=PAGE, title=title, text=f"Outage number {number} began.")


def _titles(archive: Archive) -> list[str]:
    return [one.article.text for one in archive.library().articles.page(Query()).articles]


def test_items_with_one_link_but_other_guid_date_and_text_are_several(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    saved = save(archive, feed.id, _status(3), _status(2), _status(1))
    assert len(saved.new) == 3
    assert save(archive, feed.id, _status(3), _status(2), _status(1), now=NOW + HOUR).new == ()
    assert [one.page.state for one in archive.library().articles.page(Query()).articles] == ["none"] * 3


def test_a_link_that_a_later_item_uses_again_makes_another_article(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    for number in (1, 2, 3):
        save(archive, feed.id, _status(number), now=NOW + number * HOUR)
    assert len(_titles(archive)) == 3
    assert [one.read for one in archive.library().articles.page(Query()).articles] == [False] * 3
    for number in (3, 1):  # an old item may come back
        assert save(archive, feed.id, _status(number), now=NOW + 4 * HOUR).new == ()
    both = save(archive, feed.id, _status(4), _status(3), now=NOW + 5 * HOUR)
    assert len(both.new) == 1


def test_links_that_differ_in_their_fragment_alone_lead_to_several_items(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    given = [
        an_entry(n, url=f"{PAGE}#i{n}", title="Update", text=f"Crane {n} is out of order.") for n in (2, 1)
    ]
    assert len(save(archive, feed.id, *given).new) == 2
    assert save(archive, feed.id, *given, now=NOW + HOUR).new == ()


@pytest.mark.parametrize(
    "again",
    [
        {"guid": "new"},
        {"guid": "new", "text": "Teaser 1, corrected."},
        {"text": "Teaser 1, corrected."},
        {"guid": None, "text": "Teaser 1, corrected."},
    ],
    ids=["guid", "guid and text", "text", "no guid"],
)
def test_a_changed_guid_alone_does_not_bring_an_item_back(archive: Archive, again: dict[str, str]) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))
    assert save(archive, feed.id, an_entry(1, **again), now=NOW + HOUR).new == ()


def test_a_later_date_and_another_guid_with_the_same_text_is_the_same_item(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1, url=PAGE, title="Same", text="Same words."))
    again = an_entry(2, url=PAGE, title="Same", text="Same words.")
    assert save(archive, feed.id, again, now=NOW + HOUR).new == ()


def test_another_feed_with_the_same_link_shows_the_same_article(archive: Archive) -> None:
    library = archive.library()
    first = library.subscriptions.add(URL, now=NOW).feed
    other = library.subscriptions.add("https://planet.example/feed", now=NOW).feed
    save(archive, first.id, an_entry(1))
    save(archive, other.id, an_entry(2, url="https://news.example/1", text="Quoted on the planet."))
    assert archive.library().counts().articles == 1
