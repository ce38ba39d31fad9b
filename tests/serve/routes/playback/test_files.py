"""Audio and video passed on: signed, of the right type, in parts, bounded; a person's position in them."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
import pytest
from aiohttp import web

from tests.serve.running_app import (
    KEY,
    NOW,
    Desk,
    answering,
    in_thread,
    letting_in,
    make_article,
    page_of,
    running,
    token_of,
    wait_until,
)
from unabridged.archive.records.polling import PollOutcome
from unabridged.model import Enclosure, Entry, Feed
from unabridged.serve.routes.media import stream_url
from unabridged.serve.routes.playback.files import MOST_OF_A_PERSON
from unabridged.serve.security import Signer

SIGNER = Signer(KEY)
BODY = bytes(range(256)) * 500


@dataclass
class Publisher:
    """A publisher that knows no ranges. gone: set when a listener of its endless file has left."""

    gone: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    origin: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        kinds = {
            "/a.mp3": "audio/mpeg",
            "/blob.mp3": "application/octet-stream",
            "/page.mp3": "text/html",
            "/list.m3u8": "application/vnd.apple.mpegurl",
        }
        if request.path == "/moved.mp3":
            return web.Response(status=302, headers={"Location": "http://10.1.2.3/x.mp3"})
        if request.path == "/broken.mp3":
            return await self._broken(request)
        if request.path == "/endless.mp3":
            return await self._endless(request)
        if request.path not in kinds:
            return web.Response(status=404, text="<script>alert(1)</script>")
        return web.Response(body=BODY, headers={"Content-Type": kinds[request.path]})

    async def _broken(self, request: web.Request) -> web.StreamResponse:
        made = web.StreamResponse(headers={"Content-Type": "audio/mpeg", "Content-Length": "900000"})
        await made.prepare(request)
        await made.write(BODY)
        assert request.transport is not None
        request.transport.close()
        return made

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        made = web.StreamResponse(headers={"Content-Type": "audio/mpeg"})
        await made.prepare(request)
        try:
            while True:
                await made.write(BODY)
        except (ConnectionError, RuntimeError):
            self.gone.set()
        return made


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    made = Publisher()
    async with answering(made.answer) as made.origin:
        yield made


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with in_thread(publishing()) as made:
        yield made


@pytest.fixture
def client(full: Desk, publisher: Publisher, visit: Callable[..., httpx.Client]) -> httpx.Client:
    return visit(full, settings=letting_in(full.settings, "127.0.0.1"))


def test_a_file_arrives_whole_or_in_part_in_a_sandbox(client: httpx.Client, publisher: Publisher) -> None:
    address = stream_url(f"{publisher.origin}/a.mp3", SIGNER)
    whole = client.get(address)
    assert (whole.status_code, whole.content) == (200, BODY)
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["accept-ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, BODY[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(BODY)}"
    assert client.get(address, headers={"Range": "bytes=999999-"}).status_code == 416
    head = client.head(address)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(BODY)), b"")
    blob = client.get(stream_url(f"{publisher.origin}/blob.mp3", SIGNER))
    assert (blob.status_code, blob.headers["content-type"]) == (200, "audio/mpeg")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/page.mp3", 415), ("/list.m3u8", 415), ("/none.mp3", 404), ("/moved.mp3", 403)],
)
def test_what_is_no_audio_or_video_is_not_passed_on(
    client: httpx.Client, publisher: Publisher, path: str, status: int
) -> None:
    answer = client.get(stream_url(publisher.origin + path, SIGNER))
    assert answer.status_code == status
    assert b"alert" not in answer.content and publisher.origin.encode() not in answer.content


def test_an_address_that_we_did_not_sign_is_never_asked(client: httpx.Client, publisher: Publisher) -> None:
    url = f"{publisher.origin}/a.mp3"
    for signature in ("", "0" * 40, SIGNER.sign("media", url), SIGNER.sign("stream", url + "x")):
        assert client.get("/stream", params={"u": url, "s": signature}).status_code == 403
    assert publisher.asked == []


def test_private_addresses_are_refused_though_signed(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    for url in ("http://169.254.169.254/x.mp3", "http://127.0.0.1:1/x.mp3", "file:///etc/x.mp3"):
        assert client.get(stream_url(url, SIGNER)).status_code in (400, 403)


def test_nothing_is_passed_on_to_who_is_not_logged_in(full: Desk, publisher: Publisher) -> None:
    settings = letting_in(full.settings, "127.0.0.1")
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    with running(full, settings) as address:
        answer = httpx.get(address + stream_url(f"{publisher.origin}/a.mp3", SIGNER), timeout=60)
    assert answer.status_code == 401 and publisher.asked == []


def test_a_file_that_breaks_off_ends_the_connection(client: httpx.Client, publisher: Publisher) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(stream_url(f"{publisher.origin}/broken.mp3", SIGNER))
    assert client.get("/healthz").status_code == 200


def test_a_file_ends_with_its_listener_and_one_person_plays_a_few_at_a_time(
    client: httpx.Client, publisher: Publisher
) -> None:
    address = stream_url(f"{publisher.origin}/endless.mp3", SIGNER)
    with ExitStack() as stack:
        for _ in range(MOST_OF_A_PERSON):
            answer = stack.enter_context(client.stream("GET", address))
            assert (answer.status_code, answer.headers["accept-ranges"]) == (200, "none")
        assert client.get(address).status_code == 429
    assert publisher.gone.wait(60)
    wait_until(lambda: _status(client, address) == 200)


def _status(client: httpx.Client, address: str) -> int:
    with client.stream("GET", address) as answer:
        return answer.status_code


def test_a_position_is_stored_and_nonsense_is_refused(client: httpx.Client, full: Desk) -> None:
    number = 3
    form = {"csrf": token_of(client), "media": "ab12", "seconds": "61.9", "length": "600.2"}
    assert client.post(f"/a/{number}/position", data=form).status_code == 204
    assert client.post(f"/a/{number}/position", data=form | {"length": "Infinity"}).status_code == 204
    [stored] = full.archive.library().positions.of_article(number)
    assert (stored.media, stored.seconds, stored.length) == ("ab12", 61, 600)
    wrongs = [{"seconds": text} for text in ("x", "NaN", "-5")]
    for wrong in (*wrongs, {"media": "../x"}, {"length": "-1"}):
        assert client.post(f"/a/{number}/position", data=form | wrong).status_code == 422, wrong
    assert client.post("/a/999/position", data=form).status_code == 404
    assert client.post(f"/a/{number}/position", data=form | {"csrf": "x"}).status_code == 403


def test_an_episode_tells_its_length_and_links_to_its_transcript(
    desk: Desk, visit: Callable[..., httpx.Client]
) -> None:
    url = "https://pod.example/1"
    sound = Enclosure(url="https://pod.example/1.mp3", type="audio/mpeg", length=42_000_000)
    transcript = (
        "https://podcastindex.org/namespace/1.0:transcript",
        '<podcast:transcript url="https://pod.example/t.vtt" type="text/vtt"/>',
    )
    entry = Entry(guid="1", url=url, enclosures=(sound,), extra=(("itunes:duration", "45:00"), transcript))
    feed = desk.archive.library().subscriptions.add("https://pod.example/feed", now=NOW).feed
    document = Feed(url=feed.url, format="rss", title="Pod", entries=(entry,))
    article = make_article(1, url=url, enclosures=(sound,))
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW)
    [number] = desk.archive.ingest.save_entries(feed.id, document, [(entry, article)], outcome).new
    desk.archive.ingest.save_page(number, article, page_of(article), now=NOW)
    page = visit(desk).get(f"/a/{number}").text
    assert "45 min long" in page and "MP3 · 42.0 MB" in page
    assert '<a href="https://pod.example/t.vtt" rel="noopener noreferrer">Transcript (VTT)</a>' in page
