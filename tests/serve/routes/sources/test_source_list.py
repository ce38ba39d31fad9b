"""With very many feeds, pages stay small: folders are closed, sources come by pages, folders and words."""

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk
from unabridged.archive.records.core import ListedFeed

FEEDS = 300


@pytest.fixture
def client(desk: Desk, visit: Visit) -> httpx.Client:
    listed = [
        ListedFeed(
            url=f"https://site-{number}.example/feed",
            title=f"Site {number:03}",
            folder=f"Folder {number % 3}" if number % 10 else None,
        )
        for number in range(FEEDS)
    ]
    desk.archive.library().subscriptions.add_many(listed, now=NOW)
    return visit(desk)


def sidebar(page: str) -> str:
    return page.split('<nav class="sidebar"')[1].split("</nav>")[0]


def test_folders_are_closed_but_for_the_one_that_is_read(client: httpx.Client) -> None:
    home = client.get("/").text
    assert "Folder 1</a>" in sidebar(home) and "Site 0" not in sidebar(home)
    assert len(home) < 60_000
    opened = sidebar(client.get("/folders/Folder%201").text)
    assert opened.count(">Site ") == 90
    assert 'href="/feeds/5"' in opened
    one = sidebar(client.get("/feeds/5").text)
    assert 'aria-current="page"' in one
    loose = sidebar(client.get("/feeds/1").text)
    assert loose.count(">Site ") == 30


def test_the_feeds_of_a_folder_are_a_part_that_a_script_asks_for(client: httpx.Client) -> None:
    part = client.get("/sidebar/1").text
    assert part.count("<li>") == 90 and "<html" not in part
    assert client.get("/sidebar/0").text.count("<li>") == 30
    assert client.get("/sidebar/77").status_code == 404
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert client.get("/sidebar/1", headers=headers).status_code == 403


def test_sources_come_by_pages_folders_and_words(client: httpx.Client) -> None:
    first = client.get("/sources").text
    assert "Page 1 of 6" in first and first.count('class="feed-line"') == 50
    assert len(first) < 60_000
    assert client.get("/sources", params={"page": 6}).text.count('class="feed-line"') == 50
    assert client.get("/sources", params={"page": 7}).status_code == 404
    of_folder = client.get("/sources", params={"folder": 0}).text
    assert of_folder.count('class="feed-line"') == 30
    found = client.get("/sources", params={"q": "SITE 12"}).text
    assert found.count('class="feed-line"') == 13  # 012, 112, 212, 120 to 129
    assert "No such feed" in client.get("/sources", params={"q": "100%"}).text
