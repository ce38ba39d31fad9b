"""Requests that another site's page makes a browser send: only a person's own navigation is answered."""

import re
from collections.abc import Callable, Iterator
from itertools import product

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright
from starlette.routing import Mount

from tests.serve.app_routes import POSTS, fingerprint, walk
from tests.serve.conftest import Visit
from tests.serve.routes.test_any_feed import feed_of
from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    HTML,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    serving,
)
from unabridged.serve.access import ROUTE_ACCESS, RouteKind, feed_format, kind_of
from unabridged.serve.app import create_app

PERSON = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-User": "?1",
}
EMBEDDED = {
    "iframe": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    "frame": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "frame", "Sec-Fetch-User": "?1"},
    "object": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"},
    "embed": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "embed"},
    "img": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    "script": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    "style": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style"},
    "fetch": {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    "no-cors": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
    "video": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"},
    "module": {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "script"},
    "no destination": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"},
    "nothing else": {},
    "prefetch": {
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-User": "?1",
        "Sec-Purpose": "prefetch;prerender",
    },
    "unknown words": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "fencedframe", "Sec-Fetch-User": "?1"},
}
FOREIGN: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://[::1"},
    {"Referer": "https://evil.example/page"},
    {"Referer": "http://127.0.0.1.evil.example/"},
    {"Referer": "about:client"},
    {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", "Referer": "http://localhost:1/"},
)
COSTLY = (
    "/a/3/v/1/proof.zip",
    "/a/3/v/1/raw",
    "/highlights.md",
    "/a/3/v/1/page",
    "/search?q=story",
    "/search.rss?q=story",
    "/a/3/diff/0..2",
    "/sources.opml",
    "/feeds/1.rss?raw",
    "/feeds/all.json?raw",
)
ARCHIVE = ("/", "/sources", "/feeds/1", "/a/3", "/a/3/versions", "/a/3/v/0", "/muted", "/metrics")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as running:
        running.answers = {"/daily": ("application/rss+xml", feed_of(running.origin))}
        yield running


@pytest.fixture
def client(full: Desk, shelf: Shelf, visit: Visit) -> httpx.Client:
    return visit(full, settings=letting_in(full.settings, "127.0.0.1"))


def test_every_route_is_classed_and_every_class_has_its_route(full: Desk) -> None:
    app = create_app(full.archive, settings=full.settings)
    routes = {(method, route.path) for route in walk(app.routes) for method in route.methods or ()}
    routes |= {("GET", route.path + "/{path:path}") for route in app.routes if isinstance(route, Mount)}
    assert {(one.method, one.path) for one in ROUTE_ACCESS} == routes


def test_an_address_that_ends_as_a_feed_of_another_site_is_no_feed_of_ours() -> None:
    ours = ("/feeds/1.rss", "/folders/a.json", "/search.atom", "/changes/all.rss", "/sources/x.html")
    assert [feed_format("GET", path) for path in ours] == ["rss", "json", "atom", "rss", "html"]
    theirs = "https://x.example/feed.rss"
    for path in (f"/read/{theirs}", f"/web/{theirs}", f"/web/2026/{theirs}", "/media.rss", "/nowhere.rss"):
        assert feed_format("GET", path) is None


def test_what_changes_is_classed_as_such_and_nothing_that_is_asked_for_is() -> None:
    posts = {one.path: one.kind for one in ROUTE_ACCESS if one.method == "POST"}
    keyed = [path for path, kind in posts.items() if kind is RouteKind.KEYED]
    assert keyed == ["/", "/extract.php", "/parser", "/parse-html"], "they fetch, and change nothing"
    assert set(posts.values()) - {RouteKind.KEYED} == {
        *(RouteKind.WRITE, RouteKind.PUBLIC, RouteKind.ENTRY, RouteKind.SYNC, RouteKind.HUB)
    }
    assert [path for path, kind in posts.items() if kind is RouteKind.ENTRY] == [
        "/login",
        "/login/passkey/options",
        "/login/passkey",
        "/login/provider",
        "/invitation/{secret}",
        "/invitation/{secret}/passkey/options",
        "/invitation/{secret}/passkey",
        "/invitation/{secret}/provider",
    ]
    assert [path for path, kind in posts.items() if kind is RouteKind.PUBLIC] == ["/hub/{token}"]
    assert RouteKind.WRITE not in {one.kind for one in ROUTE_ACCESS if one.method == "GET"}


