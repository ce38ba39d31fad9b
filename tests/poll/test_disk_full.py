"""A disk that fills up while feeds are polled: polling rests, reading goes on, and all is well after."""

import asyncio
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from tests.conftest import Children
from tests.poll.conftest import Clock, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.background import BackgroundPoller
from unabridged.poll.poller import Poller

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def small_disk(make_disk: Callable[[str], Path]) -> Path:
    """A file system of 4 MB, and a way to make it larger."""
    return make_disk("4m")


def make_larger(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=100m", str(folder)], check=True)


def story_page(request: web.Request) -> web.Response:
    """A page with so much noise in it that no packing helps."""
    number = int(request.path.rpartition("/")[2])
    noise = random.Random(number)
    text = " ".join(f"Word{noise.random():.12f} of the long report." for _ in range(60))
    ballast = "".join(f"<!-- {noise.randbytes(1000).hex()} -->" for _ in range(150))
    article = f"<article><h1>Flood {number}</h1><p>{text}</p></article>"
    page = f"<html><title>Flood {number}</title>{article}{ballast}"
    return web.Response(text=page, content_type="text/html")


async def wait_until(condition: Callable[[], object]) -> None:
    """Look again and again, for two minutes at most."""
    for _ in range(2400):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came true")


async def test_a_full_disk_stops_polling_not_reading_and_all_is_well_after(
    publisher: Publisher, children: Children, clock: Clock, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publisher.stories = list(range(1, 25))
    for number in publisher.stories:
        publisher.answers[f"/story/{number}"] = story_page
    fetch = FetchSettings(allow_private=("127.0.0.0/8",), per_host_gap=0.0)
    polling = PollSettings(workers=1, recheck=())
    with Archive(str(small_disk / "archive.db")) as archive:
        archive.library().subscriptions.add(publisher.feed, now=clock.now)
        async with (
            Fetcher(fetch) as fetcher,
            Poller(archive=archive, fetcher=fetcher, settings=polling, clock=clock, **children) as poller,
        ):
            worker = BackgroundPoller(poller, error_pause=0.2)
            running = asyncio.create_task(worker.run())
            await wait_until(lambda: "full" in caplog.text)
            before = archive.library().counts()
            assert before.articles == 24
            assert 0 < before.snapshots < 24
            for one in archive.library().articles.all(Query()):
                assert one.article.title.startswith("Flood")
                assert not one.snapshot or archive.library().articles.snapshot(one.snapshot).body
            assert not running.done()

            make_larger(small_disk)
            # What was claimed when the disk was full falls due again when its claim ends.
            clock.pass_time(hours=3)
            worker.wake()
            await wait_until(lambda: archive.library().counts().snapshots == 24)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert archive.maintenance.verify().problems == ()
        assert archive.library().counts().articles == 24
