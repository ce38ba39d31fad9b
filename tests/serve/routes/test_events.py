"""Refresh of a person's feeds."""

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, in_thread, letting_in, token_of, wait_until
from unabridged.archive.records.core import Query
from unabridged.sample.server import SamplePublisher

JSON = {"Accept": "application/json"}


def refresh(client: httpx.Client, **form: str) -> dict[str, int]:
    answer = client.post("/refresh", data={"csrf": token_of(client), **form}, headers=JSON)
    found: dict[str, int] = answer.json()
    return found


def test_a_refresh_polls_the_feeds_of_a_list_once(desk: Desk, visit: Visit) -> None:
    with in_thread(SamplePublisher(("qingshiwan",))) as publisher:
        mine = desk.archive.library().subscriptions
        feed = mine.add(publisher.feeds[0], now=NOW, folder="News").feed.id
        paused = mine.add("http://127.0.0.1:9/feed", now=NOW).feed.id
        mine.set_statuses([paused], "paused", now=NOW)
        client = visit(desk, settings=letting_in(desk.settings, *publisher.hosts))
        [folder] = mine.folders()
        assert refresh(client, folder=str(folder.id + 1))["feeds"] == 0
        assert refresh(client, folder=str(folder.id))["feeds"] == 1
        wait_until(lambda: mine.get(feed).feed.last_polled is not None)
        wait_until(lambda: any(desk.archive.library().articles.headlines(Query()).headlines))
        wait_until(lambda: refresh(client) == {"done": True, "feeds": 0, "busy": False})
        assert refresh(client, feed=str(feed))["feeds"] == 0, "it was polled this moment"


@pytest.mark.parametrize("form", [{"feed": "999"}, {"feed": "x", "folder": "999"}])
def test_a_refresh_of_what_is_not_there_polls_nothing(full: Desk, visit: Visit, form: dict[str, str]) -> None:
    client = visit(full)
    answer = client.post("/refresh", data={"csrf": token_of(client), **form}, headers=JSON)
    assert answer.status_code == 404 or answer.json()["feeds"] == 0
