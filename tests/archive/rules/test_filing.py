"""Rules and saved searches when articles come, when their text changes, and when they are edited."""

from dataclasses import replace

from tests.archive.sample_feeds import LONG, NOW, URL, a_page, an_article, an_entry, filled, save, titles
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Query
from unabridged.archive.records.rules import RuleDraft


def mute(archive: Archive, query: str, **scope: int) -> int:
    return archive.library().rules.add(RuleDraft(action="mute", query=query, **scope), now=NOW).id


def saved(archive: Archive, query: str) -> int:
    return archive.library().searches.add("Mine", query, now=NOW).id


def listed(archive: Archive, search: int) -> set[str]:
    return titles(archive, search=archive.library().searches.scope(search, now=NOW))


def test_an_article_set_aside_is_stored_delivered_as_read_and_shown_with_its_reason(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    mute(archive, 'title:"story 2"')
    save(archive, feed.id, an_entry(1), an_entry(2))
    by_title = {one.title: one for one in archive.library().articles.headlines(Query()).headlines}
    aside = by_title["Story 2"]
    assert (aside.read, aside.muted) == (True, 'mute: title:"story 2"')
    assert (by_title["Story 1"].read, by_title["Story 1"].muted) == (False, None)
    assert archive.library().counts().unread == 1
    assert titles(archive, muted=True) == {"Story 2"}


def test_a_keep_rule_sets_aside_what_does_not_match_and_leaves_other_feeds(
    archive: Archive,
) -> None:
    mine = archive.library()
    feed = mine.subscriptions.add(URL, now=NOW).feed
    other = mine.subscriptions.add("https://other.example/feed", now=NOW).feed
    mine.rules.add(RuleDraft(action="keep", query="title:1", feed_id=feed.id), now=NOW)
    save(archive, feed.id, an_entry(1), an_entry(2))
    save(archive, other.id, an_entry(3))
    assert titles(archive, muted=True) == {"Story 2"}


def test_a_rule_of_a_folder_is_for_the_feeds_in_it(archive: Archive) -> None:
    mine = archive.library()
    feed = mine.subscriptions.add(URL, folder="Daily", now=NOW).feed
    other = mine.subscriptions.add("https://other.example/feed", now=NOW).feed
    mute(archive, "story", folder_id=mine.subscriptions.folders()[0].id)
    save(archive, feed.id, an_entry(1))
    save(archive, other.id, an_entry(2))
    assert titles(archive, muted=True) == {"Story 1"}


def test_rules_and_searches_on_the_text_hold_when_the_page_is_read(archive: Archive) -> None:
    [number] = filled(archive, 1)
    mute(archive, '"who saw it"')
    search = saved(archive, '"who saw it"')
    assert listed(archive, search) == set()
    url = "https://news.example/1"
    archive.ingest.save_page(number, an_article(url), a_page(url), now=NOW)
    stored = archive.library().articles.get(number)
    assert (stored.read, stored.muted) == (True, 'mute: "who saw it"')
    assert listed(archive, search) == {"A title"}
    edited = an_article(url, text=LONG.replace("who saw it", "who heard of it"))
    archive.ingest.save_page(number, edited, a_page(url, b"<html>edited</html>"), now=NOW)
    assert listed(archive, search) == set()


def test_a_starred_or_tagged_article_is_not_set_aside_when_its_page_is_read(archive: Archive) -> None:
    one, two = filled(archive, 1, 2)
    archive.library().marks.set_starred([one], True, now=NOW)
    archive.library().tags.add([two], ["mine"], now=NOW)
    mute(archive, '"who saw it"')
    for number in (one, two):
        url = f"https://news.example/{number}"
        archive.ingest.save_page(number, an_article(url), a_page(url), now=NOW)
        assert archive.library().articles.get(number).muted is None


def test_a_search_follows_tags_and_feeds(archive: Archive) -> None:
    mine = archive.library()
    [one] = filled(archive, 1)
    tagged, elsewhere = saved(archive, "story tag:later"), saved(archive, "feed:other")
    assert listed(archive, tagged) == set()
    mine.tags.add([one], ["later"], now=NOW)
    assert listed(archive, tagged) == {"Story 1"}
    mine.tags.rename(mine.tags.all()[0].id, "sooner")
    archive.filing.all(now=NOW)
    assert listed(archive, tagged) == set()
    other = mine.subscriptions.add("https://other.example/feed", now=NOW).feed
    assert listed(archive, elsewhere) == set()
    entry, article = an_entry(1)
    save(archive, other.id, (replace(entry, guid="elsewhere"), article))
    assert listed(archive, elsewhere) == {"Story 1"}
    mine.subscriptions.rename(other.id, "Another name")
    archive.filing.all(now=NOW)
    assert listed(archive, elsewhere) == {"Story 1"}  # its address has the word
    assert mine.articles.find(article.url) is not None


def test_everybody_has_rules_and_searches_of_their_own(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    bo = archive.library(add_user(archive, "Bo"))
    bo.subscriptions.add(URL, now=NOW)
    bo.rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    search = bo.searches.add("Mine", "story", now=NOW)
    save(archive, feed.id, an_entry(1))
    assert titles(archive, muted=True) == set()
    scope = bo.searches.scope(search.id, now=NOW)
    assert [line.muted for line in bo.articles.headlines(Query(search=scope)).headlines] == ["mute: story"]
    assert archive.library().articles.headlines(Query(search=scope)).headlines[0].muted is None
