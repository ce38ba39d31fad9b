"""Links saved in other programs: every export that is known, its tags, dates and states, nothing twice."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.formats.articles import take
from unabridged.archive import Archive, Query
from unabridged.archive.records.core import StoredArticle

FIREFOX = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks Menu</H1>
<DL><p>
    <DT><A HREF="place:sort=8&maxResults=10">Recent</A>
    <DT><H3 ADD_DATE="1547914740">Sea</H3>
    <DD>all about it
    <DL><p>
        <DT><H3>Ports</H3>
        <DL><p>
            <DT><A HREF="https://a.example/tides?x=1&amp;y=2"
             ADD_DATE="1547914746" TAGS="ships,to read">Tides &amp; tar</A>
            <DD>about tides
        </DL><p>
    </DL><p>
    <DT><A HREF="javascript:void(0)">Bookmarklet</A>
    <DT><A HREF="https://b.example/plain">Plain</A>
</DL>
"""
PINBOARD = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<TITLE>Pinboard Bookmarks</TITLE>
<DL><p><DT><A HREF="https://a.example/tides"
ADD_DATE="1547914746" PRIVATE="1" TOREAD="0" TAGS="ships,sea">Tides</A>
</DL></p>
"""
POCKET_HTML = """<!DOCTYPE html>
<html><head><title>Pocket Export</title></head><body>
<h1>Unread</h1><ul>
<li><a href="https://a.example/tides" time_added="1547914746" tags="ships,sea">Tides</a></li></ul>
<h1>Read Archive</h1><ul><li><a href="https://b.example/old" time_added="1547914700" tags="">Old</a></li></ul>
</body></html>
"""
POCKET_CSV = """title,url,time_added,tags,status
Tides,https://a.example/tides,1547914746,ships|to read,unread
"Old, but good",https://b.example/old,1547914700,,archive
"""
INSTAPAPER = """URL,Title,Selection,Folder,Timestamp,Tags
https://a.example/tides,Tides,a selected line,Unread,1547914746,"[""ships"",""sea""]"
https://b.example/old,Old,,Archive,1547914700,[]
https://c.example/star,Star,,Starred,1547914700,[]
https://d.example/own,Own,,Recipes,1547914700,[]
"""
READER = """Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen
Tides,https://a.example/tides,01h,"['ships', 'sea']",2019-01-19 16:19:06+00:00,0.5,later,True
Old,https://b.example/old,01j,[],2019-01-19 16:18:20.5+00:00,1,archive,True
"""
HIGHLIGHTS = """Highlight,Book Title,Book Author,source_url,Note,Tags,Highlighted at,Document tags
First words,Tides,Ada Quill,https://a.example/tides,,,2019-01-19 16:19:06+00:00,"ships,sea"
More words,Tides,Ada Quill,https://a.example/tides,,,2019-01-19 17:19:06+00:00,"ships,sea"
A book's words,Some Book,Bo,,,,2019-01-19 17:19:06+00:00,
"""
RAINDROP = """id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite
1,Tides,,about tides,https://a.example/tides,Unsorted,"ships, sea",2019-01-19T16:19:06.000Z,,,true
"""
WALLABAG = [
    {
        "is_archived": 1,
        "is_starred": 1,
        "tags": ["ships", "sea"],
        "id": 3,
        "title": "Tides",
        "url": "https://a.example/tides",
        "content": "<p>The whole text about tides.</p>",
        "created_at": "2019-01-19T16:19:06+0000",
        "published_at": "2018-01-02T03:04:05+00:00",
        "published_by": ["Ada Quill"],
    },
    {
        "is_archived": 0,
        "is_starred": 0,
        "tags": [{"label": "x"}],
        "url": "https://b.example/old",
        "content": "",
    },
]
GOOGLE_READER = {
    "direction": "ltr",
    "id": "user/-/state/com.google/starred",
    "title": "Starred items",
    "items": [
        {
            "id": "tag:google.com,2005:reader/item/1",
            "categories": ["user/-/state/com.google/read", "user/-/label/ships", "user/-/label/sea"],
            "title": "Tides",
            "published": 1514862245,
            "crawlTimeMsec": "1547914746000",
            "canonical": [{"href": "https://a.example/tides"}],
            "alternate": [{"href": "https://proxy.example/?u=1", "type": "text/html"}],
            "summary": {"content": "<p>Three lines.</p>"},
            "author": "Ada Quill",
            "origin": {"streamId": "feed/1", "title": "The Sea"},
        }
    ],
}
MINIFLUX = {
    "total": 1,
    "entries": [
        {
            "id": 7,
            "status": "read",
            "title": "Tides",
            "url": "https://a.example/tides",
            "published_at": "2018-01-02T03:04:05Z",
            "created_at": "2019-01-19T16:19:06Z",
            "starred": True,
            "content": "<p>Three lines.</p>",
            "author": "Ada Quill",
            "tags": ["ships", "sea"],
            "feed": {"title": "The Sea", "category": {"title": "Ports"}},
        }
    ],
}
FEEDBIN = [
    {
        "id": 1,
        "title": "Tides",
        "author": "Ada Quill",
        "content": "<p>Three lines.</p>",
        "url": "https://a.example/tides",
        "published": "2018-01-02T03:04:05.000000Z",
        "created_at": "2019-01-19T16:19:06.000000Z",
    }
]
PINBOARD_JSON = [
    {
        "href": "https://a.example/tides",
        "description": "Tides",
        "extended": "about tides",
        "time": "2019-01-19T16:19:06Z",
        "shared": "no",
        "toread": "no",
        "tags": "ships sea",
    }
]
OMNIVORE = [
    {
        "id": "x",
        "slug": "tides",
        "title": "Tides",
        "url": "https://a.example/tides",
        "state": "Archived",
        "labels": ["ships", "sea"],
        "savedAt": "2019-01-19T16:19:06.000Z",
        "publishedAt": "2018-01-02T03:04:05.000Z",
    }
]
POCKET_API = {
    "status": 1,
    "list": {
        "9": {
            "item_id": "9",
            "given_url": "https://a.example/tides",
            "given_title": "Tides",
            "favorite": "1",
            "status": "1",
            "time_added": "1547914746",
            "tags": {"ships": {"tag": "ships"}, "sea": {"tag": "sea"}},
        }
    },
}
SAVED = datetime(2019, 1, 19, 16, 19, 6, tzinfo=UTC)

EXPORTS: dict[str, tuple[str, Any, set[str], bool, bool]] = {
    # file name, content, tags, read, starred
    "pinboard": ("pinboard.html", PINBOARD, {"ships", "sea"}, True, False),
    "pocket html": ("ril_export.html", POCKET_HTML, {"ships", "sea"}, False, False),
    "pocket csv": ("part_000000.csv", POCKET_CSV, {"ships", "to read"}, False, False),
    "instapaper": ("instapaper-export.csv", INSTAPAPER, {"ships", "sea"}, False, False),
    "readwise reader": ("reader.csv", READER, {"ships", "sea"}, False, False),
    "raindrop": ("raindrop.csv", RAINDROP, {"ships", "sea"}, False, True),
    "wallabag": ("wallabag.json", WALLABAG, {"ships", "sea"}, True, True),
    "google reader": ("starred.json", GOOGLE_READER, {"ships", "sea"}, True, True),
    "miniflux": ("entries.json", MINIFLUX, {"ships", "sea", "Ports"}, True, True),
    "feedbin": ("starred.json", FEEDBIN, set(), False, True),
    "pinboard json": ("pinboard.json", PINBOARD_JSON, {"ships", "sea"}, True, False),
    "omnivore": ("metadata_0_to_20.json", OMNIVORE, {"ships", "sea"}, True, False),
    "pocket api": ("pocket.json", POCKET_API, {"ships", "sea"}, True, True),
}


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def at(archive: Archive, url: str) -> StoredArticle:
    found = archive.library().articles.find(url)
    assert found is not None, url
    return found


def tags_of(archive: Archive, number: int) -> set[str]:
    return set(archive.library().tags.by_article([number]).get(number, ()))


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_link_comes_with_its_tags_date_and_state_and_only_once(
    archive: Archive, tmp_path: Path, kind: str
) -> None:
    name, content, tags, read, starred = EXPORTS[kind]
    file = written(tmp_path, name, content)
    report, again = take(archive, file), take(archive, file)
    assert [str(error) for error in report.failed] == []
    assert (again.count("new"), again.count("changed")) == (0, 0)
    saved = at(archive, "https://a.example/tides")
    assert (saved.article.title, saved.first_seen, saved.read, saved.starred) == (
        "Tides",
        SAVED,
        read,
        starred,
    )
    assert tags_of(archive, saved.id) == tags
    if kind == "wallabag":
        assert (saved.article.text, saved.page.state) == ("The whole text about tides.", "none")
        assert at(archive, "https://b.example/old").page.state == "waiting"
    else:
        assert saved.page.state == "waiting"
        assert report.count("waiting") == report.count("new")


def test_a_compact_export_is_told_from_json_lines(archive: Archive, tmp_path: Path) -> None:
    for name, content in (("a", GOOGLE_READER), ("b", WALLABAG), ("c", MINIFLUX)):
        (tmp_path / name).write_text(json.dumps(content, separators=(",", ":")))
        (tmp_path / f"{name}2").write_text(json.dumps(content, indent=1))
        assert take(archive, tmp_path / name).failed == []
        assert take(archive, tmp_path / f"{name}2").count("new") == 0


def test_folders_of_bookmarks_are_tags_and_bookmarklets_are_left_out(
    archive: Archive, tmp_path: Path
) -> None:
    report = take(archive, written(tmp_path, "bookmarks.html", FIREFOX))
    assert (report.count("new"), report.failed) == (2, [])
    saved = at(archive, "https://a.example/tides?x=1&y=2")
    assert saved.article.title == "Tides & tar"
    assert saved.article.summary == "about tides"
    assert tags_of(archive, saved.id) == {"ships", "to read", "Sea", "Ports"}
    assert tags_of(archive, at(archive, "https://b.example/plain").id) == set()


def test_folders_of_read_and_starred_links_are_states(archive: Archive, tmp_path: Path) -> None:
    take(archive, written(tmp_path, "instapaper.csv", INSTAPAPER), written(tmp_path, "ril.html", POCKET_HTML))
    assert at(archive, "https://b.example/old").read
    assert at(archive, "https://c.example/star").starred
    assert tags_of(archive, at(archive, "https://d.example/own").id) == {"Recipes"}


def test_highlights_of_one_page_are_one_article_and_books_are_named(archive: Archive, tmp_path: Path) -> None:
    report = take(archive, written(tmp_path, "highlights.csv", HIGHLIGHTS))
    assert report.count("new") == 1
    assert [str(error) for error in report.failed] == [
        f"{tmp_path}/highlights.csv:4: this row has no address."
    ]
    saved = at(archive, "https://a.example/tides")
    assert (saved.article.title, saved.article.authors) == ("Tides", ("Ada Quill",))
    assert tags_of(archive, saved.id) == {"ships", "sea"}


def test_a_zip_of_an_export_is_read_as_if_unpacked(archive: Archive, tmp_path: Path) -> None:
    opml = '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'
    file = tmp_path / "freshrss.zip"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("feeds_2026.opml.xml", opml)
        out.writestr("feeds.opml", opml)
        out.writestr("starred_2026.json", json.dumps(GOOGLE_READER))
        out.writestr("readme.html", "<html><a href='https://no.example/'>no</a>")
    report = take(archive, file)
    assert (report.feeds, report.count("new"), report.failed) == (1, 1, [])
    assert at(archive, "https://a.example/tides").starred


LIST = """# my list
http://a.example/tides

