"""Beside the real Miniflux 2.2.6: the same feeds in both, the same calls on both, differences explained."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import psycopg
import pytest

from bench import miniflux
from bench.debian_package import Unavailable
from bench.postgresql import installed, running_server
from tests.serve.running_app import NOW, Desk, Shelf, in_thread, running, serving
from tests.serve.sync.conftest import sync_settings
from tests.serve.sync.miniflux.both import MISSING, Side, differences, read
from unabridged.archive.facade.archive import Archive

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>{title}</title><link>{site}/{title}</link>
<description>About {title}</description><language>en</language>
<item><title>First of {title}</title><link>{site}/{title}/1</link><guid>{title}1</guid>
<dc:creator>Ada Writer</dc:creator>
<category>Harbour</category><category>Weather</category><comments>{site}/comments</comments>
<pubDate>Mon, 02 Mar 2026 10:0{minute}:00 +0100</pubDate>
<description>&lt;p&gt;Words of the first story in {title}.&lt;/p&gt;</description>
<enclosure url="{site}/{title}.mp3" type="audio/mpeg" length="1234"/></item>
<item><title>Second of {title}</title><link>{site}/{title}/2</link><guid>{title}2</guid>
<pubDate>Tue, 03 Mar 2026 11:0{minute}:00 GMT</pubDate>
<description>&lt;p&gt;Words of the second story in {title}.&lt;/p&gt;</description></item>
</channel></rss>"""
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
OPML = (
    '<opml version="2.0"><body><outline text="Cat"><outline text="Three" title="Three" xmlUrl="{0}/three.xml"'
    ' htmlUrl="{0}/three" type="rss"/></outline></body></opml>'
)


KEY = "a key of this test"
"""Miniflux checks a password so slowly that the test would take twice as long with one."""


def publish(site: Shelf) -> None:
    """Put three feeds, a page that leads to one, and a whole story on a site.

    No two entries are of the same time: their order would be the database's.
    """
    for minute, title in enumerate(("One", "Two", "Three")):
        body = FEED.format(title=title, site=site.origin, minute=minute).encode()
        site.answers[f"/{title.lower()}.xml"] = ("application/rss+xml", body)
    link = f'<link rel="alternate" type="application/rss+xml" title="One" href="{site.origin}/one.xml">'
    site.answers["/site"] = ("text/html", f"<html><head>{link}</head><body>x</body></html>".encode())


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Side, Side, Shelf]]:
    """Miniflux, this program, and the site of the feeds; skips where Miniflux cannot be had."""
    binaries = installed()
    if binaries is None:
        pytest.skip("no PostgreSQL here, which Miniflux needs")
    home = tmp_path_factory.mktemp("ours")
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server(binaries))
            theirs = stack.enter_context(miniflux.running(server, [], iter(())))
        except Unavailable as exc:
            pytest.skip(f"Miniflux cannot be had: {exc}")
        theirs.client.cookies.clear()
        theirs.client.headers["X-Auth-Token"] = KEY
        with psycopg.connect(f"{server.address}/miniflux", autocommit=True) as database:
            database.execute(
                "INSERT INTO api_keys (user_id, token, description) VALUES (1, %s, 'test')", [KEY]
            )
        desk = Desk(archive=Archive(sync_settings(home).database), settings=sync_settings(home))
        stack.callback(desk.archive.close)
        secret = desk.archive.library().tokens.add("phone", now=NOW).secret
        address = stack.enter_context(running(desk, desk.settings))
        ours = stack.enter_context(httpx.Client(base_url=address, timeout=120))
        ours.headers["X-Auth-Token"] = secret
        site: Shelf = stack.enter_context(in_thread(serving(Shelf())))
        publish(site)
        yield Side(theirs.client), Side(ours), site


LEARN, COMPARE_TEXTS = ("", "numbers", None), ("", "texts", None)
"""Steps: both sides are asked for their numbers; both read the whole text of a page."""

