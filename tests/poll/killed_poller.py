"""A program for the kill test: polls again and again, and is killed each time at a random moment.

    python killed_poller.py DATABASE FEED ACKS ROUNDS SEED

Modules are imported once; each round is a fork of its own that opens the archive anew. What a round
has been told is saved goes to the file ACKS at once: what stands there must survive. After each kill the
archive is opened and asked for a list; how many seconds that took is printed.
"""

import asyncio
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.config import FetchSettings, PollSettings
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import Fetcher
from unabridged.model import Feed, Page
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.poller import Poller
from unabridged.poll.reports import PollReport, Progress


class Reader(FeedReader):
    """Feeds read in this process, so that a round is quick."""

    async def read(self, page: Page, now: datetime) -> Feed:
        return parse_feed(
            page.body, url=page.final_url, content_type=page.headers.get("content-type"), now=now
        )


async def poll(database: str, feed: str, acks: int, shift: timedelta) -> None:
    def note(progress: Progress) -> None:
        report = progress.report
        if report is None:
            return
        if isinstance(report, PollReport):
            lines = [f"entry {number} 0\n" for number in report.new]
        else:
            lines = [f"page {report.article_id} {report.change.revision}\n"] if report.change else []
        os.write(acks, "".join(lines).encode())

    def clock() -> datetime:
        return datetime.now(UTC) + shift

    settings = PollSettings(concurrency=4)
    with Archive(database) as archive:
        archive.library().subscriptions.add(feed, now=clock())
        async with (
            Fetcher(FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0.0)) as fetcher,
            Poller(
                archive=archive,
                fetcher=fetcher,
                settings=settings,
                watch=note,
                clock=clock,
                reader=Reader(),
                extractor=ThreadExtractor(),
            ) as poller,
        ):
            await poller.poll_due()


def get_ready(database: str) -> None:
    start = time.perf_counter()
    with Archive(database) as archive:
        archive.library().articles.headlines(Query(limit=50))
        print(f"ready {time.perf_counter() - start:.3f}", flush=True)


def main() -> None:
    database, feed, acks_path, rounds, seed = sys.argv[1:]
    luck = random.Random(int(seed))
    acks = os.open(acks_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    killed = 0
    for number in range(int(rounds)):
        # Each round is hours later, when the claims of the one before have lapsed.
        shift = timedelta(hours=3 * number)
        child = os.fork()
        if child == 0:
            asyncio.run(poll(database, feed, acks, shift))
            os._exit(0)
        time.sleep(luck.uniform(0.005, 0.6))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        child = os.fork()
        if child == 0:
            get_ready(database)
            os._exit(0)
        os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)
    # Two days later the feed is due again, whatever its rhythm seems to be.
    asyncio.run(poll(database, feed, acks, timedelta(hours=3 * int(rounds), days=2)))
    print(f"{killed} killed", flush=True)


if __name__ == "__main__":
    main()
