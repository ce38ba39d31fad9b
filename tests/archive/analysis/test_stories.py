"""Stories: articles on one event are put together, keep their number, merge and split."""

import pytest
from sqlalchemy import Connection, select, update

from tests.archive.analysis.test_analyse import WIRE as WIRE_TEXT
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
from unabridged.archive.analysis.stories import check_parts
from unabridged.archive.records.stories import StoryQuery
from unabridged.archive.storage.tables_stories import story_articles, story_keys
from unabridged.errors import NotFound

QUAKE = (
    "Strong earthquake shakes Valmora",
    "A strong earthquake of magnitude 6.4 shook the town of Valmora on Tuesday, killing 27 "
    "people. The mayor, "
    "Ilse Brandt, said that 140 houses had collapsed. Rescue teams from Kestria were on their way.",
)
QUAKE_TOO = (
    "Valmora: 27 dead after quake of 6.4",
    "At least 27 people lost their lives in Valmora, where the ground shook with a magnitude "
    "of 6.4. Mayor Ilse "
    "Brandt asked for tents and water. Kestria has sent rescue teams, and the airport is closed.",
)
QUAKE_LATER = (
    "Toll rises in Valmora",
    "Two days after the earthquake in Valmora, rescue teams from Kestria found 9 more bodies. "
    "Mayor Ilse Brandt "
    "thanked them and said that 140 families needed houses before winter.",
)
ELECTION = (
    "Marlow wins vote in Tessaly",
    "Jon Marlow of the Green Union won the election in Tessaly with 54 percent of the ballots. "
    "His rival, Petra "
    "Oduya, conceded on Sunday evening and called for calm in the capital Lorne.",
)
ELECTION_TOO = (
    "Oduya concedes, Marlow to lead Tessaly",
    "Petra Oduya admitted defeat in Tessaly. Jon Marlow and his Green Union took 54 percent, "
    "the commission in "
    "Lorne announced, and the election was peaceful, observers said.",
)
OTHER_QUAKE = (
    "Earthquake off Port Sable",
    "An earthquake of magnitude 5.1 was felt in Port Sable on Friday. Nobody was hurt, said "
    "the governor, Ramon "
    "Achterberg, and a warning of high waves for the Coral Bay was lifted.",
)


WIRE = ("Harbour opens again", WIRE_TEXT)


def read(archive: Archive, number: int, told: tuple[str, str], *, at: int = 0, url: str = "") -> None:
    """Save the page of an article with a title and a text."""
    url = url or f"https://news.example/{number}"
    title, text = told
    page = a_page(url, f"{text}{at}".encode())
    archive.ingest.save_page(number, an_article(url, title, text), page, now=NOW + at * HOUR)


def told(archive: Archive, *reports: tuple[str, str]) -> list[int]:
    """Save and analyse an article for each report."""
    found = filled(archive, *range(1, len(reports) + 1))
    for number, one in zip(found, reports, strict=True):
        read(archive, number, one)
    archive.analysis.all()
    return found


def more(archive: Archive, entry: int, report: tuple[str, str]) -> list[int]:
    """Save and analyse one more article of the same feed."""
    feed = archive.library().subscriptions.all()[0].feed.id
    found = list(save(archive, feed, an_entry(entry)).new)
    read(archive, found[0], report)
    archive.analysis.all()
    return found


def elsewhere(
    archive: Archive, report: tuple[str, str], *, user: int = 1, url: str = "https://other.example/1"
) -> list[int]:
    """Save and analyse an article of another feed."""
    feed = archive.library(user).subscriptions.add("https://other.example/feed", now=NOW).feed
    entry = an_entry(50, url=url, guid=url)
    found = list(archive.ingest.save_entries(feed.id, a_feed(url=feed.url), [entry], fine()).new)
    read(archive, found[0], report, url=url)
    archive.analysis.all()
    return found


BOTH = (ELECTION[0], f"{ELECTION[1]} {QUAKE[1]}")
BOTH_TOO = (ELECTION[0], f"{ELECTION_TOO[1]} {QUAKE_TOO[1]}")


