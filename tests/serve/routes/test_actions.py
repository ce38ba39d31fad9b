"""Tags and erasing in the reader, and pictures that stay when their publisher took them down."""

import asyncio
import html
from datetime import UTC, datetime

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import (
    KEY,
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    make_article,
    serving,
    token_of,
)
from unabridged.archive.records.core import Query
from unabridged.config import FeedSettings, Settings
from unabridged.feeds.opml import Subscription, write_opml
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller
from unabridged.sample.server import SamplePublisher
from unabridged.serve.context import MAX_UPLOAD
from unabridged.serve.routes.media import proxy_url
from unabridged.serve.security import Signer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client), **form}, follow_redirects=True)


def newest(desk: Desk) -> int:
    return desk.archive.library().articles.headlines(Query()).headlines[0].id


def test_tags_are_put_on_shown_listed_and_taken_off(full: Desk, client: httpx.Client) -> None:
    number = newest(full)
    page = post(client, f"/a/{number}/tag", tag="to read, <b>雨</b>", next=f"/a/{number}").text
    assert "to read</a>" in page
    assert "&lt;b&gt;雨&lt;/b&gt;" in page and "<b>雨</b>" not in page
    [first, second] = full.archive.library().tags.all()
    listed = client.get(f"/tags/{second.id}").text
    assert full.archive.library().articles.get(number).article.title in listed
    assert listed.count('data-id="') == 1
    post(client, f"/a/{number}/untag", value=second.name)
    post(client, f"/a/{number}/untag", value=first.name)
    assert full.archive.library().tags.all() == ()
    assert client.get(f"/tags/{first.id}").status_code == 404


def test_an_article_is_erased_only_by_a_form_of_ours(full: Desk, client: httpx.Client) -> None:
    number = newest(full)
    assert client.post(f"/a/{number}/delete", data={}).status_code == 403
    assert client.get(f"/a/{number}/delete").status_code in (404, 405)
    done = post(client, f"/a/{number}/delete")
    assert done.status_code == 200 and done.url.path.startswith("/feeds/")
    assert client.get(f"/a/{number}").status_code == 404


def test_a_starred_articles_pictures_stay_when_their_publisher_took_them_down(
    desk: Desk, visit: Visit
) -> None:
    pictures = {"/a.png": ("image/png", PNG), "/lie.png": ("image/png", b"<svg></svg>")}
    with in_thread(serving(Shelf(answers=pictures))) as shelf:
        body = f'<p>Text.</p><img src="{shelf.origin}/a.png"><img src="{shelf.origin}/lie.png">'
        kept = make_article(1, html=body, lead_image=None)
        other = make_article(2, html=body.replace("/a.png", "/b.png"), lead_image=None)
        desk.subscribe([kept, other])
        stored = desk.archive.library().articles.find(kept.url)
        assert stored is not None
        desk.archive.library().marks.set_starred([stored.id], True, now=NOW)
        settings = letting_in(desk.settings, "127.0.0.1")
        assert asyncio.run(keep(desk, settings)) == 1
        assert shelf.asked.count("/a.png") == 1 and "/b.png" not in shelf.asked
        shelf.answers.clear()
        client = visit(desk, settings=settings)
        answer = client.get(proxy_url(f"{shelf.origin}/a.png", Signer(KEY)))
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer.headers["content-type"] == "image/png"
        assert shelf.asked.count("/a.png") == 1
        assert client.get(proxy_url(f"{shelf.origin}/lie.png", Signer(KEY))).status_code == 404
        unsigned = client.get("/media", params={"u": f"{shelf.origin}/a.png", "s": "x"})
        assert unsigned.status_code == 403


def test_an_icon_that_is_kept_stands_beside_its_feed_and_is_served_from_here(
    desk: Desk, visit: Visit
) -> None:
    number = desk.subscribe([make_article(1)])
    client = visit(desk)
    assert 'class="monogram site"' not in client.get("/sources").text
    assert client.get(f"/icons/{number}").status_code == 404
    desk.archive.images.queue_icons(NOW)
    [wanted] = desk.archive.images.claim(NOW, 1)
    key = desk.archive.images.save(wanted.id, "image/png", PNG, now=NOW)
    address = f"/icons/{number}?v={key[:12]}"
    for page in ("/", "/sources", f"/feeds/{number}"):
        assert f'<img class="monogram site" src="{address}"' in client.get(page).text
    answer = client.get(address)
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def keep(desk: Desk, settings: Settings) -> int:
    async with (
        Fetcher(settings.fetch) as fetcher,
        Poller(
            archive=desk.archive, fetcher=fetcher, settings=settings.poll, clock=lambda: NOW, images="starred"
        ) as poller,
    ):
        return await poller.save_images()


def test_pictures_of_a_publisher_who_is_gone_are_still_shown(desk: Desk, visit: Visit) -> None:
    with in_thread(SamplePublisher(["quillhaven"], step=3600.0)) as publisher:
        settings = letting_in(desk.settings, *publisher.hosts)
        number = asyncio.run(follow(desk, settings, publisher.feeds[0]))
    article = desk.archive.library().articles.get(number).article
    kept = [hash for _, hash in desk.archive.library().articles.images(number)]
    assert kept and None not in kept
    client = visit(desk, settings=settings)
    page = client.get(f"/a/{number}").text
    shown = [html.unescape(part.split('"')[0]) for part in page.split('<img src="')[1:] if "/media" in part]
    assert shown and article.lead_image
    for address in shown:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    icon = desk.archive.images.icon(desk.archive.library().subscriptions.all()[0].feed.id)
    assert icon is None  # the sample has none; the failure stands on the picture's record


async def follow(desk: Desk, settings: Settings, feed: str) -> int:
    """Read a feed, star its newest article that has pictures, and let a poll keep them."""
    desk.archive.library().subscriptions.add(feed, now=NOW)
    async with (
        Fetcher(settings.fetch) as fetcher,
        Poller(
            archive=desk.archive,
            fetcher=fetcher,
            settings=settings.poll,
            clock=lambda: NOW,
            images=settings.archive.images,
        ) as poller,
    ):
        await poller.poll_due()
        line = next(
            one for one in desk.archive.library().articles.headlines(Query()).headlines if one.lead_image
        )
        desk.archive.library().marks.set_starred([line.id], True, now=NOW)
        summary = await poller.poll_due()
        assert summary.pictures > 0
    return line.id


def test_one_article_under_two_addresses_is_listed_once_and_each_number_leads_to_the_other(
    desk: Desk, visit: Visit
) -> None:
    text = "\n\n".join(f"Paragraph {one} of what happened on the pier in the storm." for one in range(12))
    first = make_article(1, text=text)
    second = make_article(1, url="https://amp.news.example/1", canonical_url=first.url, text=text)
    desk.subscribe([first])
    desk.subscribe([second])
    [joined] = desk.articles
    client = visit(desk)
    assert client.get("/").text.count('data-id="') == 1
    page = client.get(f"/a/{joined}").text
    kept = desk.archive.library().articles.get(joined).same_as
    assert f'<a href="/a/{kept}">Read number {kept}</a>' in page and "Muted:" not in page
    assert f'<a href="/a/{joined}">' in client.get(f"/a/{kept}/versions").text
    post(client, f"/a/{joined}/tag", tag="sea")
    assert "sea</a>" in client.get(f"/a/{joined}").text and "sea</a>" in client.get(f"/a/{kept}").text
    post(client, f"/a/{joined}/delete")
    assert client.get(f"/a/{kept}").status_code == client.get(f"/a/{joined}").status_code == 404


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
    assert "Enter it again in the settings." in shown
    assert "hunter2" not in shown
