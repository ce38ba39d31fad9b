"""Ten people on one server: each has a library of their own, and a feed is fetched once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx

from tests.serve.running_app import (
    HTML,
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    running,
    serving,
    wait_until,
)
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import Query
from unabridged.serve.authentication import PLAIN_COOKIE

PEOPLE = 10
ITEM = "<item><title>Story {0}</title><guid>{0}</guid><description>Lines.</description></item>"
ITEMS = "".join(map(ITEM.format, range(4)))
FEED = f'<rss version="2.0"><channel><title>Daily</title><link>/</link>{ITEMS}</channel></rss>'.encode()


def test_ten_people_share_what_is_fetched_and_nothing_else(desk: Desk) -> None:
    accounts = desk.archive.accounts
    people = [accounts.add(f"Person {number}", now=NOW).id for number in range(PEOPLE)]
    secrets = [accounts.open_session(user, Device(), now=NOW).secret for user in people]
    settings = letting_in(desk.settings, "127.0.0.1")
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    with in_thread(serving(Shelf())) as shelf, running(desk, settings) as address:
        shelf.answers = {"/daily": ("application/rss+xml", FEED)}

        def subscribe(place: int) -> None:
            headers = {"Accept": HTML, "Cookie": f"{PLAIN_COOKIE}={secrets[place]}"}
            with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
                token = client.get("/account").text.split('name="csrf-token" content="')[1].split('"')[0]
                form = {"csrf": token, "url": f"{shelf.origin}/daily", "folder": f"Folder {place}"}
                assert client.post("/add", data=form).status_code == 303
                listed = desk.archive.library(people[place]).articles.headlines(Query()).headlines
                marked = listed[place % len(listed)].id
                mark = {"csrf": token, "value": "1"}
                assert client.post(f"/a/{marked}/star", data=mark).status_code == 303
                assert client.post(f"/a/{marked}/tag", data=mark | {"tag": f"tag {place}"}).status_code == 303
                page = client.get("/sources").text
                assert f"Folder {place}" in page and f"Folder {(place + 1) % PEOPLE}" not in page

        subscribe(0)
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(subscribe, range(1, PEOPLE)))
        wait_until(lambda: shelf.asked.count("/daily") >= 1)
        assert shelf.asked.count("/daily") == 1
    for place, user in enumerate(people):
        library = desk.archive.library(user)
        starred = library.articles.headlines(Query(starred=True)).headlines
        assert len(starred) == 1
        assert [one.name for one in library.tags.all()] == [f"tag {place}"]
        assert [one.folder for one in library.subscriptions.all()] == [f"Folder {place}"]
        assert library.counts().articles == len(library.articles.headlines(Query()).headlines) == 4
    assert len(desk.archive.feeds.all_settings()) == 0
    assert desk.archive.library().subscriptions.all() == ()
