"""Addresses of feeds: what parsers of others read in them, what people see, private addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.hub.test_publisher import with_login
from tests.serve.publishing.node_readers import parse_feeds
from tests.serve.running_app import NOW, Desk, copied, make_article, page_of, running, token_of
from unabridged.archive.records.core import StoredArticle
from unabridged.model import Article, Enclosure

PROGRAM = {"Accept": "*/*"}
PERSON = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LISTS = ("/feeds/1", "/feeds/all", "/folders/Reading", "/sources/the-news")

HARD = (
    make_article(1, title="1 < 2 & <b>“bold”</b> ]]> &amp; 'so'", tags=("R&D", "a, b", "水", "<i>")),
    make_article(
        2,
        title="老街修伞人：一把伞撑开四十年 👍🏽",
        language="zh-Hant",
        authors=("陶明遠", "O’Neill, Ada & Co."),
        html="<p>桂花巷口。&lt;不是標籤&gt;</p><p>第二段 ]]&gt; 結束。</p>",
    ),
    make_article(
        3,
        title="المرفأ في الشتاء",
        language="ar",
        html='<p>هذا <a href="https://news.example/?a=1&amp;b=2">رابط</a>.</p>',
        published=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC),
    ),
    make_article(4, title="", authors=(), tags=(), summary="", lead_image=None, enclosures=(), language=None),
    make_article(
        5,
        title="With\x00 controls\x0b and\ufffe more",
        published=datetime.fromisoformat("2026-02-03T04:05:06+09:00"),
        enclosures=(
            Enclosure(url="https://news.example/a.mp3?x=1&y=2", type="audio/mpeg", length=3_000_000_000),
            Enclosure(url="https://news.example/b.mp4", type="video/mp4", length=12, title="The film & more"),
        ),
    ),
    make_article(6, title="𝔘𝔫𝔦𝔠𝔬𝔡𝔢\u200f עברית", language="he", published=None),
)


@dataclass(slots=True)
class Shown:
    """Feeds of one archive in each format, and the articles that they show."""

    articles: dict[str, StoredArticle]
    bodies: dict[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def shown(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("proof"))
    with desk.archive:
        desk.subscribe(list(HARD))
        library = desk.archive.library()
        first = library.articles.get(desk.articles[0])
        text = first.article.text + "\n\nA correction, which was added at the end of the story."
        html = first.article.html + "<p>A correction, which was added at the end of the story.</p>"
        edited = replace(first.article, text=text, html=html)
        desk.archive.ingest.save_page(first.id, edited, page_of(edited), now=NOW + timedelta(hours=3))
        library.tags.add(desk.articles, ["Proof"], now=NOW)
        library.marks.set_starred(desk.articles, True, now=NOW)
        search = library.searches.add("Everything", "is:starred", now=NOW)
        lists = (*LISTS, f"/tags/{library.tags.all()[0].id}", f"/searches/{search.id}")
        with running(desk) as address, httpx.Client(base_url=address, headers=PROGRAM, timeout=120) as client:
            bodies = {
                (path, form): client.get(f"{path}.{form}").content
                for path in lists
                for form in ("rss", "atom", "json")
            }
        stored = [library.articles.get(number) for number in desk.articles]
        yield Shown(
            articles={f"urn:unabridged:article:{one.id}": one for one in stored},
            bodies=bodies,
        )


def seconds(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(microsecond=0)


def published_of(stored: StoredArticle, form: str) -> datetime | None:
    """RSS has one date for an item: of an article without a stated one, that of its version."""
    stated = stored.article.published
    return seconds(stated or stored.revised) if form == "rss" else seconds(stated)


def enclosures_of(article: Article) -> list[tuple[str, str | None, int | None]]:
    return [(one.url, one.type, one.length) for one in article.enclosures]


def test_feedparser_reads_all_fields_of_all_feeds(shown: Shown) -> None:
    for (path, form), body in shown.bodies.items():
        if form == "json":
            continue
        feed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        assert not feed.bozo, (path, form, feed.get("bozo_exception"))
        assert {entry.id for entry in feed.entries} == set(shown.articles), (path, form)
        for entry in feed.entries:
            stored = shown.articles[entry.id]
            article, where = stored.article, (path, form, entry.id)
            assert entry.get("title", "") == article.title, where
            assert entry.link == article.url, where
            assert entry.content[0].value == article.html, where
            assert entry.get("summary", "") in (article.summary, article.html), where
            # Atom asks for somebody: an entry without authors has those of the feed.
            names = [one.get("name") for one in entry.get("authors", []) if one]
            assert names == list(article.authors), where
            assert [tag.term for tag in entry.get("tags", [])] == list(article.tags), where
            stated = published_of(stored, form)
            assert entry.get("published_parsed", (0,) * 9)[:6] == (
                stated.timetuple()[:6] if stated else (0,) * 6
            ), where
            assert entry.updated_parsed[:6] == stored.revised.utctimetuple()[:6], where
            files = [(one.href, one.get("type"), int(one.length)) for one in entry.enclosures]
            assert files == enclosures_of(article), where
            language = entry.get("language") or entry.content[0].get("language")
            assert language == article.language, where
            images = [one["url"] for one in entry.get("media_thumbnail", [])]
            assert images == ([article.lead_image] if article.lead_image else []), where


def test_feedsmith_and_rss_parser_read_all_fields_of_all_feeds(shown: Shown, tmp_path: Path) -> None:
    names = list(shown.bodies)
    paths = [tmp_path / f"{number}.{form}" for number, (_, form) in enumerate(names)]
    for file, name in zip(paths, names, strict=True):
        file.write_bytes(shown.bodies[name])
    for (path, form), found in zip(names, parse_feeds(paths), strict=True):
        smith = found["feedsmith"]
        items = [READ[form](one) for one in smith.get("items", smith.get("entries"))]
        assert {one["id"] for one in items} == set(shown.articles), (path, form)
        for item in items:
            assert item == wanted(shown.articles[item["id"]], form), (path, form)
        if found["rssParser"] is not None:
            check_rss_parser(found["rssParser"]["items"], shown, (path, form))


def wanted(stored: StoredArticle, form: str) -> dict[str, Any]:
    """What a parser is to read of an article."""
    article = stored.article
    return {
        "id": f"urn:unabridged:article:{stored.id}",
        "url": article.url,
        "title": article.title.strip(),
        "html": article.html,
        "summary": article.summary,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "language": article.language,
        "published": published_of(stored, form),
        "updated": seconds(stored.revised),
        "image": article.lead_image,
        "enclosures": enclosures_of(article),
    }


def moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    return seconds(parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text))


def of_rss(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["guid"]["value"],
        "url": item["link"],
        "title": item.get("title", ""),
        "html": item.get("content", {}).get("encoded", ""),
        "summary": re.sub("&lt;", "<", item.get("description", ""))
        .replace("&gt;", ">")
        .replace("&amp;", "&"),
        "authors": item.get("dc", {}).get("creators", []),
        "tags": [one["name"] for one in item.get("categories", [])],
        "language": item.get("dc", {}).get("languages", [None])[0],
        "published": moment(item["pubDate"]),
        "updated": moment(item["atom"]["updated"]),
        "image": item.get("media", {}).get("thumbnails", [{"url": None}])[0]["url"],
        "enclosures": [(one["url"], one["type"], one["length"]) for one in item.get("enclosures", [])],
    }


def of_atom(entry: dict[str, Any]) -> dict[str, Any]:
    links = entry["links"]
    return {
        "id": entry["id"],
        "url": next(one["href"] for one in links if one["rel"] == "alternate"),
        "title": entry.get("title", {}).get("value", ""),
        "html": entry.get("content", {}).get("value", ""),
        "summary": entry.get("summary", {}).get("value", ""),
        "authors": [one["name"] for one in entry.get("authors", [])],
        "tags": [one["term"] for one in entry.get("categories", [])],
        "language": entry.get("xml", {}).get("lang"),
        "published": moment(entry.get("published")),
        "updated": moment(entry["updated"]),
        "image": entry.get("media", {}).get("thumbnails", [{"url": None}])[0]["url"],
        "enclosures": [
            (one["href"], one.get("type"), one.get("length")) for one in links if one["rel"] == "enclosure"
        ],
    }


def of_json(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "url": item["url"],
        "title": item.get("title", ""),
        "html": item.get("content_html", ""),
        "summary": item.get("summary", ""),
        "authors": [one["name"] for one in item.get("authors", [])],
        "tags": item.get("tags", []),
        "language": item.get("language"),
        "published": moment(item.get("date_published")),
        "updated": moment(item["date_modified"]),
        "image": item.get("image"),
        "enclosures": [
            (one["url"], one["mime_type"], one["size_in_bytes"]) for one in item.get("attachments", [])
        ],
    }


READ = {"rss": of_rss, "atom": of_atom, "json": of_json}


def check_rss_parser(items: list[dict[str, Any]], shown: Shown, where: tuple[str, str]) -> None:
    """rss-parser knows one author and one enclosure of an item, and no enclosures of Atom."""
    assert {one.get("guid", one.get("id")) for one in items} == set(shown.articles), where
    for item in items:
        stored = shown.articles[str(item.get("guid", item.get("id")))]
        article = stored.article
        assert item.get("title", "") == article.title.strip(), where
        assert item["link"] == article.url, where
        html = item.get("content:encoded", "") if where[1] == "rss" else item["content"]
        assert html == article.html, where
        assert item.get("creator", item.get("author")) in (*article.authors[:1], None), where
        stated = published_of(stored, where[1]) or seconds(stored.revised)
        assert moment(item["isoDate"].replace("Z", "+00:00")) == stated, where
        if where[1] == "rss":
            assert item.get("categories", []) == list(article.tags), where
            first = item.get("enclosure")
            files = [(first["url"], first["type"], int(first["length"]))] if first else []
            assert files == enclosures_of(article)[:1], where


def test_a_person_sees_what_a_feed_is_and_its_addresses(web: httpx.Client) -> None:
    page = web.get("/folders/Reading.atom?show=unread", headers=PERSON)
    assert page.headers["content-type"].startswith("text/html")
    for form in ("rss", "atom", "json"):
        assert f"/folders/Reading.{form}?show=unread" in page.text
    assert "老街修伞人" in page.text
    assert "Make a private address" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"


def test_one_click_makes_a_private_address_that_a_reader_can_use_and_a_click_revokes_it(
    full: Desk, visit: Visit
) -> None:
    client = visit(full)
    form = {"csrf": token_of(client), "list": "/folders/Reading", "show": "unread"}
    page = client.post("/feed-address", data=form)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    [token] = full.archive.library().tokens.all()
    assert (token.scope, token.name) == ("read", "Feed: Reading: unread")
    [address] = set(re.findall(r'href="(http[^"]*\.atom[^"]*)"', page.text))
    address = address.replace("&amp;", "&")
    outside = visit(full, settings=with_login(full.settings))
    path = address.removeprefix(str(client.base_url).rstrip("/"))
    answer = outside.get(path, headers=PROGRAM)
    assert answer.status_code == 200
    read = feedparser.parse(answer.content)
    assert len(read.entries) == 3
    assert [one.href for one in read.feed.links if one.rel == "self"] == [
        str(outside.base_url).rstrip("/") + path
    ]
    assert outside.get(path.partition("?")[0], headers=PROGRAM).status_code == 401
    client.post(f"/account/tokens/{token.id}/remove", data={"csrf": form["csrf"]})
    assert outside.get(path, headers=PROGRAM).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"list": "/feeds/1"},
        {"list": "/feeds/all", "show": "starred"},
        {"list": "/sources/the-news"},
        {"list": "/search", "q": "story & more"},
    ],
)
def test_each_kind_of_list_has_a_private_address(full: Desk, visit: Visit, sent: dict[str, str]) -> None:
    client = visit(full)
    page = client.post("/feed-address", data={"csrf": token_of(client), **sent})
    [address] = set(re.findall(r'href="(http[^"]*\.rss[^"]*)"', page.text))
    assert client.get(address.replace("&amp;", "&"), headers=PROGRAM).status_code == 200


def test_what_is_no_list_has_no_address(full: Desk, visit: Visit) -> None:
    client = visit(full)
    csrf = token_of(client)
    for path in ("", "/", "/account", "/feeds/77", "/feeds/x", "/tags/9", "/searches/9", "/folders/none"):
        answer = client.post("/feed-address", data={"csrf": csrf, "list": path})
        assert answer.status_code == 404, path
    assert full.archive.library().tokens.all() == ()


def test_a_browser_with_a_private_address_sees_the_page_and_no_way_further_in(
    full: Desk, visit: Visit
) -> None:
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    client = visit(full, settings=with_login(full.settings))
    page = client.get(f"/feeds/1.rss?token={secret}", headers=PERSON)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert f"/feeds/1.json?token={secret}" in page.text
    assert "/feed-address" not in page.text
    assert 'href="/a/' not in page.text
    assert "https://news.example/story-1" in page.text


def test_no_token_of_an_address_is_logged(
    full: Desk, visit: Visit, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    client = visit(full, settings=with_login(full.settings))
    for path in ("/feeds/1.rss", "/feeds/77.rss", "/tags/9.atom", "/search.json", "/feeds/1.rss?archive=x"):
        joint = "&" if "?" in path else "?"
        client.get(f"{path}{joint}token={secret}", headers=PROGRAM)
        client.get(f"{path}{joint}token={secret}x", headers=PERSON)
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert not [one for one in ours if secret in one.getMessage()]
    assert secret not in "".join(capfd.readouterr())
