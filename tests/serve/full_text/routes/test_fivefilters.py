"""makefulltextfeed.php, extract.php and Feed Creator, asked as their clients ask."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.full_text.site import CHINESE, FURNITURE, KEY, LAST, STORY, page, settings_for
from tests.serve.running_app import NOW, Desk, Shelf
from unabridged.serve.full_text.admission import key_hash

KEYS = [
    *("title", "excerpt", "date", "author", "language", "url", "effective_url", "og_url", "og_title"),
    *("og_description", "og_image", "og_type", "content"),
]


def feed_of(client: httpx.Client, **params: Any) -> Any:
    answer = client.get("/makefulltextfeed.php", params=params)
    assert answer.status_code == 200, answer.text
    return feedparser.parse(answer.content)


def test_a_feed_comes_back_whole_in_the_shape_that_readers_know(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/feed.xml"
    answer = client.get("/makefulltextfeed.php", params={"url": url})
    feed = feedparser.parse(answer.content)
    first, _, failed = feed.entries
    assert answer.headers["content-type"].startswith("application/rss+xml")
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "max-age=600" in answer.headers["cache-control"]
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.link, feed.feed.description) == (
        "Harbour Post",
        f"{shelf.origin}/",
        "Daily news",
    )
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"].endswith(f"/makefulltextfeed.php?url={url.replace(':', '%3A').replace('/', '%2F')}")
    assert LAST in first.description and FURNITURE not in first.description
    assert first.link == f"{shelf.origin}/story?id=1&utm_source=feed"
    assert first.dc_identifier == f"{shelf.origin}/story?id=1"
    assert (first.author, first.dc_format, first.language) == ("Ada Quay", "text/html", "en")
    assert first.published == "Wed, 18 Mar 2026 08:00:00 +0100"
    assert [tag.term for tag in first.tags] == ["Weather"]
    assert first.media_thumbnail[0]["url"] == "https://img.example/ice.jpg"
    assert (first.og_title, first.og_type, first.og_image) == (
        "A frozen harbour",
        "article",
        "https://img.example/ice.jpg",
    )
    assert failed.description.startswith("<p>[unable to retrieve full-text content]</p>")
    assert "Three lines only." in failed.description


def test_json_has_objects_for_one_and_lists_for_several(client: httpx.Client, shelf: Shelf) -> None:
    def channel(**params: Any) -> Any:
        asked = {"url": f"{shelf.origin}/feed.xml", "format": "json", **params}
        answer = client.get("/makefulltextfeed.php", params=asked)
        assert answer.headers["content-type"] == "application/json"
        made = answer.json()
        assert made["rss"]["@attributes"] == {"version": "2.0"}
        return made["rss"]["channel"]

    several, one = channel(), channel(max=1)
    assert [item["title"] for item in several["item"]] == [
        "A frozen harbour",
        "老街修伞人",
        "A page that fails",
    ]
    assert one["item"]["title"] == "A frozen harbour"
    assert one["item"]["dc_creator"] == "Ada Quay"
    assert one["item"]["media_thumbnail"] == {"@attributes": {"url": "https://img.example/ice.jpg"}}
    assert [link["@attributes"]["rel"] for link in one["atom_link"]] == ["self", "alternate"]


def test_jsonp_calls_a_name_and_nothing_else(client: httpx.Client, shelf: Shelf) -> None:
    params = {"url": f"{shelf.origin}/feed.xml", "format": "json", "callback": "app.show"}
    answer = client.get("/makefulltextfeed.php", params=params)
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text.startswith("/**/app.show({") and answer.text.endswith("});")
    assert json.loads(answer.text[len("/**/app.show(") : -2])["rss"]
    assert "<" not in answer.text
    for bad in ("alert(1)//", "a b", "a.", "x" * 500, "é"):
        assert client.get("/makefulltextfeed.php", params=params | {"callback": bad}).status_code == 422


@pytest.mark.parametrize(
    ("params", "there", "absent"),
    [
        ({"exc": "1"}, LAST, "Three lines only."),
        ({"content": "0"}, "A frozen harbour", LAST),
        ({"summary": "1"}, "content:encoded", "<description>&lt;p&gt;The harbour"),
        ({"summary": "1", "content": "0"}, "<description>The harbour", LAST),
        ({"links": "remove"}, "tables of the tide", "other.example"),
        ({"links": "footnotes"}, "[1]", "tables of the tide&lt;/a&gt;"),
        ({"max": "1"}, "A frozen harbour", "老街修伞人"),
        ({"l": "0"}, LAST, "dc:language"),
        ({"lang": "3"}, "zh", "de"),
        ({"debug": "1", "parser": "html5php", "proxy": "0", "xss": "0"}, LAST, "<script"),
    ],
)
def test_each_parameter_does_what_it_is_known_for(
    client: httpx.Client, shelf: Shelf, params: dict[str, str], there: str, absent: str
) -> None:
    answer = client.get("/makefulltextfeed.php", params={"url": f"{shelf.origin}/feed.xml", **params})
    assert answer.status_code == 200
    assert there in answer.text
    assert absent == "de" or absent not in answer.text


def test_a_page_is_a_feed_of_one_item_unless_a_feed_was_asked_for(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story"
    for params in ({}, {"accept": "auto"}, {"accept": "html"}, {"html": "1"}, {"html": "true"}):
        entries = feed_of(client, url=url, **params).entries
        assert [entry.title for entry in entries] == ["A frozen harbour"]
        assert LAST in entries[0].description
    answer = client.get("/makefulltextfeed.php", params={"url": url, "accept": "feed"})
    assert (answer.status_code, answer.text) == (422, "Sorry, couldn't parse as feed\n")


def test_the_title_of_the_page_counts_where_it_is_asked_for(client: httpx.Client, shelf: Shelf) -> None:
    kind, body = shelf.answers["/feed.xml"]
    shelf.answers["/other.xml"] = (kind, body.replace(b"A frozen harbour", b"Ice!"))
    url = f"{shelf.origin}/other.xml"
    assert feed_of(client, url=url).entries[0].title == "Ice!"
    assert feed_of(client, url=url, use_extracted_title="").entries[0].title == "A frozen harbour"


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("", 400, "No URL supplied"),
        ("?url=", 400, "No URL supplied"),
        ("?url=ftp://x.example/", 400, "Invalid URL supplied"),
        ("?url=javascript:alert(1)", 400, "Invalid URL supplied"),
        ("?url=http://", 400, "Invalid URL supplied"),
        ("?url=http://169.254.169.254/latest", 403, "URL blocked"),
        ("?url=http://10.0.0.1/feed", 403, "URL blocked"),
        ("?url={origin}/none", 404, "404"),
        ("?url={origin}/empty.xml", 422, "Sorry, no feed items found"),
        ("?url={origin}/nothing.txt&accept=feed", 422, "Sorry, couldn't parse as feed"),
        ("?url=http://127.0.0.1:61234/", 502, "127.0.0.1:61234"),
    ],
)
def test_an_error_is_a_line_of_text_with_a_true_status(
    client: httpx.Client, shelf: Shelf, query: str, status: int, text: str
) -> None:
    query = query.replace("{origin}", shelf.origin)
    of_feeds = ".xml" in query or "accept" in query
    for path in ("/makefulltextfeed.php", "/extract.php")[: 1 if of_feeds else 2]:
        answer = client.get(path + query)
        assert (answer.status_code, text in answer.text) == (status, True), answer.text
        assert answer.headers["content-type"].startswith("text/plain")


def test_an_address_without_a_scheme_or_with_feed_is_http(client: httpx.Client, shelf: Shelf) -> None:
    bare = shelf.origin.removeprefix("http://")
    for url in (f"{bare}/feed.xml", f"feed://{bare}/feed.xml", f"feed:http://{bare}/feed.xml"):
        assert feed_of(client, url=url).feed.title == "Harbour Post"


def test_extract_has_the_known_keys_in_their_order(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story?id=1"
    made = client.get("/extract.php", params={"url": url}).json()
    assert list(made) == KEYS
    assert made["title"] == "A frozen harbour" and made["author"] == "Ada Quay"
    assert (made["url"], made["effective_url"], made["language"]) == (url, url, "en")
    assert made["date"] == "2026-03-18T08:00:00+01:00"
    assert made["og_description"] == "Ice, and no tug."
    assert LAST in made["content"] and FURNITURE not in made["content"]
    assert len(made["excerpt"].removesuffix(" …").split()) == 55


def test_the_excerpt_of_a_chinese_text_is_counted_in_letters(client: httpx.Client, shelf: Shelf) -> None:
    made = client.get("/extract.php", params={"url": f"{shelf.origin}/chinese"}).json()
    assert made["excerpt"].endswith(" …")
    assert CHINESE.startswith(made["excerpt"].removesuffix(" …"))
    assert 100 <= len(made["excerpt"]) <= 125


@pytest.mark.parametrize("way", ["form", "multipart", "json"])
def test_extract_reads_html_that_is_sent_and_fetches_nothing(
    client: httpx.Client, shelf: Shelf, way: str
) -> None:
    html = page("Sent", "".join(f"<p>{part}</p>" for part in STORY)).decode()
    fields = {"url": "http://sent.example/a", "inputhtml": html}
    ways: dict[str, Any] = {
        "form": {"data": fields},
        "multipart": {"files": {name: (None, value) for name, value in fields.items()}},
        "json": {"json": fields},
    }
    asked = len(shelf.asked)
    made = client.post("/extract.php", **ways[way])
    assert made.status_code == 200, made.text
    assert made.json()["title"] == "Sent" and LAST in made.json()["content"]
    assert made.json()["effective_url"] == "http://sent.example/a"
    assert len(shelf.asked) == asked


def test_freshrss_readable_sends_addresses_as_they_are(client: httpx.Client, shelf: Shelf) -> None:
    """curl of PHP sends `$host."/extract.php?url=".$entry->link()`, nothing in it escaped."""
    link = f"{shelf.origin}/story?id=1&page=2"
    made = client.get(f"/extract.php?url={link}").json()
    assert made["url"] == link
    assert LAST in made["content"]


def test_feed_creator_makes_a_feed_of_a_page_by_selectors(client: httpx.Client, shelf: Shelf) -> None:
    params = {
        "url": f"{shelf.origin}/cards",
        "item": "div.card",
        "item_title": "h3",
        "item_url": "a[2]",
        "item_desc": "p",
        "item_date": "time",
        "item_date_format": "j/n/Y",
        "item_image": "img",
        "guid": "url",
        "order": "reverse",
        "max": "2",
    }
    answer = client.get("/extract.php", params=params)
    feed = feedparser.parse(answer.content)
    first = feed.entries[0]
    assert [entry.title for entry in feed.entries] == ["Card 3", "Card 2"]
    assert (first.link, first.description) == (f"{shelf.origin}/news/3?s=1", "About 3")
    assert first.published.startswith("Tue, 03 Mar 2026")
    assert first.media_content[0]["url"] == f"{shelf.origin}/3.png"
    assert len(first.id) == 40
    assert feed.feed.title == "Cards"


def test_feed_creator_finds_links_by_class_and_takes_xpath(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/cards"
    named = {"url": url, "in_id_or_class": "card", "url_contains": "/news/1,/news/2", "format": "json"}
    items = client.get("/extract.php", params=named).json()["rss"]["channel"]["item"]
    assert [item["link"] for item in items] == [f"{shelf.origin}/news/1?s=1", f"{shelf.origin}/news/2?s=1"]
    by_path = {
        "url": url,
        "item": "//div[@class='card']",
        "item_title": ".//h3/text()",
        "item_url": "1",
        "unique_url": "1",
    }
    feed = feedparser.parse(client.get("/extract.php", params=by_path).content)
    assert [(entry.title, entry.link) for entry in feed.entries] == [("Card 1", url)]


@pytest.mark.parametrize("selector", ["div[", "//div[", "..", "a:nope(", "//x[unknown()]", "p.none"])
def test_a_selector_that_finds_nothing_is_an_error_in_words(
    client: httpx.Client, shelf: Shelf, selector: str
) -> None:
    answer = client.get("/extract.php", params={"url": f"{shelf.origin}/cards", "item": selector})
    assert answer.status_code == 422
    assert "selector" in answer.text


def test_without_a_login_only_a_key_opens(stranger: httpx.Client, shelf: Shelf) -> None:
    url, asked = f"{shelf.origin}/feed.xml", len(shelf.asked)
    refused = stranger.get("/makefulltextfeed.php", params={"url": url})
    assert (refused.status_code, refused.text) == (401, "A valid key must be supplied\n")
    for wrong in (
        {"key": "guess"},
        {"key": "plugin", "hash": "0" * 40},
        {"key": "2", "hash": key_hash(KEY, url)},
    ):
        answer = stranger.get("/makefulltextfeed.php", params={"url": url, **wrong})
        assert (answer.status_code, answer.text) == (403, "The entered key is invalid\n")
    assert len(shelf.asked) == asked
    for right in (
        {"key": "plugin", "hash": key_hash(KEY, url)},
        {"key": "1", "hash": key_hash(KEY, url).upper()},
    ):
        assert stranger.get("/makefulltextfeed.php", params={"url": url, **right}).status_code == 200
    other = stranger.get(
        "/makefulltextfeed.php", params={"url": url + "?x", "key": "1", "hash": key_hash(KEY, url)}
    )
    assert other.status_code == 403, "the hash opens one address"


def test_a_secret_in_an_address_is_replaced_by_a_hash_that_opens_this_address(
    stranger: httpx.Client, shelf: Shelf
) -> None:
    url = f"{shelf.origin}/feed.xml"
    first = stranger.get("/makefulltextfeed.php", params={"url": url, "key": KEY, "max": "1"})
    assert first.status_code == 302
    assert KEY not in first.headers["location"]
    sent = parse_qs(urlsplit(first.headers["location"]).query)
    assert (sent["key"], sent["hash"]) == (["1"], [key_hash(KEY, url)])
    assert first.headers["cache-control"] == "no-store"
    second = stranger.get(first.headers["location"])
    assert second.status_code == 200
    assert len(feedparser.parse(second.content).entries) == 1
    stays = stranger.get("/makefulltextfeed.php", params={"url": url, "key": KEY, "key_redirect": "0"})
    assert stays.status_code == 200
    assert KEY not in stays.text


def test_a_token_is_a_key_too(stranger: httpx.Client, shared: Desk, shelf: Shelf) -> None:
    secret = shared.archive.library().tokens.add("script", now=NOW).secret
    url = f"{shelf.origin}/feed.xml"
    ways: tuple[dict[str, Any], ...] = (
        {"params": {"url": url, "key": secret}},
        {"params": {"url": url}, "headers": {"X-Api-Key": secret}},
        {"params": {"url": url}, "headers": {"Authorization": f"Bearer {secret}"}},
        {"params": {"url": url}, "auth": ("x", secret)},
    )
    assert [stranger.get("/makefulltextfeed.php", **way).status_code for way in ways] == [200] * 4
    beside_a_hash = stranger.get("/makefulltextfeed.php", params={"url": url, "key": secret, "hash": "0"})
    assert (beside_a_hash.status_code, secret in beside_a_hash.text) == (200, False)


def test_an_open_rate_answers_everybody_and_then_asks_to_wait(desk: Desk, shelf: Shelf, visit: Visit) -> None:
    client = visit(desk, settings=settings_for(desk, open_rate="2/minute"))
    params = {"url": f"{shelf.origin}/feed.xml"}
    answers = [client.get("/makefulltextfeed.php", params=params) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "30"
    assert answers[0].headers["cache-control"] == "public, max-age=600"
    assert client.get("/makefulltextfeed.php", params=params, headers={"X-Api-Key": KEY}).status_code == 200


def test_rules_in_the_request_count_only_where_the_settings_allow_it(
    desk: Desk, shelf: Shelf, visit: Visit
) -> None:
    params = {"url": f"{shelf.origin}/story", "siteconfig": "body: //aside"}
    for allowed in (False, True):
        client = visit(desk, settings=settings_for(desk, site_config=allowed))
        content = client.get("/extract.php", params=params, headers={"X-Api-Key": KEY}).json()["content"]
        assert (FURNITURE in content, LAST in content) == (allowed, not allowed)


def test_a_request_like_the_last_one_reaches_no_site(client: httpx.Client, shelf: Shelf) -> None:
    params = {"url": f"{shelf.origin}/feed.xml", "max": "2"}
    first = client.get("/makefulltextfeed.php", params=params)
    asked = len(shelf.asked)
    again = client.get(
        "/makefulltextfeed.php", params=params, headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert len(shelf.asked) == asked


def test_nothing_is_saved(client: httpx.Client, shared: Desk, shelf: Shelf) -> None:
    client.get("/makefulltextfeed.php", params={"url": f"{shelf.origin}/feed.xml"})
    client.get("/extract.php", params={"url": f"{shelf.origin}/story"})
    counts = shared.archive.library().counts()
    assert (counts.articles, counts.feeds) == (0, 0)
