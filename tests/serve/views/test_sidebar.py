"""The sidebar: lists, folders with their feeds, tags, and what came by other ways."""

from datetime import UTC, datetime

from unabridged.archive.records.core import Folder, MarkCounts, Source, StoredFeed, Subscription
from unabridged.archive.records.library import Tag
from unabridged.archive.records.rules import SavedSearch
from unabridged.serve.views.sidebar import MAX_ITEMS, OpenFolder, Sidebar, build_sidebar

NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)
COUNTS = MarkCounts(unread=4, starred=2, feeds=2, is_empty=False)


def followed(number: int, title: str, folder: str | None = None, *, gone: bool = False) -> Subscription:
    feed = StoredFeed(
        id=number,
        url=f"https://news.example/{number}",
        title=title,
        site_url=None,
        description="",
        language=None,
        icon=None,
        status="gone" if gone else "active",
        bucket=1,
        added=NOW,
    )
    return Subscription(user=1, feed=feed, title=title, folder=folder, added=NOW, unread=number)


def titles(sidebar: Sidebar) -> list[str]:
    return [group.title for group in sidebar.groups]


def test_the_standing_lists_come_first_with_their_counts() -> None:
    places = build_sidebar(COUNTS, (), ()).places
    assert [(place.name, place.count) for place in places] == [
        ("All articles", 0),
        ("Unread", 4),
        ("Starred", 2),
        ("Sources", 0),
        ("Stories", 0),
        ("Changes", 0),
    ]
    assert build_sidebar(COUNTS, (), (), muting=True).places[-1].href == "/muted"


def test_feeds_stand_in_their_folders_and_a_feed_with_a_problem_shows_it() -> None:
    sidebar = build_sidebar(COUNTS, [followed(1, "Daily", "A & B"), followed(2, "Gone", gone=True)], ())
    groups = {group.title: group for group in sidebar.groups}
    assert groups["A & B"].href == "/folders/A%20%26%20B"
    assert groups["Feeds"].href == ""
    [gone] = groups["Feeds"].items
    assert (gone.name, gone.href, gone.count, gone.has_problem) == ("Gone", "/feeds/2", 2, True)
    assert not groups["A & B"].items[0].has_problem


def test_with_many_feeds_only_the_folder_that_is_read_shows_its_feeds() -> None:
    counts = MarkCounts(unread=4, starred=2, feeds=1234, is_empty=False)
    folders = [Folder(id=number, name=f"Folder {number}", feeds=10) for number in range(1, 4)]
    opened = OpenFolder(id=2, feeds=[followed(7, "Daily", "Folder 2")], every=10)
    groups = build_sidebar(counts, (), (), folders=folders, opened=opened).groups
    assert [(one.title, one.folder, one.is_open, len(one.items), one.count) for one in groups] == [
        ("Folder 1", 1, False, 0, 0),
        ("Folder 2", 2, True, 2, 7),
        ("Folder 3", 3, False, 0, 0),
        ("Feeds", 0, False, 0, 0),
    ]
    assert groups[1].items[1].href == "/sources?folder=2"
    assert groups[3].href == "/sources?folder=0"
    many = [Folder(id=number, name=f"F {number}") for number in range(1, MAX_ITEMS + 9)]
    more = build_sidebar(counts, (), (), folders=many).groups[-1]
    assert (more.title, more.items[0].name) == ("More", f"All {len(many)} folders")


def test_sources_without_a_feed_and_tags_have_groups_of_their_own() -> None:
    sources = [
        Source(id=1, slug="saved", title="Saved", feed_id=None, articles=2),
        Source(id=2, slug="empty", title="Empty", feed_id=None, articles=0),
        Source(id=3, slug="news", title="News", feed_id=1, articles=5),
    ]
    tags = [Tag(id=number, name=f"tag {number}", unread=number) for number in range(MAX_ITEMS + 5)]
    sidebar = build_sidebar(COUNTS, (), sources, tags=tags)
    assert titles(sidebar) == ["Tags", "Saved and imported"]
    assert len(sidebar.groups[0].items) == MAX_ITEMS
    assert [item.name for item in sidebar.groups[1].items] == ["Saved"]


def test_saved_searches_come_before_the_folders_with_their_counts() -> None:
    search = SavedSearch(id=3, name="Whales", query="whale", unread_only=False, created=NOW, unread=5)
    sidebar = build_sidebar(COUNTS, [followed(1, "One")], (), searches=[search])
    assert titles(sidebar) == ["Searches", "Feeds"]
    [item] = sidebar.groups[0].items
    assert (item.name, item.href, item.count, sidebar.groups[0].count) == ("Whales", "/searches/3", 5, 0)
    assert sidebar.counts["/searches/3"] == 5 and "/searches" not in sidebar.counts