STEPS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/v1/me", None),
    ("GET", "/v1/version", None),
    ("GET", "/v1/nothing", None),
    ("POST", "/v1/me", None),
    ("GET", "/healthcheck", None),
    ("GET", "/version", None),
    ("GET", "/v1/users", None),
    ("GET", "/v1/users/1", None),
    ("GET", "/v1/users/owner", None),
    ("GET", "/v1/users/77", None),
    ("GET", "/v1/users/nobody", None),
    ("DELETE", "/v1/users/77", None),
    ("DELETE", "/v1/users/1", None),
    ("PUT", "/v1/users/77/mark-all-as-read", None),
    ("GET", "/v1/feeds", None),
    ("GET", "/v1/entries", None),
    ("GET", "/v1/feeds/counters", None),
    ("GET", "/v1/categories", None),
    ("GET", "/v1/categories?counts=true", None),
    ("POST", "/v1/categories", {"title": "News"}),
    ("POST", "/v1/categories", {"title": "News"}),
    ("POST", "/v1/categories", {"title": "All"}),
    ("POST", "/v1/categories", {"title": ""}),
    ("POST", "/v1/categories", {}),
    LEARN,
    ("PUT", "/v1/categories/<news>", {"title": "World"}),
    ("PUT", "/v1/categories/<news>", {"title": "All"}),
    ("PUT", "/v1/categories/<news>", {"title": ""}),
    ("PUT", "/v1/categories/<news>", {}),
    ("PUT", "/v1/categories/99", {"title": "x"}),
    ("DELETE", "/v1/categories/99", None),
    ("GET", "/v1/categories/99/feeds", None),
    ("GET", "/v1/categories/99/entries", None),
    ("PUT", "/v1/categories/99/mark-all-as-read", None),
    ("POST", "/v1/discover", {"url": "<site>/site"}),
    ("POST", "/v1/discover", {"url": "<site>/gone"}),
    ("POST", "/v1/discover", {"url": ""}),
    ("POST", "/v1/discover", {}),
    ("POST", "/v1/feeds", {"feed_url": "<site>/one.xml"}),
    ("POST", "/v1/feeds", {"feed_url": "<site>/one.xml"}),
    ("POST", "/v1/feeds", {"feed_url": "<site>/two.xml", "category_id": "<news>"}),
    ("POST", "/v1/feeds", {"feed_url": "<site>/three.xml", "category_id": 99}),
    ("POST", "/v1/feeds", {"feed_url": ""}),
    ("POST", "/v1/feeds", {}),
    ("POST", "/v1/feeds", {"feed_url": "nope"}),
    ("POST", "/v1/feeds", {"feed_url": 5}),
    ("POST", "/v1/feeds", {"feed_url": "<site>/gone"}),
    LEARN,
    ("GET", "/v1/feeds", None),
    ("GET", "/v1/feeds/<one>", None),
    ("GET", "/v1/feeds/99", None),
    ("GET", "/v1/feeds/<one>/icon", None),
    ("GET", "/v1/icons/99", None),
    ("GET", "/v1/categories/<news>/feeds", None),
    ("GET", "/v1/categories?counts=true", None),
    ("PUT", "/v1/feeds/<one>", {"title": "Mine"}),
    ("PUT", "/v1/feeds/<one>", {"title": ""}),
    ("PUT", "/v1/feeds/<one>", {"category_id": 99}),
    ("PUT", "/v1/feeds/<one>", {"category_id": "<news>"}),
    ("PUT", "/v1/feeds/<one>", {"category_id": "<all>"}),
    ("PUT", "/v1/feeds/99", {}),
    ("PUT", "/v1/feeds/<one>", {"feed_url": ""}),
    ("PUT", "/v1/feeds/<one>", {"feed_url": "<site>/two.xml"}),
    ("PUT", "/v1/feeds/<one>", {"site_url": "x"}),
    ("PUT", "/v1/feeds/<one>", {"disabled": True}),
    ("PUT", "/v1/feeds/<one>", {"disabled": False, "nothing": 1}),
    ("PUT", "/v1/feeds/<one>/refresh", None),
    ("PUT", "/v1/feeds/99/refresh", None),
    ("PUT", "/v1/feeds/refresh", None),
    ("PUT", "/v1/categories/<news>/refresh", None),
    ("GET", "/v1/entries", None),
    ("GET", "/v1/entries?limit=1&offset=1", None),
    ("GET", "/v1/entries?status=unread&status=read&order=published_at&direction=desc&feed_id=<one>", None),
    ("GET", "/v1/entries?status=unread", None),
    ("GET", "/v1/entries?status=read", None),
    ("GET", "/v1/entries?status=removed", None),
    ("GET", "/v1/entries?status=bad", None),
    ("GET", "/v1/entries?order=bad", None),
    ("GET", "/v1/entries?direction=bad", None),
    ("GET", "/v1/entries?limit=-1", None),
    ("GET", "/v1/entries?limit=abc&offset=abc", None),
    ("GET", "/v1/entries?offset=99", None),
    ("GET", "/v1/entries?order=title", None),
    ("GET", "/v1/entries?order=author&direction=desc&feed_id=<one>", None),
    ("GET", "/v1/entries?order=category_title&search=second", None),
    ("GET", "/v1/entries?order=category_id&direction=desc&search=second", None),
    ("GET", "/v1/entries?starred=true", None),
    ("GET", "/v1/entries?starred=false", None),
    ("GET", "/v1/entries?search=second", None),
    ("GET", "/v1/entries?search=%22", None),
    ("GET", "/v1/entries?category_id=<news>", None),
    ("GET", "/v1/entries?category_id=<all>", None),
    ("GET", "/v1/entries?category_id=99", None),
    ("GET", "/v1/entries?feed_id=<two>", None),
    ("GET", "/v1/entries?feed_id=99", None),
    ("GET", "/v1/entries?feed_id=<one>&category_id=<news>", None),
    ("GET", "/v1/entries?after_entry_id=99999", None),
    ("GET", "/v1/entries?before_entry_id=1", None),
    ("GET", "/v1/entries?published_after=1772500000", None),
    ("GET", "/v1/entries?published_before=1772500000", None),
    ("GET", "/v1/entries?after=1772500000", None),
    ("GET", "/v1/entries?before=1772500000", None),
    ("GET", "/v1/entries?before=abc", None),
    ("GET", "/v1/entries?changed_after=1", None),
    ("GET", "/v1/entries?changed_before=1", None),
    ("GET", "/v1/entries?globally_visible=true", None),
    ("GET", "/v1/entries/<first-of-one>", None),
    ("GET", "/v1/entries/99", None),
    ("GET", "/v1/feeds/<one>/entries", None),
    ("GET", "/v1/feeds/99/entries", None),
    ("GET", "/v1/feeds/<one>/entries/<first-of-one>", None),
    ("GET", "/v1/feeds/<two>/entries/<first-of-one>", None),
    ("GET", "/v1/categories/<news>/entries", None),
    ("GET", "/v1/categories/<news>/entries/<first-of-two>", None),
    ("GET", "/v1/categories/<news>/entries/<first-of-one>", None),
    ("PUT", "/v1/entries", {"entry_ids": ["<first-of-one>"], "status": "read"}),
    ("PUT", "/v1/entries", {"entry_ids": [], "status": "read"}),
    ("PUT", "/v1/entries", {"status": "read"}),
    ("PUT", "/v1/entries", {"entry_ids": ["<first-of-one>"]}),
    ("PUT", "/v1/entries", {"entry_ids": ["<first-of-one>"], "status": "bad"}),
    ("PUT", "/v1/entries", {"entry_ids": ["x"], "status": "read"}),
    ("PUT", "/v1/entries", {"entry_ids": [99], "status": "read"}),
    ("PUT", "/v1/entries", ""),
    ("PUT", "/v1/entries/<first-of-two>/bookmark", None),
    ("PUT", "/v1/entries/99/bookmark", None),
    ("GET", "/v1/entries?starred=true", None),
    ("PUT", "/v1/entries/<first-of-two>/bookmark", None),
    ("GET", "/v1/entries?starred=true", None),
    ("GET", "/v1/entries?order=status&feed_id=<one>&direction=desc", None),
    ("POST", "/v1/entries/<first-of-one>/save", None),
    ("GET", "/v1/integrations/status", None),
    ("PUT", "/v1/entries/<first-of-one>", {"title": ""}),
    ("PUT", "/v1/entries/<first-of-one>", {"content": ""}),
    ("PUT", "/v1/entries/99", {"title": "x"}),
    ("PUT", "/v1/entries/<first-of-one>", {}),
    ("PUT", "/v1/entries/<second-of-one>", {"title": "Another one"}),
    ("GET", "/v1/entries/99/fetch-content", None),
    ("GET", "/v1/feeds/counters", None),
    ("PUT", "/v1/feeds/99/mark-all-as-read", None),
    ("PUT", "/v1/feeds/<one>/mark-all-as-read", None),
    ("GET", "/v1/entries?status=unread", None),
    ("PUT", "/v1/categories/<news>/mark-all-as-read", None),
    ("GET", "/v1/entries?status=unread", None),
    ("PUT", "/v1/entries", {"entry_ids": ["<first-of-one>", "<first-of-two>"], "status": "unread"}),
    ("PUT", "/v1/users/1/mark-all-as-read", None),
    ("GET", "/v1/entries?status=unread", None),
    ("GET", "/v1/enclosures/<first-of-one-file0>", None),
    ("PUT", "/v1/enclosures/<first-of-one-file0>", {"media_progression": 42}),
    ("PUT", "/v1/enclosures/<first-of-one-file0>", {"media_progression": -1}),
    ("GET", "/v1/enclosures/<first-of-one-file0>", None),
    ("GET", "/v1/enclosures/99", None),
    ("PUT", "/v1/enclosures/99", {"media_progression": 42}),
    ("GET", "/v1/entries?feed_id=<one>&limit=1", None),
    ("PUT", "/v1/entries/<first-of-two>/bookmark", None),
    COMPARE_TEXTS,
    ("PUT", "/v1/flush-history", None),
    ("GET", "/v1/entries?starred=true", None),
    ("POST", "/v1/import", OPML.format("<site>")),
    ("POST", "/v1/import", "x"),
    ("POST", "/v1/import", '<opml version="2.0"><body></body></opml>'),
    ("GET", "/v1/categories", None),
    ("DELETE", "/v1/feeds/99", None),
    ("DELETE", "/v1/feeds/<one>", None),
    ("DELETE", "/v1/categories/<news>", None),
    ("GET", "/v1/categories", None),
)