def test_an_address_without_a_class_is_kept_from_other_sites_most_strictly() -> None:
    assert kind_of("GET", "/new/page") is RouteKind.FETCH
    assert kind_of("GET", "/feed/") is RouteKind.FETCH
    assert kind_of("PUT", "/feeds/1") is RouteKind.WRITE
    assert kind_of("GET", "/sources.opml") is RouteKind.EXPENSIVE
    assert kind_of("GET", "/sources/the-news") is RouteKind.READ
    assert kind_of("GET", "/sources/the-news.rss") is RouteKind.EXPENSIVE


@pytest.mark.parametrize("site", ["cross-site", "same-site", "CROSS-SITE", "other"])
def test_a_page_elsewhere_gets_nothing_fetched_computed_or_read(
    client: httpx.Client, shelf: Shelf, site: str
) -> None:
    media = shelf.origin + "/a.png"
    paths = (
        f"/feed?url={shelf.origin}/daily",
        f"/media?u={media}&s=0",
        f"/stream?u={media}&s=0",
        *COSTLY,
        *ARCHIVE,
    )
    for way, path in product(EMBEDDED, paths):
        answer = client.get(path, headers={"Sec-Fetch-Site": site} | EMBEDDED[way])
        assert answer.status_code == 403, (way, path)
        assert "Story" not in answer.text and "四十" not in answer.text
    assert shelf.asked == []


def test_without_the_browsers_word_another_sites_origin_or_referrer_is_enough_to_refuse(
    client: httpx.Client, shelf: Shelf
) -> None:
    for headers, path in product(FOREIGN, (f"/feed?url={shelf.origin}/daily", *COSTLY)):
        assert client.get(path, headers=headers).status_code == 403, (headers, path)
    assert shelf.asked == []


def test_what_a_person_opens_from_another_site_is_answered(client: httpx.Client, shelf: Shelf) -> None:
    for path in (f"/feed?url={shelf.origin}/daily&format=rss", *COSTLY, *ARCHIVE):
        assert client.get(path, headers=PERSON).status_code == 200, path
    assert "/daily" in shelf.asked