def stories(archive: Archive, user: int = 1, **query: object) -> list[tuple[int, list[int]]]:
    """Return the number of every story in the list, with its articles."""
    library = archive.library(user).stories
    lines = library.recent(StoryQuery(**query)).stories  # type: ignore[arg-type]
    return [(line.number, [one.headline.id for one in library.get(line.number).articles]) for line in lines]


def test_reports_on_one_event_are_one_story_and_others_are_not_in_it(archive: Archive) -> None:
    one, other, two, far, later = told(archive, QUAKE, ELECTION, QUAKE_TOO, OTHER_QUAKE, QUAKE_LATER)
    assert stories(archive) == [(one, [one, two, later])]
    assert archive.library().stories.of_article(later) == one
    assert archive.library().stories.of_article(other) is None
    assert archive.library().stories.of_article(far) is None


def test_a_story_keeps_its_number_and_a_late_report_joins_it(archive: Archive) -> None:
    one, two = told(archive, QUAKE, QUAKE_TOO)
    assert stories(archive) == [(one, [one, two])]
    [late] = more(archive, 3, QUAKE_LATER)
    assert stories(archive) == [(one, [one, two, late])]
    archive.analysis.clear()
    assert stories(archive) == []
    archive.analysis.all()
    assert stories(archive) == [(one, [one, two, late])]


def test_the_newest_story_is_first_and_pages_follow_one_another(archive: Archive) -> None:
    one, two, three, four = told(archive, QUAKE, QUAKE_TOO, ELECTION, ELECTION_TOO)
    library = archive.library().stories
    page = library.recent(StoryQuery(limit=1))
    assert [line.number for line in page.stories] == [three]
    assert page.next is not None
    rest = library.recent(StoryQuery(limit=1, before=page.next))
    assert ([line.number for line in rest.stories], rest.next) == ([one], None)
    [line] = rest.stories
    assert (line.first.id, line.newest.id, line.articles, line.outlets) == (one, two, 2, 1)
    newest = archive.library().articles.get(four).at
    assert stories(archive, since=newest) == [(three, [three, four])]
    with pytest.raises(NotFound):
        library.recent(StoryQuery(before="yesterday"))


def test_a_list_takes_only_stories_with_enough_articles_and_of_a_feed(archive: Archive) -> None:
    told(archive, QUAKE, QUAKE_TOO, ELECTION, ELECTION_TOO)
    [late] = more(archive, 5, QUAKE_LATER)
    assert [number for number, _ in stories(archive, articles=3)] == [1]
    [other] = elsewhere(archive, ELECTION)
    feed = archive.library().articles.get(other).feed_id
    assert [number for number, _ in stories(archive, feed=feed)] == [3]
    assert late in dict(stories(archive))[1]


def test_an_article_that_is_rewritten_leaves_its_story(archive: Archive) -> None:
    one, two, three = told(archive, QUAKE, QUAKE_TOO, QUAKE_LATER)
    read(archive, three, ELECTION, at=1)
    archive.analysis.all()
    assert stories(archive) == [(one, [one, two])]
    assert archive.library().stories.of_article(three) is None


def test_the_number_stays_with_the_story_when_its_first_article_leaves(archive: Archive) -> None:
    one, two, three = told(archive, QUAKE, QUAKE_TOO, QUAKE_LATER)
    read(archive, one, ELECTION, at=1)
    [four] = more(archive, 4, ELECTION_TOO)
    assert dict(stories(archive)) == {one: [two, three], four: [one, four]}


def test_a_deleted_article_leaves_its_story_and_no_key(archive: Archive) -> None:
    one, two, three = told(archive, QUAKE, QUAKE_TOO, QUAKE_LATER)
    archive.library().articles.delete(one, now=NOW)
    assert stories(archive) == [(one, [two, three])]
    with archive._db.reading() as conn:
        for table in (story_articles, story_keys):
            assert one not in conn.execute(select(table.c.article_id)).scalars().all()
    archive.library().articles.delete(two, now=NOW)
    assert stories(archive) == []
    with pytest.raises(NotFound):
        archive.library().stories.get(one)