NEWER = frozenset(
    {
        *("always_open_external_links", "open_external_links_in_new_tab", "external_icon_id", "language"),
        *("block_filter_entry_rules", "keep_filter_entry_rules", "ntfy_topic", "proxy_url"),
        *("ignore_entry_updates", "pushover_enabled", "pushover_priority"),
    }
)
"""Keys that 2.2.6 has not yet, and later versions have."""

EXPLAINED = {
    "entries_per_page": "this test's Miniflux is set to 50",
    "build_date": "of another program",
    "commit": "of another program",
    "go_version": "of another program",
    "compiler": "of another program",
    "description": "2.2.6 does not read it for its API; later versions do",
    "crawler": "here the pages of a feed's articles are read unless somebody switches that off",
    "hash": "of the address here, of address or id there; 64 digits in both",
    "comments_url": "not kept with an article here",
    "ntfy_priority": "2.2.6 sends its default with feeds, and 0 with the feeds of entries",
    "tags": "null there, [] here, for an entry without tags",
    "PUT /v1/entries: 500, here 404": "no entry of those named is the caller's",
    "PUT /v1/entries/99/bookmark: 500, here 404": "there is no such entry",
    "PUT /v1/entries/<second-of-one>: 201, here 400": "articles stay as they were published",
    "POST /v1/import: 500, here 400": "the document is at fault, not the server",
    "POST /v1/feeds: error_message": "in words of this program",
    "POST /v1/discover: error_message": "in words of this program",
    "PUT /v1/entries: error_message": "in words of this program; a status there may be removed, too",
}
"""Every difference, by key, or by call and key or statuses -> its reason."""