def test_a_page_that_sends_the_browser_here_by_itself_gets_nothing_done_for_it(
    client: httpx.Client, shelf: Shelf
) -> None:
    sent = {name: value for name, value in PERSON.items() if name != "Sec-Fetch-User"}
    for path in (f"/feed?url={shelf.origin}/daily", *COSTLY):
        answer = client.get(path, headers=sent)
        assert answer.status_code == 403
        assert re.search(r'<a [^>]*href="/', answer.text), "a person can still open it"
    assert shelf.asked == []
    assert client.get("/a/3", headers=sent).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_and_what_a_person_types_are_answered(
    client: httpx.Client, shelf: Shelf, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path in (f"/feed?url={shelf.origin}/daily&format=rss", *COSTLY, *ARCHIVE):
        assert client.get(path, headers=headers).status_code == 200, path


def test_a_reader_app_needs_none_of_these_headers(client: httpx.Client, shelf: Shelf) -> None:
    own = str(client.base_url).rstrip("/")
    for headers in ({}, {"Referer": own + "/"}, {"Origin": own}, {"User-Agent": "NetNewsWire"}):
        for path in (f"/feed?url={shelf.origin}/daily&format=rss", "/feeds/1.rss", "/search.atom?q=story"):
            assert client.get(path, headers={"Accept": "*/*"} | headers).status_code == 200


def test_a_page_elsewhere_changes_nothing_by_any_header(full: Desk, client: httpx.Client) -> None:
    before = fingerprint(full)
    for path in POSTS:
        if kind_of("POST", path) is RouteKind.SYNC:
            continue
        for headers in (
            PERSON,
            {"Referer": "https://evil.example/"},
            *({"Sec-Fetch-Site": "cross-site"} | one for one in EMBEDDED.values()),
        ):
            answer = client.post(path, data={"csrf": "x", "value": "1"}, headers=headers)
            assert (answer.status_code, "another site" in answer.text) == (403, True), path
    assert fingerprint(full) == before


def test_of_a_page_elsewhere_only_scripts_reach_the_apis_of_apps(full: Desk, client: httpx.Client) -> None:
    """What they send counts by its token: tests/serve/sync/test_paths.py."""
    before = fingerprint(full)
    for path in [path for path in POSTS if kind_of("POST", path) is RouteKind.SYNC]:
        for headers in (PERSON, *({"Sec-Fetch-Site": "cross-site"} | one for one in EMBEDDED.values())):
            if headers.get("Sec-Fetch-Mode") != "cors":
                answer = client.post(path, data={"Email": "owner", "Passwd": "x"}, headers=headers)
                assert (answer.status_code, "another site" in answer.text) == (403, True), path
    assert fingerprint(full) == before


def test_a_hub_is_asked_for_no_header_of_browsers(client: httpx.Client) -> None:
    for headers in ({}, {"Origin": "https://hub.example"}, {"Referer": "https://hub.example/"}):
        assert client.post("/hub/unknown", content=b"x", headers=headers).status_code == 410


def test_no_answer_can_be_embedded_by_another_site(web: httpx.Client) -> None:
    for path in ("/", "/feeds/1.rss?raw", "/static/reader.css", "/healthz"):
        assert (
            web.get(path, headers={"Accept": HTML}).headers["cross-origin-resource-policy"] == "same-origin"
        )


HOSTILE = """<!doctype html><title>elsewhere</title>
<iframe src="{target}&way=iframe"></iframe>
<object data="{target}&way=object"></object>
<embed src="{target}&way=embed">
<img src="{target}&way=img"><video src="{target}&way=video"></video>
<script src="{target}&way=script"></script><link rel="stylesheet" href="{target}&way=style">
<link rel="prefetch" href="{target}&way=prefetch">
<iframe name="inner"></iframe>
<form id="f" method="get" action="{reader}{door}" target="inner">
<input name="url" value="{feed}"><input name="way" value="form"></form>
<form id="p" method="post" action="{reader}/add" target="inner"><input name="url" value="{feed}"></form>
<script>
document.getElementById("f").submit();
setTimeout(() => document.getElementById("p").submit(), 2000);
fetch("{target}&way=fetch", {{mode: "no-cors"}}).catch(() => 0);
fetch("{target}&way=cors").catch(() => 0);
new Worker(URL.createObjectURL(new Blob(['importScripts("{target}&way=worker")'])));
navigator.sendBeacon("{reader}/add", "url={feed}");
setTimeout(() => {{ location.href = "{target}&way=location"; }}, 4000);
</script>"""
BLOCKED = 0
"""Status of an answer that the browser did not let its page have; the reader was asked all the same."""
WAYS = {"iframe", "object", "embed", "img", "script", "style", "form", "fetch", "cors", "worker", "location"}


@pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium)"
)
@pytest.mark.parametrize("door", ["/feed", "/extract.php"])
def test_in_a_browser_a_page_elsewhere_makes_the_reader_fetch_nothing(
    full: Desk, client: httpx.Client, shelf: Shelf, door: str
) -> None:
    reader = str(client.base_url).rstrip("/")
    feed = shelf.origin + "/daily"
    page_text = HOSTILE.format(target=f"{reader}{door}?url={feed}", reader=reader, door=door, feed=feed)
    shelf.answers["/evil"] = ("text/html", page_text.encode())
    answered: dict[str, int] = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        page = browser.new_page()
        page.on("response", lambda answer: _note(answer.url, answer.status, reader, answered))
        page.on("requestfailed", lambda asked: _note(asked.url, BLOCKED, reader, answered))
        page.goto(shelf.origin.replace("127.0.0.1", "localhost") + "/evil")
        _wait(page, lambda: set(answered) >= WAYS | {"/add"})
        browser.close()
    assert answered.keys() >= WAYS | {"/add"}
    assert set(answered.values()) <= {403, BLOCKED}, answered
    assert {answered[way] for way in ("iframe", "form", "location", "/add")} == {403}
    assert set(shelf.asked) <= {"/evil", "/favicon.ico"}
    assert len(full.archive.library().subscriptions.all()) == 1


def _note(address: str, status: int, reader: str, answered: dict[str, int]) -> None:
    url = httpx.URL(address)
    if address.startswith((reader + "/feed?", reader + "/extract.php?", reader + "/add")):
        way = url.params.get("way", url.path)
        answered[way] = max(status, answered.get(way, BLOCKED))


def _wait(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(100)
