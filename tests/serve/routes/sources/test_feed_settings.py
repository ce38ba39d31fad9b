"""Settings of a feed in the reader: saved, used, and never shown again where they are secret."""

from dataclasses import replace

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import (
    HTML,
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    serving,
    token_of,
)
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import OWNER
from unabridged.serve.authentication import PLAIN_COOKIE

ITEM = b"<item><guid>1</guid><title>One</title></item>"
FEED = b"<rss version='2.0'><channel><title>Club</title>%b</channel></rss>" % ITEM
PAGE = "/feeds/1/settings"
ADDRESS = "https://news.example/0.xml"


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client, PAGE), **form}, follow_redirects=True)


def test_title_and_folder_are_a_persons_own(full: Desk, client: httpx.Client) -> None:
    shown = post(client, "/feeds/1/settings", title="Mine <b>", folder="Other").text
    assert "The settings are saved." in shown and "Mine &lt;b&gt;" in shown
    found = full.archive.library().subscriptions.get(1)
    assert (found.title, found.folder, found.feed.title) == ("Mine <b>", "Other", "The News")
    post(client, "/feeds/1/settings", title="", folder="")
    found = full.archive.library().subscriptions.get(1)
    assert (found.title, found.folder) == ("The News", None)


def test_what_is_secret_is_kept_used_and_never_shown(full: Desk, client: httpx.Client) -> None:
    login = {
        "user": "ada",
        "password": "s3cret",
        "header_name": "X-Key",
        "header_value": "k3y",
        "cookie": "c00kie=1",
    }
    shown = post(client, "/feeds/1/requests", url=ADDRESS, user_agent="Mine/1", **login).text
    shown += client.get(PAGE).text
    for secret in ("s3cret", "k3y", "c00kie"):
        assert secret not in shown
    for part in (
        "ada",
        "Mine/1",
        "Delete the stored header X-Key",
        "Cookie for news.example",
        "https://news.example only",
    ):
        assert part in shown
    settings = full.archive.feeds.settings(1)
    assert (settings.username, settings.password, settings.headers) == ("ada", "s3cret", (("X-Key", "k3y"),))
    assert full.archive.feeds.site_cookies() == {"news.example": "c00kie=1"}

    post(client, "/feeds/1/requests", url=ADDRESS, user_agent="", user="ada", password="")
    assert full.archive.feeds.settings(1) == replace(settings, user_agent=None)
    post(client, "/feeds/1/requests", forget_login="1", forget_cookie="1", **{"forget_header_X-Key": "1"})
    assert not full.archive.feeds.settings(1).has_secrets
    assert full.archive.feeds.site_cookies() == {}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"url": "http://169.254.169.254/x"}, "169.254.169.254"),
        ({"header_name": "Host", "header_value": "x"}, "set by the program itself"),
        ({"proxy": "socks5://a:1"}, "socks5"),
        ({"url": "nonsense:"}, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    full: Desk, client: httpx.Client, form: dict[str, str], words: str
) -> None:
    answer = post(client, "/feeds/1/requests", **form)
    assert answer.status_code == 422
    assert "This was not saved." in answer.text and words in answer.text
    assert full.archive.library().subscriptions.feed(1).url == ADDRESS


def test_a_folder_keeps_its_articles_as_long_as_is_said(full: Desk, client: httpx.Client) -> None:
    assert (
        '<option value="2592000" selected>30 days'
        in post(client, "/feeds/1/retention", retain="2592000").text
    )
    assert [one.retain for one in full.archive.library().subscriptions.folders()] == [2592000]
    assert post(client, "/feeds/1/retention", retain="-1").status_code == 422
    post(client, "/feeds/1/retention", retain="")
    assert [one.retain for one in full.archive.library().subscriptions.folders()] == [None]


def test_a_feed_is_read_at_once_and_the_result_said(desk: Desk, visit: Visit) -> None:
    with in_thread(serving(Shelf(answers={"/rss": ("application/rss+xml", FEED)}))) as shelf:
        feed = desk.archive.library().subscriptions.add(f"{shelf.origin}/rss", now=NOW).feed
        other = desk.archive.library().subscriptions.add(f"{shelf.origin}/gone", now=NOW).feed
        client = visit(desk, settings=letting_in(desk.settings, "127.0.0.1"), clock=lambda: NOW)
        csrf = {"csrf": token_of(client)}
        assert "1 new article." in client.post(f"/feeds/{feed.id}/poll", data=csrf).text
        again = client.post(f"/feeds/{feed.id}/poll", data=csrf).text
        assert "less than a minute ago" in again
        assert shelf.asked.count("/rss") == 1
        said = client.post(f"/feeds/{other.id}/poll", data=csrf).text
        assert "The feed could not be read." in said and "`" not in said.split("<main")[1]


def test_a_reader_sees_no_request_settings_and_cannot_change_them(full: Desk, visit: Visit) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    bo = full.archive.accounts.add("Bo", now=NOW)
    full.archive.library(bo.id).subscriptions.add(ADDRESS, now=NOW)
    made = full.archive.accounts.open_session(bo.id, Device(), now=NOW)
    client = visit(full, settings=settings)
    client.headers.update({"Accept": HTML, "Cookie": f"{PLAIN_COOKIE}={made.secret}"})
    shown = client.get(PAGE).text
    assert "User agent" not in shown and "are kept" not in shown
    assert "Remove the feed" in shown
    for path in ("requests", "retention"):
        assert post(client, f"/feeds/1/{path}", user="x", retain="1").status_code == 403
    assert full.archive.feeds.settings(1).username is None
    post(client, "/feeds/1/settings", title="Bo’s")
    assert full.archive.library(OWNER).subscriptions.get(1).title == "The News"
    assert full.archive.library(bo.id).subscriptions.get(1).title == "Bo’s"
    full.archive.library(bo.id).subscriptions.remove(1)
    assert client.get(PAGE).status_code == 404


def test_interval_and_full_text_are_set_for_everybody(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library().subscriptions
    page = client.get(PAGE).text
    assert '<option value="learned" selected>As learned from its habit: about every hour' in page
    assert 'name="full_text" value="1" checked' in page
    shown = post(client, "/feeds/1/reading", interval="1800").text
    assert '<option value="1800" selected>Every 30 minutes' in shown
    assert 'name="full_text" value="1">' in shown
    assert (mine.feed(1).interval, mine.feed(1).full_text) == (1800, False)
    post(client, "/feeds/1/reading", interval="paused", full_text="1")
    assert (mine.feed(1).status, mine.feed(1).full_text) == ("paused", True)
    assert '<option value="paused" selected>' in client.get(PAGE).text
    post(client, "/feeds/1/reading", interval="learned", full_text="1")
    assert (mine.feed(1).status, mine.feed(1).interval) == ("active", None)


@pytest.mark.parametrize("interval", ["60", "999999", "soon"])
def test_an_interval_that_is_not_offered_is_refused(full: Desk, client: httpx.Client, interval: str) -> None:
    assert post(client, "/feeds/1/reading", interval=interval).status_code == 422
    assert full.archive.library().subscriptions.feed(1).interval is None