def test_every_difference_from_miniflux_is_explained(sides: tuple[Side, Side, Shelf]) -> None:
    theirs, ours, site = sides
    found: dict[str, object] = {}
    for step in STEPS:
        if step == LEARN:
            theirs.learn()
            ours.learn()
            continue
        if step == COMPARE_TEXTS:
            _compare_whole_texts(theirs, ours, site)
            continue
        method, path, body = step
        first, second = (
            side.send(method, *(_at(site, one) for one in (path, body))) for side in (theirs, ours)
        )
        call = f"{method} {path.partition('?')[0]}"
        if first.status_code != second.status_code:
            found[f"{call}: {first.status_code}, here {second.status_code}"] = (step, second.text[:300])
            continue
        for one in differences(read(first), read(second)):
            key = one.place.rpartition(".")[2]
            if one.theirs == MISSING and key in NEWER:
                continue
            name = f"{call}: {key}" if key == "error_message" else key
            found[name] = (step, one)
    assert {name: what for name, what in found.items() if name not in EXPLAINED} == {}
    assert set(EXPLAINED) - set(found) == set(), "no difference any more"


def _compare_whole_texts(theirs: Side, ours: Side, site: Shelf) -> None:
    """Both read the whole text of a page that came after the feed."""
    story = [f"Paragraph {n} of the whole story, with enough words to be one of its own." for n in range(8)]
    body = "".join(f"<p>{one}</p>" for one in story)
    site.answers["/Two/2"] = ("text/html", PAGE.format("Second of Two", body).encode())
    for side in (theirs, ours):
        answer = side.send("GET", "/v1/entries/<second-of-two>/fetch-content")
        assert answer.status_code == 200, answer.text
        assert all(one in answer.json()["content"] for one in story)
    kept = ours.send("GET", "/v1/entries/<second-of-two>").json()["content"]
    assert kept == answer.json()["content"]


def _at(site: Shelf, part: Any) -> Any:
    """Put the address of the site into a path or body."""
    if isinstance(part, str):
        return part.replace("<site>", site.origin)
    if isinstance(part, dict):
        return {name: _at(site, value) for name, value in part.items()}
    return part
