"""Subscriptions that apps change: quickadd, subscribe, edit, unsubscribe, OPML."""

from collections.abc import Iterator

import pytest

from tests.serve.running_app import NOW, Shelf, in_thread, serving
from tests.serve.sync.conftest import API, App
from unabridged.feeds.opml import read_opml

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Added</title><link>https://a.example/</link>
<description>d</description><item><title>First of all</title><guid>1</guid>
<description>&lt;p&gt;Words of the first.&lt;/p&gt;</description></item></channel></rss>"""
PAGE = (
    b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>x</body></html>'
)
OPML = """<opml version="2.0"><body><outline text="Wörld"><outline type="rss" text="A" xmlUrl="https://a.example/f"/>
</outline><outline type="rss" text="B" xmlUrl="https://b.example/f"/></body></opml>"""


@pytest.fixture
def site() -> Iterator[Shelf]:
    """A site with a feed, and a page that names it."""
    answers = {
        "/feed": ("application/rss+xml", FEED),
        "/": ("text/html", PAGE),
        "/none": ("text/html", b"<p>x"),
    }
    with in_thread(serving(Shelf(answers=answers))) as found:
        yield found


def held(app: App) -> dict[str, tuple[str, str | None]]:
    return {one.feed.url: (one.title, one.folder) for one in app.desk.archive.library().subscriptions.all()}


def test_quickadd_finds_the_feed_of_a_page_and_its_items(app: App, site: Shelf) -> None:
    answer = app.post("subscription/quickadd", quickadd=f"{site.origin}/").json()
    feed = f"{site.origin}/feed"
    assert answer == {"numResults": 1, "query": feed, "streamId": "feed/3", "streamName": "Added"}
    assert feed in held(app)
    [item] = app.items("feed/3")
    assert (item["title"], item["content"]["content"]) == ("First of all", "<p>Words of the first.</p>")
    again = app.post("subscription/quickadd", quickadd=f"feed/{feed}").json()
    assert (again["numResults"], again["streamId"]) == (1, "feed/3")


def test_quickadd_says_why_there_is_no_feed(app: App, site: Shelf) -> None:
    site.answers.pop("/feed")
    for given in (f"{site.origin}/none", f"{site.origin}/missing", "", "junk:", "http://10.0.0.1/feed"):
        answer = app.post("subscription/quickadd", quickadd=given)
        assert answer.status_code == 200, given
        assert answer.json()["numResults"] == 0, given
        assert answer.json()["error"], given
    assert len(held(app)) == 2


def test_an_app_subscribes_with_title_and_folder(app: App, site: Shelf) -> None:
    form = {"ac": "subscribe", "s": f"feed/{site.origin}/feed", "t": "Mine", "a": "user/-/label/New / two"}
    assert app.post("subscription/edit", **form).text == "OK"
    assert held(app)[f"{site.origin}/feed"] == ("Mine", "New / two")
    assert app.post("subscription/edit", ac="subscribe", s="feed/http://10.0.0.1/x").status_code == 403
    site.answers.pop("/feed")
    assert app.post("subscription/edit", ac="subscribe", s=f"feed/{site.origin}/none").status_code == 400


def test_subscribing_by_number_edits_a_feed_and_adds_none_of_others(app: App) -> None:
    form = {"ac": "subscribe", "t": "Mine", "a": "user/-/label/New"}
    assert app.post("subscription/edit", s="feed/2", **form).text == "OK"
    assert held(app)["https://news.example/1.xml"] == ("Mine", "New")
    bo = app.desk.archive.accounts.add("bo", now=NOW)
    other = app.desk.archive.library(bo.id).subscriptions.add("https://b.example/f", now=NOW)
    assert app.post("subscription/edit", s=f"feed/{other.feed.id}", **form).status_code == 404
    assert app.post("subscription/edit", s="feed/999", **form).status_code in (400, 404)
    assert len(held(app)) == 2


def test_an_app_renames_moves_and_unsubscribes(app: App) -> None:
    first, second = "https://news.example/0.xml", "https://news.example/1.xml"
    assert app.post("subscription/edit", ac="edit", s="feed/1", t="Mine").text == "OK"
    assert held(app)[first] == ("Mine", "Reading")
    move = {"a": "user/-/label/World", "r": "user/-/label/Reading"}
    assert app.post("subscription/edit", ac="edit", s=["feed/1", f"feed/{second}"], **move).text == "OK"
    assert (held(app)[first], held(app)[second]) == (("Mine", "World"), ("Other News", "World"))
    app.post("subscription/edit", ac="edit", s="feed/1", r="user/-/label/Reading")
    assert held(app)[first] == ("Mine", "World")
    app.post("subscription/edit", s="feed/1", r="user/-/label/World")
    assert held(app)[first] == ("Mine", None)
    assert app.post("subscription/edit", ac="unsubscribe", s=["feed/1", "feed/2"]).text == "OK"
    assert held(app) == {}


def test_an_unknown_feed_or_action_is_refused(app: App) -> None:
    for form, status in (
        ({"ac": "unsubscribe", "s": "feed/77"}, 404),
        ({"ac": "edit", "s": "feed/https://no.example/", "t": "x"}, 400),
        ({"ac": "edit", "s": "user/-/label/Reading", "t": "x"}, 400),
        ({"ac": "explode", "s": "feed/1"}, 400),
        ({"ac": "edit"}, 400),
    ):
        assert app.post("subscription/edit", **form).status_code == status, form
    assert len(held(app)) == 2


def test_lists_of_feeds_go_out_and_come_in(app: App) -> None:
    listed = read_opml(app.get("subscription/export").content)
    assert [(one.url, one.folder) for one in listed.feeds] == [
        ("https://news.example/1.xml", ()),
        ("https://news.example/0.xml", ("Reading",)),
    ]
    sent = app.client.post(f"{API}/subscription/import", content=OPML.encode(), headers=app.headers)
    assert sent.text == "OK"
    assert held(app)["https://a.example/f"] == ("A", "Wörld")
    assert held(app)["https://b.example/f"] == ("B", None)
    for wrong in (b"", b"junk", b"<opml><body/></opml>"):
        answer = app.client.post(f"{API}/subscription/import", content=wrong, headers=app.headers)
        assert answer.status_code == 400