def test_an_article_merged_into_another_is_in_no_story(archive: Archive) -> None:
    two_feeds(archive)
    read_both(archive, story("https://amp.news.example/s/1", LONG))
    archive.analysis.all()
    assert stories(archive) == []
    with archive._db.reading() as conn:
        assert list(conn.execute(select(story_articles.c.article_id)).scalars()) == [min(numbers(archive))]


def test_a_repost_in_the_same_feed_is_no_story_but_a_copy_in_another_feed_is(archive: Archive) -> None:
    one, two = told(archive, WIRE, ("Copy: " + WIRE[0], WIRE[1]))
    assert stories(archive) == []
    assert archive.library().stories.of_article(one) is None
    [three] = elsewhere(archive, WIRE)
    assert stories(archive) == [(one, [one, two, three])]
    found = archive.library().stories.get(one)
    assert [article.copy_of for article in found.articles] == [None, one, one]
    assert (found.first.id, found.newest.id) == (one, three)


def test_a_story_names_its_outlets(archive: Archive) -> None:
    [one] = told(archive, QUAKE)
    [two] = elsewhere(archive, QUAKE_TOO, url="https://www.reuters.com/world/quake")
    found = archive.library().stories.get(one)
    by_number = {each.headline.id: (each.outlet, each.domain, each.country) for each in found.articles}
    assert by_number == {one: ("News", "news.example", None), two: ("Reuters", "reuters.com", "GB")}


def test_stories_that_grow_alike_are_merged_and_the_old_number_leads_to_the_new_one(archive: Archive) -> None:
    one, two, three, four = told(archive, QUAKE, QUAKE_TOO, ELECTION, ELECTION_TOO)
    assert dict(stories(archive)) == {one: [one, two], three: [three, four]}
    for number, report in ((three, BOTH), (four, BOTH_TOO)):
        read(archive, number, report, at=1)
        archive.analysis.all()
    assert dict(stories(archive)) == {one: [one, two, three, four]}
    library = archive.library().stories
    assert library.current_number(three) == one
    found = library.get(three)
    assert found.number == one
    [change] = found.changes
    merged = (change.kind, change.source, change.target, change.reason)
    assert merged == ("merged", three, one, "reports_on_both")
    assert change.at == NOW + HOUR
    archive.analysis.clear()
    archive.analysis.all()
    assert library.get(three).number == one


def test_a_story_whose_parts_have_little_in_common_is_split(archive: Archive) -> None:
    one, two, three, four = told(archive, QUAKE, ELECTION, QUAKE_TOO, ELECTION_TOO)
    assert dict(stories(archive)) == {one: [one, three], two: [two, four]}

    def join(conn: Connection) -> None:
        conn.execute(update(story_articles).values(story_id=one))

    archive._db.writing(join)
    archive._db.writing(lambda conn: check_parts(conn, one, 0))
    assert dict(stories(archive)) == {one: [one, three], four: [two, four]}
    [change] = archive.library().stories.get(four).changes
    split = (change.kind, change.source, change.target, change.reason)
    assert split == ("split", one, four, "too_different")


def test_nobody_sees_stories_in_the_feeds_of_others(archive: Archive) -> None:
    one, two = told(archive, QUAKE, QUAKE_TOO)
    ann = add_user(archive, "ann")
    [own] = elsewhere(archive, QUAKE_LATER, user=ann)
    library = archive.library(ann).stories
    assert stories(archive) == [(one, [one, two])]
    assert stories(archive, ann) == []
    assert library.of_article(own) is None
    for unseen in (one, own):
        with pytest.raises(NotFound):
            library.get(unseen)
    [second] = elsewhere(archive, QUAKE, user=ann, url="https://other.example/2")
    assert stories(archive, ann) == [(one, sorted((own, second)))]
    assert len(library.get(own).articles) == 2


def test_an_unknown_number_is_no_story(archive: Archive) -> None:
    told(archive, QUAKE, ELECTION)
    for number in (1, 999, -1):
        with pytest.raises(NotFound):
            archive.library().stories.get(number)
