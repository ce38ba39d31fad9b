"""The subscriptions of another reader, sent to ours as a file."""

from datetime import UTC, datetime

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import Desk, token_of
from unabridged.config import FeedSettings
from unabridged.feeds.opml import Subscription, write_opml
from unabridged.serve.context import MAX_UPLOAD


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def send(client: httpx.Client, content: bytes, name: str = "feeds.opml", **headers: str) -> httpx.Response:
    return client.post(
        "/sources.opml",
        data={"csrf": token_of(client)},
        files={"file": (name, content, "text/x-opml")},
        headers=headers,
    )


def a_list(count: int) -> bytes:
    return write_opml(
        [
            Subscription(url=f"https://site{one}.example/feed", title=f"Site {one}", folder=(f"F{one % 3}",))
            for one in range(count)
        ]
    )


def test_a_list_is_subscribed_with_its_folders_and_told_feed_by_feed(
    full: Desk, client: httpx.Client
) -> None:
    [known] = full.archive.library().subscriptions.all()
    outline = f'<outline xmlUrl="{known.feed.url}"/><outline xmlUrl="ftp://a.example/f"/></body>'
    content = a_list(4).replace(b"</body>", outline.encode())

    shown = send(client, content, "my <b>feeds</b>.opml")
    again = send(client, content)

    assert shown.status_code == 200
    assert "4 feeds added" in shown.text and "1 was here already" in shown.text
    assert "my &lt;b&gt;feeds&lt;/b&gt;.opml" in shown.text
    assert "Left out: 1" in shown.text and "ftp://a.example/f" in shown.text
    assert "0 feeds added" in again.text and "5 were here already" in again.text
    folders = {one.title: one.folder for one in full.archive.library().subscriptions.all()}
    assert folders["Site 1"] == "F1" and folders["Site 3"] == "F0"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>no list", "could not be imported"),
        (b"<opml><body/></opml>", "There is no feed in feeds.opml"),
    ],
)
def test_what_is_no_list_is_said_and_nothing_is_added(
    full: Desk, client: httpx.Client, content: bytes, said: str
) -> None:
    shown = send(client, content)
    assert shown.status_code == 422
    assert said in shown.text
    assert len(full.archive.library().subscriptions.all()) == 1


def test_a_form_without_a_file_and_one_that_is_too_large_are_answered(client: httpx.Client) -> None:
    empty = client.post("/sources.opml", data={"csrf": token_of(client)}, files={"file": ("", b"", "")})
    large = send(client, b"<opml>" + b" " * MAX_UPLOAD)
    assert [one.status_code for one in (empty, large)] == [422, 422]
    assert "Choose one first" in empty.text
    assert "larger than 10 MB" in large.text


def test_a_list_that_no_page_of_ours_sent_is_refused(full: Desk, client: httpx.Client) -> None:
    stranger = send(client, a_list(2), **{"Sec-Fetch-Site": "cross-site"})
    without = client.post("/sources.opml", files={"file": ("a.opml", a_list(2), "text/xml")})
    broken = client.post(
        "/sources.opml",
        content=b"--x\r\nrubbish",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    plain = client.post("/sources.opml", data={"csrf": token_of(client)})
    assert (stranger.status_code, without.status_code, plain.status_code) == (403, 403, 403)
    assert broken.status_code in (403, 422)
    assert len(full.archive.library().subscriptions.all()) == 1


def test_many_feeds_are_taken_at_once_while_others_are_answered(full: Desk, client: httpx.Client) -> None:
    shown = send(client, a_list(3000))
    assert "3,000 feeds added" in shown.text
    assert len(full.archive.library().subscriptions.all()) == 3001


SPELLED = (
    "https://ada:hunter2@news.example/feed",
    "ada:hunter2@news.example/feed",
    "ftp://ada:hunter2@x.example/",
)


@pytest.mark.parametrize("address", SPELLED)
def test_the_password_of_an_address_is_shown_by_no_page(client: httpx.Client, address: str) -> None:
    added = client.post("/add", data={"csrf": token_of(client), "url": address})
    outlines = f'<outline type="rss" xmlUrl="{address}"/>'
    listed = send(client, f'<opml version="2.0"><body>{outlines}</body></opml>'.encode())
    read = client.get("/feed", params={"url": address})
    for answer in (added, listed, read):
        assert answer.status_code < 500
        assert "ada:hunter2" not in answer.text
    assert "news.example" in added.text or "x.example" in added.text


def test_a_feed_that_moved_without_its_login_says_so_among_the_sources(
    full: Desk, client: httpx.Client
) -> None:
    own = FeedSettings(username="ada", password="hunter2", origin="https://old.example")
    [feed] = [one.feed for one in full.archive.library().subscriptions.all()]
    full.archive.feeds.set_settings(feed.id, own, now=datetime.now(UTC))
    shown = client.get("/sources").text
    assert "Its login belongs to https://old.example and is not sent to https://news.example" in shown
    assert f"unabridged set {feed.id} origin=https://news.example" in shown
    assert "hunter2" not in shown
