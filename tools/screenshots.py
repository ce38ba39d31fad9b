"""Takes the README's pictures: the sample publisher read whole, shown by the real reader in chromium.

python tools/screenshots.py     writes docs/images/*.png
"""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import uvicorn
from playwright.async_api import async_playwright

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.config import FetchSettings, Settings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller
from unabridged.sample.server import SamplePublisher
from unabridged.serve.app import create_app
from unabridged.serve.server import open_listener

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync".split()
DESK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1.5,
    "is_mobile": True,
    "color_scheme": "dark",
}
PICTURES_ARE_THERE = """() => [...document.images].every(
  image => image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))"""
SHOTS = (
    # file, words in the article's title ("" for the list), browser
    ("reader-list-light.png", "", DESK),
    ("reader-desk-light.png", "ropewalk", DESK),
    ("reader-phone-dark.png", "修伞人", PHONE),
)


async def main() -> None:
    """Serve, subscribe, read, and take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed (Debian: chromium fonts-noto-core fonts-noto-cjk)")
    with tempfile.TemporaryDirectory() as home:
        async with SamplePublisher() as publisher:
            settings = Settings(
                home=Path(home),
                database=f"sqlite:///{home}/pictures.sqlite",
                fetch=FetchSettings(allow_private=publisher.hosts, per_host_gap=0.0),
            )
            with Archive(settings.database) as archive:
                await _fill(archive, settings, [served.feeds[0] for served in publisher.served])
                await _serve_and_shoot(archive, settings, chromium)


async def _fill(archive: Archive, settings: Settings, feeds: list[str]) -> None:
    async with (
        Fetcher(settings.fetch) as fetcher,
        Poller(archive=archive, fetcher=fetcher, settings=settings.poll) as poller,
    ):
        for feed in feeds:
            await poller.add(feed, folder="Morning")
        await poller.read_due_pages()


async def _serve_and_shoot(archive: Archive, settings: Settings, chromium: str) -> None:
    server = uvicorn.Server(uvicorn.Config(create_app(archive, settings=settings), log_level="warning"))
    with open_listener(replace(settings.serve, port=0)) as (door, address):
        task = asyncio.create_task(server.serve(sockets=[door]))
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium, args=FLAGS)
            for name, title, options in SHOTS:
                page = await browser.new_page(**options)
                await page.goto(address + _path(archive, title), wait_until="networkidle")
                await page.wait_for_function(PICTURES_ARE_THERE)
                await page.screenshot(path=IMAGES / name)
                await page.close()
            await browser.close()
        server.should_exit = True
        await task


def _path(archive: Archive, title: str) -> str:
    if not title:
        return "/"
    lines = archive.library().articles.headlines(Query(limit=100)).headlines
    return next(f"/a/{line.id}" for line in lines if title in line.title)


if __name__ == "__main__":
    asyncio.run(main())
