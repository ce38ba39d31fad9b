"""The log of events as a page and as feeds: what it says, where it leads, what it leaves out."""

from collections.abc import Callable
from datetime import timedelta

import feedparser
import httpx
import pytest

from tests.archive.sample_feeds import fine
from tests.serve.changes.test_routes import edit, miss
from tests.serve.running_app import NOW, Desk, make_article
from unabridged.archive.records.core import Failure
from unabridged.archive.records.sites import SiteNews

DOWN = Failure(kind="status", message="The site answered 500.")
Visit = Callable[..., httpx.Client]


@pytest.fixture
def stage(desk: Desk, visit: Visit) -> tuple[Desk, httpx.Client]:
    """Two articles, one edited and one taken down; the feed failed and moved; a site was redesigned."""
    desk.subscribe([make_article(number) for number in (1, 2)])
    edit(desk, 0, "first", "opening", 1)
    miss(desk, 1, 2)
    for hours in (3, 4, 5):
        at = NOW + timedelta(hours=hours)
        desk.archive.schedule.record_poll(desk.feed, fine(at, failure=DOWN))
    desk.archive.schedule.record_poll(desk.feed, fine(NOW, moved_to="https://news.example/moved"))
    alarm = SiteNews(site="news.example", pages=1, watch="{}", alarm="its texts became short")
    desk.archive.sites.record((alarm,), now=NOW)
    desk.archive.library().events.imported({"new": 3}, now=NOW)
    return desk, visit(desk, clock=lambda: NOW + timedelta(days=2))


def test_the_page_lists_the_latest_first_and_leads_to_what_changed(stage: tuple[Desk, httpx.Client]) -> None:
    desk, client = stage
    page = client.get("/event-log").text
    names = [
        "3 new articles",
        "its texts became short",
        "https://news.example/moved",
        "The site answered 500.",
    ]
    places = [page.index(name) for name in [*names, "Taken down", "Edited", "New article"]]
    assert places == sorted(places)
    assert f'href="/a/{desk.articles[0]}/diff/1..2"' in page
    assert f'href="/a/{desk.articles[1]}"' in page


def test_tabs_show_articles_or_feeds(stage: tuple[Desk, httpx.Client]) -> None:
    _, client = stage
    articles, others = (client.get(f"/event-log?kind={kind}").text for kind in ("articles", "feeds"))
    assert "Taken down" in articles and "The site answered 500." not in articles
    assert "The site answered 500." in others and "Taken down" not in others
    assert client.get("/event-log?kind=x").status_code == 400


def test_older_events_are_on_further_pages(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number) for number in range(60)])
    client = visit(desk)
    newest = desk.archive.library().events.last_number()
    shown: list[int] = []
    address: str | None = "/event-log"
    while address is not None:
        page = client.get(address).text
        shown += [int(part.split('"')[0]) for part in page.split('<li id="e')[1:]]
        following = page.split('class="button" rel="next" href="')[1:]
        address = following[0].split('"')[0].replace("&amp;", "&") if following else None
    assert shown == list(range(newest, 0, -1)) and newest > 100


@pytest.mark.parametrize("format_name", ["rss", "atom"])
def test_events_are_a_feed(stage: tuple[Desk, httpx.Client], format_name: str) -> None:
    desk, client = stage
    found = feedparser.parse(client.get(f"/event-log.{format_name}?kind=articles").content)
    latest = found.entries[0]
    assert latest.title.startswith("Taken down: ")
    assert latest.link.endswith(f"/a/{desk.articles[1]}")
    ids = [one.id for one in found.entries]
    assert len(ids) == len(set(ids)) and all(one.startswith("urn:unabridged:event:") for one in ids)
    assert client.get("/event-log.xml").status_code == 404


def test_an_empty_log_says_so(desk: Desk, visit: Visit) -> None:
    assert "Nothing here yet" in visit(desk).get("/event-log").text
