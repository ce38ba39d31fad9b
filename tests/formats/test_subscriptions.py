"""Subscriptions out as OPML and back into an empty archive."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, ListedFeed, Query
from unabridged.config import FeedSettings
from unabridged.errors import ExportError
from unabridged.formats.export import EXPORTERS, STREAMS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths
from unabridged.formats.selection import Selection
from unabridged.formats.subscriptions import read_subscriptions

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
EVIL = """<?xml version="1.0"?><opml version="2.0" xmlns:unabridged="urn:unabridged:opml"><body>
<outline text="News" unabridged:retain="1s"><outline type="rss" text="Mine" xmlUrl="https://a.example/feed"
 unabridged:status="paused" unabridged:userAgent="x&#13;&#10;Cookie: a=b" unabridged:proxy="http://evil.example"
/></outline></body></opml>"""


def order(**given: int) -> ExportJob:
    return ExportJob(selection=Selection(query=Query(**given)), now=NOW)  # type: ignore[arg-type]


def fill(archive: Archive) -> None:
    listed = [
        ListedFeed(url="https://a.example/feed?x=1&y=2", folder="Nachrichten & <mehr>", title="Мой «лучший»"),
        ListedFeed(
            url="https://b.example/rss", folder="新闻", paused=True, user_agent="Mine/1 (+me)", interval=1800
        ),
        ListedFeed(url="https://c.example/atom", full_text=False),
        ListedFeed(url="https://d.example/feed", folder="新闻"),
    ]
    numbers = archive.library().subscriptions.add_many(listed, now=NOW, retain={"新闻": 90 * 86_400})
    secret = FeedSettings(username="ada", password="letmein", headers=(("X-Key", "hush"),))
    archive.feeds.set_settings(numbers[3], secret, now=NOW)


def facts(archive: Archive) -> list[tuple[object, ...]]:
    agents = archive.feeds.all_settings()
    return [
        (
            one.feed.url,
            one.title,
            one.folder,
            one.feed.status,
            one.feed.interval,
            one.feed.full_text,
            agents.get(one.feed.id, FeedSettings()).user_agent,
            {folder.name: folder.retain for folder in archive.library().subscriptions.folders()},
        )
        for one in archive.library().subscriptions.all()
    ]


def test_a_list_comes_back_with_folders_titles_and_settings(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    fill(first)
    report = EXPORTERS["opml"](first, order(), tmp_path / "feeds.opml")

    taken = import_paths(second, [tmp_path / "feeds.opml"], now=NOW)
    again = import_paths(second, [tmp_path / "feeds.opml"], now=NOW)

    assert (report.feeds, taken.feeds, again.feeds, again.counts["known"]) == (4, 4, 0, 4)
    assert facts(second) == facts(first)
    assert taken.private == ["https://d.example/feed"]
    EXPORTERS["opml"](second, order(), tmp_path / "again.opml")
    assert b"private" in (tmp_path / "feeds.opml").read_bytes()
    without = (tmp_path / "feeds.opml").read_text().replace(' unabridged:private="yes"', "")
    assert (tmp_path / "again.opml").read_text() == without


def test_a_list_holds_no_secret(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    EXPORTERS["opml"](archive, order(), tmp_path / "feeds.opml")
    written = (tmp_path / "feeds.opml").read_text()
    assert not any(word in written for word in ("ada", "letmein", "X-Key", "hush"))


def test_a_list_can_be_of_a_folder_or_a_feed_and_of_nothing_else(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    [folder] = [one.id for one in archive.library().subscriptions.folders() if one.name == "新闻"]
    assert EXPORTERS["opml"](archive, order(folder=folder), tmp_path / "one.opml").feeds == 2
    assert EXPORTERS["opml"](archive, order(feed=1), tmp_path / "two.opml").feeds == 1
    with pytest.raises(ExportError, match="--feed or --folder"):
        EXPORTERS["opml"](archive, order(starred=True), tmp_path / "three.opml")
    with (tmp_path / "out").open("wb") as out:
        assert STREAMS["opml"](archive, order(), out).feeds == 4


def test_a_list_changes_nothing_for_feeds_and_folders_that_are_here(archive: Archive, tmp_path: Path) -> None:
    archive.library().subscriptions.add("https://a.example/feed", now=NOW, folder="News", title="My own")
    before = facts(archive)
    (tmp_path / "evil.opml").write_text(EVIL)
    import_paths(archive, [tmp_path / "evil.opml"], now=NOW)
    assert facts(archive) == before


def test_nothing_of_a_hostile_list_is_sent_or_taken_as_a_way(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "evil.opml").write_text(EVIL)
    import_paths(archive, [tmp_path / "evil.opml"], now=NOW)
    assert archive.feeds.all_settings() == {}
    assert archive.library().subscriptions.all()[0].feed.status == "paused"


def test_a_feed_that_others_read_is_not_paused_by_a_list(archive: Archive, tmp_path: Path) -> None:
    archive.library(add_user(archive, "bo")).subscriptions.add("https://a.example/feed", now=NOW)
    (tmp_path / "evil.opml").write_text(EVIL)
    assert import_paths(archive, [tmp_path / "evil.opml"], now=NOW).feeds == 1
    assert archive.library().subscriptions.all()[0].feed.status == "active"


def test_an_address_in_the_place_of_a_title_is_none(archive: Archive, tmp_path: Path) -> None:
    archive.library().subscriptions.add("https://a.example/feed", now=NOW)
    EXPORTERS["opml"](archive, order(), tmp_path / "feeds.opml")
    content = (tmp_path / "feeds.opml").read_bytes()
    assert [one.title for one in read_subscriptions(content, name="feeds").feeds] == [""]
    assert b"unabridged:" not in content.split(b"<body>")[1]