https://example.org/x "tag1" ~Title
- https://b.example/old
* [A title](https://c.example/wiki_(sea))
<https://d.example/>
www.e.example/page
not an address
https://user:secret@f.example/
"""


def test_a_list_of_addresses_is_saved_line_by_line(archive: Archive, tmp_path: Path) -> None:
    report = take(archive, written(tmp_path, "urls.txt", LIST))
    assert report.count("new") == 6
    assert [str(error).split(": ")[0] for error in report.failed] == [
        f"{tmp_path}/urls.txt:9",
        f"{tmp_path}/urls.txt:10",
    ]
    titled = at(archive, "https://example.org/x")
    assert titled.article.title == "Title"
    assert tags_of(archive, titled.id) == {"tag1"}
    assert at(archive, "https://c.example/wiki_(sea)").article.title == "A title"


def test_a_link_gives_a_known_article_its_marks_and_never_a_version(archive: Archive, tmp_path: Path) -> None:
    take(archive, written(tmp_path, "w.json", WALLABAG))
    report = take(archive, written(tmp_path, "pocket.csv", POCKET_CSV))
    assert (report.count("same"), report.count("changed")) == (2, 0)
    saved = at(archive, "https://a.example/tides")
    assert saved.article.text == "The whole text about tides."
    assert tags_of(archive, saved.id) == {"ships", "sea", "to read"}
    assert len(archive.library().articles.page(Query()).articles) == 2


REFUSED = {
    "page.html": "<!doctype html><title>A page</title><p>Text",
    "table.csv": "name,age\nAda,36\n",
    "config.json": '{"version": 1, "theme": "dark"}',
    "numbers.json": "[1, 2, 3]",
    "broken.json": '[{"url": "https://a.example/"',
    "empty.html": "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_named(archive: Archive, tmp_path: Path, name: str) -> None:
    report = take(archive, written(tmp_path, name, REFUSED[name]))
    assert len(report.failed) == 1
    assert str(tmp_path / name) in str(report.failed[0])
    assert report.articles == []
