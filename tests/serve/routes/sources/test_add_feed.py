"""Subscribing by the address of a site: its feeds, whole articles before anything is kept, clear refusals."""

import html
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.serve.app_routes import fingerprint
from tests.serve.conftest import Visit
from tests.serve.running_app import Desk, Shelf, in_thread, letting_in, serving, token_of

LAST = "the last words of the whole story"
STORY = "<html><head><title>%s</title></head><body><article><h1>%s</h1>{}</article></body></html>".format(
    "".join(
        f"<p>Part {number} of a story about the harbour, with words enough for an article of its own.</p>"
        for number in range(12)
    )
    + f"<p>And here are {LAST}.</p>"
)
PAGE = """<html><head><title>Harbours</title>
<link rel="alternate" type="application/rss+xml" title="All" href="/all.rss">
<link rel="alternate" type="application/rss+xml" title="Ships" href="/ships.rss"></head>
<body>Hi</body></html>"""


def rss(title: str, origin: str, stories: int) -> bytes:
    items = "".join(
        f"<item><guid>{n}</guid><title>{title} {n}</title><link>{origin}/story-{n}</link>"
        "<description>Three lines.</description></item>"
        for n in range(stories)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as shelf:
        shelf.answers = {
            "/": ("text/html", PAGE.encode()),
            "/bare": ("text/html", b"<html><body>Nothing.</body></html>"),
            "/all.rss": ("application/rss+xml", rss("All", shelf.origin, 5)),
            "/ships.rss": ("application/rss+xml", rss("Ships", shelf.origin, 2)),
        }
        for number in range(5):
            title = f"Story {number}"
            shelf.answers[f"/story-{number}"] = ("text/html", (STORY % (title, title)).encode())
        yield shelf


@pytest.fixture
def client(desk: Desk, visit: Visit, shelf: Shelf) -> httpx.Client:
    return visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))


def test_a_sites_feeds_are_shown_with_three_whole_articles_and_nothing_is_kept(
    desk: Desk, client: httpx.Client, shelf: Shelf
) -> None:
    before = fingerprint(desk)
    shown = client.get("/add", params={"url": shelf.origin, "folder": "Sea"}).text
    assert "Feeds of this site" in shown and ">All</a>" in shown and ">Ships</a>" in shown
    assert shown.count(LAST) == 3
    assert fingerprint(desk) == before
    asked = len(shelf.asked)
    href = next(part for part in shown.split('href="') if part.startswith("/add?") and "ships" in part)
    other = client.get(html.unescape(href.split("#")[0])).text
    assert other.count(LAST) == 2
    assert "/" not in shelf.asked[asked:]  # the site was not searched again
    assert fingerprint(desk) == before

    form = {"csrf": token_of(client, "/add"), "url": f"{shelf.origin}/ships.rss", "folder": "Sea"}
    assert client.post("/add", data=form).headers["location"] == "/feeds/1"
    assert desk.archive.library().subscriptions.get(1).folder == "Sea"
    assert "You read it" in client.get("/add", params={"url": shelf.origin}).text


def test_a_site_without_a_feed_and_one_that_is_away_are_refused_with_what_to_do(
    desk: Desk, client: httpx.Client, shelf: Shelf
) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        closed = door.getsockname()[1]
    for url, words in (
        (f"{shelf.origin}/bare", "Look on the site for a link named RSS"),
        (f"{shelf.origin}/none", "Open it in a browser"),
        (f"http://127.0.0.1:{closed}/", "Try again later"),
        ("ftp://example.org/", "Write it as your browser shows it"),
    ):
        answer = client.get("/add", params={"url": url})
        assert 400 <= answer.status_code < 600
        assert "could not be added" in answer.text and words in answer.text, url
        assert "`" not in answer.text.split("<main")[1].split("</main")[0]


def test_a_login_in_an_address_is_neither_sent_nor_shown_before_the_subscription(
    desk: Desk, client: httpx.Client, shelf: Shelf
) -> None:
    url = shelf.origin.replace("://", "://ada:hunter2@") + "/all.rss"
    shown = client.get("/add", params={"url": url}).text
    assert shelf.asked == []
    assert "hunter2" not in shown.split("<main")[1].split("</main")[0] and "With a login" in shown
    form = {"csrf": token_of(client, "/add"), "url": f"{shelf.origin}/all.rss"}
    client.post("/add", data=form | {"user": "ada", "password": "hunter2"})
    assert desk.archive.feeds.settings(1).password == "hunter2"


def test_another_sites_page_cannot_have_us_look(client: httpx.Client, shelf: Shelf) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client.get("/add", params={"url": shelf.origin}, headers=headers).status_code == 403
    assert shelf.asked == []
