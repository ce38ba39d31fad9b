"""What a person sees: lists, an article, its versions, what is wrong, and what to do."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.serve.running_app import NOW, Desk, make_article, token_of
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import PollOutcome
from unabridged.feeds.opml import read_opml
from unabridged.model import Clock


def test_an_empty_archive_teaches_how_to_begin(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    html = visit(desk).get("/").text
    assert 'action="/add"' in html
    assert "unabridged add" in html


def test_the_list_is_newest_first_with_its_source_and_its_language(web: httpx.Client) -> None:
    html = web.get("/").text
    order = [html.index(title) for title in ("老街修伞人", "Story number 1", "Story number 2")]
    assert order == sorted(order)
    assert '<h3 lang="zh-CN" dir="ltr">' in html
    assert "The News" in html


def test_a_list_goes_on_page_by_page_without_gap_or_double(
    desk: Desk, visit: Callable[..., httpx.Client]
) -> None:
    desk.subscribe([make_article(number) for number in range(90)])
    client, path, seen = visit(desk), "/", []
    for _ in range(5):
        html = client.get(path).text
        seen += [part.split('"')[0] for part in html.split('data-id="')[1:]]
        if 'rel="next" href="' not in html:
            break
        path = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 90


def test_unread_and_starred_lists_hold_what_they_say(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    full.archive.library().marks.set_read([1], True, now=NOW)
    full.archive.library().marks.set_starred([2], True, now=NOW)
    client = visit(full)
    assert "Story number 2" not in client.get("/?show=unread").text
    assert "Story number 1" in client.get("/?show=unread").text
    starred = client.get("/feeds/1?show=starred").text
    assert "Story number 1" in starred
    assert "Story number 2" not in starred


def test_an_empty_list_says_what_would_fill_it(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    assert "Press s" in client.get("/?show=starred").text
    client.post("/read-all", data={"csrf": token_of(client), "next": "/"})
    assert "All caught up" in client.get("/?show=unread").text


def test_marking_a_list_read_leaves_other_lists_alone(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    other = full.subscribe([make_article(50)], title="Other", folder=None)
    client = visit(full)
    client.post("/read-all", data={"csrf": token_of(client), "feed": str(other)})
    assert full.archive.library().counts().unread == 3


def test_an_article_is_shown_whole_in_its_language(web: httpx.Client) -> None:
    html = web.get("/a/3").text
    assert '<h1 lang="zh-CN" dir="ltr">老街修伞人：一把伞撑开四十年</h1>' in html
    assert '<div class="text" lang="zh-CN" dir="ltr">' in html
    assert "修伞已经四十三年" in html
    assert "Ada Writer, Bo Second" in html


def test_an_article_says_that_it_was_edited_and_not_how_many_versions_there_are(web: httpx.Client) -> None:
    html = web.get("/a/3").text
    assert "Edited by the publisher on 20 March 2026, 09:00" in html
    assert '<a href="/a/3/diff/1..2">See what changed</a>' in html
    assert "versions</a>" not in html
    assert "Edited" not in web.get("/a/1").text


def test_lists_and_search_mark_edited_articles_in_words(web: httpx.Client) -> None:
    for path in ("/", "/?show=unread", "/search?q=桂花"):
        rows = web.get(path).text.split('<li class="row ')[1:]
        marked = [row for row in rows if "Edited by the publisher on 20 March 2026, 09:00" in row]
        assert [row.count("aria-label") > 0 and 'data-id="3"' in row for row in marked] == [True]
        assert "Edited 09:00</a>" in marked[0]


def test_the_list_of_sources_can_be_taken_along(web: httpx.Client) -> None:
    assert 'href="/sources.opml"' in web.get("/sources").text
    answer = web.get("/sources.opml")
    assert answer.headers["content-disposition"] == 'attachment; filename="unabridged.opml"'
    assert [one.title for one in read_opml(answer.content).feeds] == ["The News"]


def test_pictures_come_from_our_own_address(web: httpx.Client) -> None:
    html = web.get("/a/3").text
    sources = re.findall(r'<img [^>]*src="([^"]*)"', html)
    assert sources
    assert all(source.startswith(("/media?", "/static/")) for source in sources)


def test_an_unread_page_shows_its_reason_and_the_next_try(
    desk: Desk, visit: Callable[..., httpx.Client]
) -> None:
    desk.subscribe([make_article(1)], whole=False)
    desk.fail(1, "https://news.example/story-1 answered 403 Forbidden.", NOW + timedelta(hours=2))
    html = visit(desk).get("/a/1").text
    assert "the feed’s own text" in html
    assert "answered 403 Forbidden" in html
    assert "Next try: in 2 hours" in html
    assert 'formaction="/a/1/fetch"' in html
    assert "Three lines." in html


def test_a_failing_feed_shows_its_reason_and_what_to_do(
    full: Desk, visit: Callable[..., httpx.Client]
) -> None:
    failure = Failure(kind="timeout", message="https://news.example/0.xml did not answer in time.")
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(hours=3), failure=failure)
    full.archive.schedule.record_poll(1, outcome)
    client = visit(full)
    for path in ("/sources", "/feeds/1"):
        html = client.get(path).text
        assert "did not answer in time" in html
        assert "If this lasts, the site is too slow" in html
        assert "Next try: in 3 hours" in html
    assert "Something is wrong with this feed" in client.get("/").text


def test_an_older_version_says_that_it_is_older(web: httpx.Client) -> None:
    old = web.get("/a/3/v/1").text
    assert "An older text" in old
    assert "四十二年" in old
    assert "四十三年" not in old
    assert "An older text" not in web.get("/a/3/v/2").text


def test_the_history_leads_to_every_version_and_change(web: httpx.Client) -> None:
    html = web.get("/a/3/versions").text
    for number in (0, 1, 2):
        assert f'href="/a/3/v/{number}"' in html
    for pair in ("0..1", "1..2"):
        assert f'href="/a/3/diff/{pair}"' in html


def test_the_history_says_what_each_version_is(web: httpx.Client) -> None:
    html = web.get("/a/3/versions").text
    labels = re.findall(r'<b class="(\w+)">([^<]*)</b>', html)
    assert labels == [
        ("edit", "Edited by the publisher"),
        ("kind", "The whole text, from its page"),
        ("kind", "The feed’s own text"),
    ]


def test_a_change_in_chinese_is_shown_character_by_character(web: httpx.Client) -> None:
    html = web.get("/a/3/diff/1..2").text
    assert "四十<del>二</del><ins>三</ins>年" in html
    assert "1 word added" in html


def test_a_feed_is_paused_resumed_moved_and_removed(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    data = {"csrf": token_of(client)}
    client.post("/feeds/1/status", data=data | {"value": "paused"})
    assert full.archive.library().subscriptions.feed(1).status == "paused"
    assert "This feed is paused" in client.get("/feeds/1").text
    client.post("/feeds/1/status", data=data | {"value": "active"})
    assert full.archive.library().subscriptions.feed(1).status == "active"
    client.post("/feeds/1/move", data=data | {"folder": "Evening"})
    assert full.archive.library().subscriptions.get(1).folder == "Evening"
    client.post("/feeds/1/remove", data=data)
    assert full.archive.library().subscriptions.all() == ()
    assert full.archive.library().counts().articles == 3


def test_health_tells_how_much_there_is(web: httpx.Client) -> None:
    assert web.get("/healthz").json() == {"status": "ok", "articles": 3, "feeds": 1, "pages_waiting": 0}


def test_a_phone_can_put_it_on_its_home_screen(web: httpx.Client) -> None:
    manifest = web.get("/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    for icon in manifest.json()["icons"]:
        assert web.get(icon["src"]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sources", "/a/3", "/a/3/versions", "/a/3/diff/1..2", "/nothing"])
def test_every_page_names_its_language_title_and_main_part(web: httpx.Client, path: str) -> None:
    html = web.get(path).text
    assert html.startswith('<!doctype html>\n<html lang="en" dir="ltr">')
    assert "<title>" in html
    assert html.count('id="main"') == 1
    assert html.count("<h1") == 1


def test_times_are_those_of_the_viewers_browser(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    at = NOW - timedelta(hours=1)
    clock = Clock(kind="published", at=at, origin="feed")
    desk.subscribe([make_article(1, published=at, clocks=(clock,))])
    client = visit(desk)
    for zone, time in (("Asia/Kolkata", "13:30"), ("America/New_York", "04:00"), ("../x", None), ("", None)):
        client.cookies.set("zone", zone)
        for path in ("/", "/a/1"):
            html = client.get(path).text
            assert time is None or time in html
            assert f'name="time-zone" content="{zone}"' in html or time is None
    assert "time zone of the server" in html


def test_a_title_without_a_language_reads_in_the_direction_of_its_letters(
    desk: Desk, visit: Callable[..., httpx.Client]
) -> None:
    text = "المعبر وصل إلى الميناء في المساء."
    arabic = make_article(
        1, title="الوزير يعلن افتتاح الميناء", language=None, html=f"<p>{text}</p>", text=text
    )
    desk.subscribe([replace(arabic, summary=text, authors=("ليلى حداد",))])
    client = visit(desk)
    for path in ("/", "/a/1", "/search?q=title:الوزير", "/a/1/versions"):
        assert 'lang="ar" dir="rtl"' in client.get(path).text, path
    assert '<span class="who"><bdi>ليلى حداد' in client.get("/a/1").text
