"""Full-text feeds as reader apps get them: parsed back, stable, cheap to ask again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import feedparser
import httpx
import pytest

from tests.serve.running_app import NOW, Desk, make_article, page_of
from unabridged.archive.records.imports import Imported
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.write import CONTENT_TYPES
from unabridged.serve.routes.feed_documents import prefers_html, split_format

PROGRAM = {"Accept": "*/*"}
XML = ("/feeds/1.rss", "/feeds/1.atom", "/feeds/all.rss", "/folders/Reading.atom", "/folders/reading.rss")


def parsed(client: httpx.Client, path: str) -> feedparser.FeedParserDict:
    answer = client.get(path, headers=PROGRAM)
    assert answer.status_code == 200
    # sanitize_html off: what we wrote is to come back as we wrote it.
    feed = feedparser.parse(answer.content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("path", XML)
def test_a_feed_parses_back_with_every_field(
    full: Desk, visit: Callable[..., httpx.Client], path: str
) -> None:
    feed = parsed(visit(full), path)
    stored = [full.archive.library().articles.get(number) for number in (3, 2, 1)]
    assert [entry.title for entry in feed.entries] == [one.article.title for one in stored]
    for entry, one in zip(feed.entries, stored, strict=True):
        article = one.article
        assert entry.link == article.url
        assert entry.content[0].value == article.html
        assert entry.summary == article.summary
        assert [author.name for author in entry.authors] == list(article.authors)
        assert [tag.term for tag in entry.tags] == list(article.tags)
        assert article.published is not None
        assert entry.published_parsed[:6] == article.published.utctimetuple()[:6]
        assert entry.id == f"urn:unabridged:article:{one.id}"


def test_the_json_feed_holds_whole_articles(web: httpx.Client) -> None:
    answer = web.get("/feeds/1.json", headers=PROGRAM)
    feed = json.loads(answer.content)
    assert answer.headers["content-type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    edits = {item["id"]: item.get("_unabridged", {}).get("edits") for item in feed["items"]}
    assert edits == {f"urn:unabridged:article:{number}": 1 if number == 3 else None for number in (1, 2, 3)}
    assert feed["feed_url"] == str(answer.url)
    assert "四十三年" in feed["items"][0]["content_html"]
    assert all(isinstance(item["id"], str) for item in feed["items"])


@pytest.mark.parametrize("path", [*XML, "/feeds/1.json"])
def test_an_unchanged_feed_is_not_sent_again(web: httpx.Client, path: str) -> None:
    first = web.get(path, headers=PROGRAM)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f"W/{etag}"}, {"If-Modified-Since": modified}):
        again = web.get(path, headers=PROGRAM | headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    for headers in (
        {"If-None-Match": '"other"', "If-Modified-Since": modified},
        {"If-Modified-Since": "soon"},
        {"If-Modified-Since": f"Mon, 01 Jan {10**20} 00:00:00 GMT"},
    ):
        assert web.get(path, headers=PROGRAM | headers).status_code == 200


def test_a_new_version_moves_the_feed_but_not_the_ids(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    before, first = parsed(client, "/feeds/1.atom"), client.get("/feeds/1.atom", headers=PROGRAM)
    stored = full.archive.library().articles.get(1)
    changed = replace(
        stored.article,
        text=stored.article.text + "\n\nA correction was added at the end of the story.",
        html=stored.article.html + "<p>A correction was added at the end of the story.</p>",
    )
    full.archive.ingest.save_page(1, changed, page_of(changed), now=NOW + timedelta(hours=5))
    again = client.get("/feeds/1.atom", headers=PROGRAM | {"If-None-Match": first.headers["etag"]})
    after = parsed(client, "/feeds/1.atom")
    assert again.status_code == 200
    assert [entry.id for entry in before.entries] == [entry.id for entry in after.entries]
    assert before.feed.id == after.feed.id
    moved = [a.id for a, b in zip(before.entries, after.entries, strict=True) if a.updated != b.updated]
    assert moved == ["urn:unabridged:article:1"]


def test_a_long_feed_leads_on_to_its_older_articles(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    desk.subscribe([make_article(number) for number in range(25)])
    client = visit(desk)
    path, titles = "/feeds/1.atom", []
    for _ in range(5):
        feed = parsed(client, path)
        titles += [entry.title for entry in feed.entries]
        links = [link.href for link in feed.feed.links if link.rel == "next"]
        if not links:
            break
        path = links[0]
    assert titles == [f"Story number {number}" for number in range(25)]


@pytest.mark.parametrize("name", ["rss", "atom", "json"])
def test_every_list_has_a_feed_of_its_articles(
    full: Desk, visit: Callable[..., httpx.Client], name: str
) -> None:
    library = full.archive.library()
    library.marks.set_starred([2], True, now=NOW)
    library.marks.set_read([3], True, now=NOW)
    library.tags.add([1], ["harbour"], now=NOW)
    [tag] = library.tags.all()
    search = library.searches.add("Stories", "story", now=NOW)
    client = visit(full)
    wanted = {
        f"/feeds/all.{name}": {1, 2, 3},
        f"/feeds/all.{name}?show=unread": {1, 2},
        f"/feeds/all.{name}?show=starred": {2},
        f"/feeds/1.{name}?show=starred": {2},
        f"/folders/Reading.{name}?show=unread": {1, 2},
        f"/tags/{tag.id}.{name}": {1},
        f"/tags/{tag.id}.{name}?show=unread": {1},
        f"/searches/{search.id}.{name}": {1, 2},
        f"/searches/{search.id}.{name}?show=starred": {2},
        f"/sources/the-news.{name}": {1, 2, 3},
    }
    seen = {}
    for path in wanted:
        feed = parse_feed(
            client.get(path, headers=PROGRAM).content,
            url="https://x.example/",
            content_type=CONTENT_TYPES[name],
        )
        seen[path] = {int((entry.guid or "").rpartition(":")[2]) for entry in feed.entries}
        assert feed.self_url == f"{str(client.base_url).rstrip('/')}{path}"
    assert seen == wanted


def test_a_person_sees_a_page_where_a_program_gets_the_feed(web: httpx.Client) -> None:
    for path in ("/feeds/1.rss", "/folders/Reading.json", "/feeds/1.html"):
        page = web.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "老街修伞人" in page.text
    assert web.get("/feeds/1.rss?raw").headers["content-type"].startswith("application/rss+xml")
    whole = web.get("/feeds/all.atom").text
    assert "老街修伞人" in whole
    assert "/feeds/all.json" in whole


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("", False),
        ("*/*", False),
        ("application/rss+xml, application/xml;q=0.8, text/html;q=0.2", False),
        (
            "application/atom+xml,application/rdf+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.1",
            False,
        ),
        ("text/html;q=0.9, application/rss+xml", False),
        ("text/html;q=nonsense", True),
        ("text/html;q=1.1.1", False),
    ],
)
def test_a_browser_is_told_from_a_reader_app_by_what_it_accepts(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


def test_only_known_formats_are_cut_from_a_name() -> None:
    assert split_format("42.rss") == ("42", "rss")
    assert split_format("news.example") == ("news.example", None)
    assert split_format("a.b.atom") == ("a.b", "atom")
    assert split_format(".rss") == (".rss", None)


def test_a_folder_with_any_name_has_its_feed(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    name = "新闻/日报 50% & more?.rss"
    desk.subscribe([make_article(1)], folder=name)
    client = visit(desk)
    sources = client.get("/sources").text
    path = sources.split('<div class="folder-head"><h2><a href="')[1].split('"')[0]
    assert name.split(" ")[0] in client.get(path + ".html").text
    assert len(parsed(client, path + ".atom").entries) == 1


def test_an_empty_feed_is_a_feed(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    desk.subscribe([])
    client = visit(desk)
    for path in ("/feeds/1.rss", "/feeds/1.atom", "/feeds/all.atom"):
        assert parsed(client, path).entries == []
    assert json.loads(client.get("/feeds/1.json", headers=PROGRAM).content)["items"] == []


def test_imported_articles_have_a_list_and_a_feed(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    article = make_article(1, title="From a file")
    imported = Imported(article=article, origin="document", source="old-news", source_title="Old News")
    desk.archive.library().imports.add(imported, now=NOW)
    client = visit(desk)
    assert "Saved and imported" in client.get("/").text
    assert "From a file" in client.get("/sources/old-news").text
    assert parsed(client, "/sources/old-news.atom").entries[0].title == "From a file"
