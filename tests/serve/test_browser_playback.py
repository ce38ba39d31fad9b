"""Audio and video in a real browser: played through our proxy, sought, resumed on another device."""

import base64
import io
import math
import re
import struct
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    NOW,
    Desk,
    answering,
    copied,
    in_thread,
    letting_in,
    make_article,
    running,
    wait_until,
)
from unabridged.model import Enclosure, Media
from unabridged.serve.connection_limits import ConnectionLimits
from unabridged.serve.views.playback import media_key

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: install it (Debian: chromium)")

SECONDS = 600


def sound(seconds: int = SECONDS, rate: int = 8000) -> bytes:
    """A WAV file of a quiet tone."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        tone = [int(900 * math.sin(2 * math.pi * 220 * n / rate)) for n in range(rate)]
        made.writeframes(struct.pack(f"<{rate}h", *tone) * seconds)
    return file.getvalue()


RECORD = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 64; canvas.height = 48;
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start(100);
  for (let n = 0; n < 40; n += 1) {
    pen.fillStyle = n % 2 ? "red" : "blue"; pen.fillRect(0, 0, 64, 48);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}"""
"""Makes a short video in the browser."""


@dataclass
class Publisher:
    """A publisher of audio and video. asked: (path, Range header) of each request."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    origin: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Range", "")))
        body = self.files.get(request.path)
        if body is None:
            return web.Response(status=404)
        kind = "video/webm" if request.path.endswith(".webm") else "audio/wav"
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if wanted is None or request.path.startswith("/plain"):
            return web.Response(body=body, content_type=kind)
        start, end = int(wanted[1]), min(int(wanted[2] or len(body) - 1), len(body) - 1)
        headers = {"Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return web.Response(status=206, body=body[start : end + 1], content_type=kind, headers=headers)


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    made = Publisher()
    async with answering(made.answer) as made.origin:
        yield made


@dataclass
class Stage:
    """The app, a publisher and a browser. trouble: requests to others, and complaints of the browser."""

    desk: Desk
    address: str
    publisher: Publisher
    browser: Browser
    numbers: dict[str, int]
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str, context: BrowserContext | None = None, width: int = 390) -> Page:
        context = context or self.browser.new_context(viewport={"width": width, "height": 844})
        page = context.new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("request", lambda asked: self._note(asked.url))
        page.goto(self.address + path)
        return page

    def _note(self, url: str) -> None:
        if not url.startswith((self.address + "/", "data:", "blob:")):
            self.trouble.append(f"asked {url}")


CARD = (
    '<figure><a href="{0}"><img src="{1}" alt=""></a><figcaption><a href="{0}" rel="nofollow">▶ A moving '
    "picture</a><br>The film of the day.</figcaption></figure>"
)
ELSEWHERE = "https://www.youtube.com/watch?v=abcdefghijk"
FOREIGN = f'<figure><figcaption><a href="{ELSEWHERE}">▶ Elsewhere</a></figcaption></figure>'


@pytest.fixture(scope="module")
def shared(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("playback"))
    with desk.archive, in_thread(publishing()) as publisher, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        blank = browser.new_page()
        blank.goto("about:blank")
        publisher.files = {
            "/one.wav": sound(),
            "/plain.wav": sound(),
            "/film.webm": base64.b64decode(blank.evaluate(RECORD)),
        }
        blank.close()
        numbers = _publish(desk, publisher.origin)
        with running(desk, letting_in(desk.settings, "127.0.0.1")) as address:
            yield Stage(desk, address, publisher, browser, numbers)
        browser.close()


def _publish(desk: Desk, origin: str) -> dict[str, int]:
    film = f"{origin}/film.webm"
    sounds = {
        name: (
            Enclosure(
                url=f"{origin}/{name}.wav?token=x", type="audio/wav", length=9_600_044, title="Episode"
            ),
        )
        for name in ("one", "plain")
    }
    html = "<p>A film.</p>" + CARD.format(film, f"{origin}/poster.jpg") + FOREIGN
    media = (
        Media(kind="video", url=film, title="A moving picture", poster=f"{origin}/poster.jpg"),
        Media(kind="video", url=ELSEWHERE, title="Elsewhere"),
    )
    articles = [
        make_article(0, enclosures=sounds["one"], lead_image=None),
        make_article(1, enclosures=sounds["plain"], lead_image=None),
        make_article(2, enclosures=(), lead_image=None, html=html, media=media),
    ]
    desk.subscribe(articles)
    find = desk.archive.library().articles.find
    found = {name: find(one.url) for name, one in zip(("one", "plain", "film"), articles, strict=True)}
    return {name: one.id for name, one in found.items() if one is not None}


@pytest.fixture
def stage(shared: Stage) -> Iterator[Stage]:
    shared.publisher.asked.clear()
    yield shared
    for context in shared.browser.contexts:
        context.close()
    trouble, shared.trouble = shared.trouble, []
    assert trouble == []


PLAY = "async (media) => { media.muted = true; await media.play(); }"
SEEK = "(media, to) => new Promise((done) => { media.onseeked = done; media.currentTime = to; })"


def test_an_episode_plays_is_sought_and_goes_on_where_it_was_left_on_another_device(stage: Stage) -> None:
    number = stage.numbers["one"]
    page = stage.open(f"/a/{number}")
    assert stage.publisher.asked == []  # nothing is fetched before somebody plays
    audio = page.locator(".player audio")
    expect(page.locator(".player")).to_contain_text("WAV · 9.6 MB")
    audio.evaluate(PLAY)
    wait_until(lambda: float(audio.evaluate("one => one.currentTime")) > 0.3)
    assert round(audio.evaluate("one => one.duration")) == SECONDS
    audio.evaluate(SEEK, 400)
    audio.evaluate("one => one.pause()")
    wait_until(lambda: _seconds(stage, number) >= 400)
    assert any(wanted not in ("", "bytes=0-") for _, wanted in stage.publisher.asked)
    listed = stage.open("/")
    expect(listed.locator(f"#a{number} .left")).to_have_text("4 min left")
    again = stage.open(f"/a/{number}", width=1440)  # a browser without cookies of the first one
    expect(again.locator(".player .left")).to_have_text("4 min left")
    resumed = again.locator(".player audio")
    resumed.evaluate(PLAY)
    wait_until(lambda: float(resumed.evaluate("one => one.currentTime")) > 400.1)


def _seconds(stage: Stage, number: int) -> int:
    return next((one.seconds for one in stage.desk.archive.library().positions.of_article(number)), 0)


def test_the_position_is_stored_when_the_page_is_left(stage: Stage) -> None:
    number = stage.numbers["one"]
    _begin(stage, number, 5)
    page = stage.open(f"/a/{number}")
    audio = page.locator(".player audio")
    audio.evaluate(PLAY)
    audio.evaluate(SEEK, 60)
    wait_until(lambda: float(audio.evaluate("one => one.currentTime")) > 61)
    page.goto(stage.address + "/settings")
    wait_until(lambda: _seconds(stage, number) >= 61)


def _begin(stage: Stage, number: int, seconds: int) -> None:
    key = media_key(f"{stage.publisher.origin}/one.wav")
    stage.desk.archive.library().positions.set(number, key, seconds, SECONDS, now=NOW)


def test_a_publisher_without_ranges_can_be_sought_all_the_same(stage: Stage) -> None:
    page = stage.open(f"/a/{stage.numbers['plain']}")
    audio = page.locator(".player audio")
    audio.evaluate(PLAY)
    audio.evaluate(SEEK, 200)
    wait_until(lambda: float(audio.evaluate("one => one.currentTime")) > 200.2)


def test_a_film_in_the_text_plays_and_one_of_another_host_stays_a_link(stage: Stage) -> None:
    page = stage.open(f"/a/{stage.numbers['film']}")
    video = page.locator(".text .player video")
    expect(page.locator(".text .player figcaption")).to_have_text("The film of the day.")
    video.evaluate(PLAY)
    wait_until(lambda: float(video.evaluate("one => one.currentTime")) > 0.3)
    assert video.evaluate("one => one.videoWidth") == 64
    expect(page.locator(".text a[href*='youtube.com']")).to_have_text("▶ Elsewhere")
    expect(page.locator("video")).to_have_count(1)
    stage.trouble = [one for one in stage.trouble if "404" not in one]  # the poster is not there


def test_the_speed_is_kept_for_all_files_and_devices(stage: Stage) -> None:
    page = stage.open(f"/a/{stage.numbers['one']}")
    with page.expect_response("**/settings"):
        page.get_by_label("Speed").select_option("1.5")
    assert page.locator("audio").evaluate("one => one.playbackRate") == 1.5
    other = stage.open(f"/a/{stage.numbers['plain']}")
    audio = other.locator("audio")
    expect(other.get_by_label("Speed")).to_have_value("1.5")
    audio.evaluate(PLAY)
    assert audio.evaluate("one => one.playbackRate") == 1.5


def test_without_scripts_the_plain_element_plays_from_the_position(stage: Stage) -> None:
    number = stage.numbers["one"]
    _begin(stage, number, 300)
    context = stage.browser.new_context(java_script_enabled=False)
    page = stage.open(f"/a/{number}", context)
    source = page.locator(".player audio").get_attribute("src") or ""
    assert source.startswith("/stream?u=") and source.endswith("#t=300")
    expect(page.get_by_label("Speed")).to_be_hidden()


@pytest.mark.long
def test_a_player_that_was_paused_for_long_goes_on_though_its_connection_was_closed(
    stage: Stage, templates: Path, tmp_path: Path
) -> None:
    stage.publisher.files["/long.wav"] = sound(450, 44_100)
    desk = copied(templates / "empty", tmp_path)
    file = Enclosure(url=f"{stage.publisher.origin}/long.wav", type="audio/wav")
    with desk.archive:
        desk.subscribe([make_article(0, enclosures=(file,))])
        settings = letting_in(desk.settings, "127.0.0.1")
        with running(desk, settings, bounds=ConnectionLimits(write_timeout=1.0)) as address:
            page = stage.browser.new_page()
            page.goto(f"{address}/a/{desk.articles[0]}")
            audio = page.locator("audio")
            audio.evaluate(PLAY)
            wait_until(lambda: float(audio.evaluate("one => one.currentTime")) > 0.3)
            audio.evaluate("one => one.pause()")
            page.wait_for_timeout(3000)
            audio.evaluate("one => { one.playbackRate = 16; return one.play(); }")
            wait_until(lambda: float(audio.evaluate("one => one.currentTime")) > 200)
            assert audio.evaluate("one => one.error") is None
            page.close()
    assert len(stage.publisher.asked) > 1
