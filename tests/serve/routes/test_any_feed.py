"""Any address made whole in passing, feeds added by the form, and the process that serves it all."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest

from tests.serve.running_app import NOW, Desk, Shelf, in_thread, letting_in, serving, token_of, wait_until
from unabridged.serve.server import serve

STORY = (
    "The harbour froze on Tuesday night for the first time in forty years, and by breakfast the ferry lay at "
    "its moorings with a collar of ice that nobody on the quay had a tool for.",
    "Ruth Penhale, who sells tickets from the hut at the end of the pier, opened at seven as usual. She sold "
    "none, but lent her kettle to the crew, and wrote the temperature on the board where the fares are.",
    "The last winter like it was in 1987. Then the council hired a tug from down the coast, which broke a "
    "lane through the ice twice a day and sent a bill that the town still talks about.",
    "This time there is no tug to hire. The engineers expect the thaw on Friday, with rain from the west, "
    "and until then the mail goes round by the bridge, an hour and a quarter each way.",
    "ChildPool were on the ice before noon. The harbour master walked out to fetch them back, found that it "
    "bore him, and stayed for a while to look at the boats from a side he had never seen.",
)
LAST = "from a side he had never seen"
PARAGRAPHS = "".join(f"<p>{part}</p>" for part in STORY)
PAGE = (
    "<html><head><title>A frozen harbour</title></head><body><nav><a href=/>Home</a></nav>"
    f"<article><h1>A frozen harbour</h1>{PARAGRAPHS}</article></body></html>"
)


def feed_of(origin: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>'
        f"<link>{origin}/</link><description>Daily</description><item><title>A frozen harbour</title>"
        f"<link>{origin}/story</link><guid>{origin}/story</guid><description>Three lines.</description>"
        "</item></channel></rss>"
    ).encode()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as running:
        running.answers = {
            "/harbour-daily": ("application/rss+xml", feed_of(running.origin)),
            "/story": ("text/html; charset=utf-8", PAGE.encode()),
            "/nothing.txt": ("text/plain", b"just words"),
        }
        yield running


@pytest.fixture
def client(desk: Desk, shelf: Shelf, visit: Callable[..., httpx.Client]) -> httpx.Client:
    return visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))


def test_any_feed_is_answered_whole_and_nothing_is_kept(
    client: httpx.Client, shelf: Shelf, desk: Desk
) -> None:
    answer = client.get("/feed", params={"url": shelf.origin + "/harbour-daily", "format": "rss"})
    entry = feedparser.parse(answer.content).entries[0]
    assert answer.status_code == 200
    assert LAST in entry.content[0].value
    assert desk.archive.library().counts().articles == 0


def test_reader_apps_that_ask_often_do_not_make_us_ask_often(
    desk: Desk, shelf: Shelf, visit: Callable[..., httpx.Client]
) -> None:
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    client = visit(desk, settings=letting_in(desk.settings, "127.0.0.1"), clock=clock)
    params = {"url": shelf.origin + "/harbour-daily", "format": "atom"}
    first = client.get("/feed", params=params)
    again = client.get("/feed", params=params, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert shelf.asked == ["/harbour-daily", "/story"]
    now[0] += timedelta(minutes=11)
    client.get("/feed", params=params)
    wait_until(lambda: shelf.asked == ["/harbour-daily", "/story"] * 2)


def test_a_person_reads_any_feed_as_a_page(client: httpx.Client, shelf: Shelf) -> None:
    html = client.get("/feed", params={"url": shelf.origin + "/harbour-daily"}).text
    assert LAST in html
    assert 'action="/add"' in html


def test_what_is_no_feed_is_said_in_words(client: httpx.Client, shelf: Shelf) -> None:
    answer = client.get("/feed", params={"url": shelf.origin + "/nothing.txt", "format": "rss"})
    assert answer.status_code == 422
    assert "feed" in answer.text


def test_a_missing_feed_is_missing(client: httpx.Client, shelf: Shelf) -> None:
    answer = client.get("/feed", params={"url": shelf.origin + "/none.xml", "format": "rss"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://10.0.0.1/feed", 403),
        ("http://127.0.0.1:1/feed", 403),
        ("http://[::1]/feed", 403),
        ("http://user:pass@news.example/", 400),
        ("ftp://news.example/", 400),
        ("file:///etc/passwd", 400),
    ],
)
def test_a_refused_address_is_refused_in_words(web: httpx.Client, url: str, status: int) -> None:
    answer = web.get("/feed", params={"url": url, "format": "rss"}, headers={"Accept": "*/*"})
    assert answer.status_code == status
    assert len(answer.text.split()) > 6


def test_a_page_elsewhere_cannot_have_us_fetch(client: httpx.Client, shelf: Shelf) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    answer = client.get("/feed", params={"url": shelf.origin + "/harbour-daily"}, headers=headers)
    assert answer.status_code == 403
    assert shelf.asked == []


def test_the_form_subscribes_and_the_articles_become_whole(
    client: httpx.Client, shelf: Shelf, desk: Desk
) -> None:
    data = {"csrf": token_of(client), "url": shelf.origin + "/harbour-daily", "folder": "Harbours"}
    answer = client.post("/add", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/feeds/1")
    assert "A frozen harbour" in client.get("/feeds/1").text
    wait_until(lambda: LAST in client.get("/a/1").text)
    assert desk.archive.library().articles.get(1).page.state == "read"
    assert desk.archive.library().subscriptions.get(1).folder == "Harbours"
    assert shelf.asked == ["/harbour-daily", "/story"]


@pytest.mark.parametrize("url", ["", "http://10.0.0.1/", "ftp://x", "http://127.0.0.1:1/"])
def test_an_address_that_cannot_be_added_comes_back_with_the_reason(
    full: Desk, visit: Callable[..., httpx.Client], url: str
) -> None:
    client = visit(full)
    answer = client.post("/add", data={"csrf": token_of(client), "url": url})
    assert answer.status_code == 422
    assert "could not be added" in answer.text
    assert f'value="{url}"' in answer.text
    assert len(full.archive.library().subscriptions.all()) == 1


async def test_the_process_tells_its_address_and_ends_in_good_order(desk: Desk) -> None:
    settings = replace(desk.settings, serve=replace(desk.settings.serve, port=0))
    told: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(serve(desk.archive, settings=settings, poll=True, ready=told.put_nowait))
    address = await asyncio.wait_for(told.get(), 20)
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/healthz")).json()["status"] == "ok"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
