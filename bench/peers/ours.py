"""Our part of the comparison: a poller in a process of its own, with the parts that `serve` runs.

    python -m bench.peers.ours FOLDER PORT FEEDS

Reads the name of a round from each line of stdin and prints a line when it is over. After the feeds are
polled, new articles are put into the search index, within the round. "analysis" finds near-duplicates,
sources and stories of what was saved.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bench import poll_publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import ListedFeed
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller

ANALYSIS = "analysis"


async def play(folder: Path, port: int, feeds: int) -> None:
    """Subscribe to the feeds, then poll them once a line of stdin; each round is on another day."""
    now = datetime(2024, 5, 7, tzinfo=UTC)
    fetch = FetchSettings(allow_private=("127.0.0.0/8",))
    with Archive(f"sqlite:///{folder}/archive.sqlite") as archive:
        listed = [ListedFeed(url=poll_publisher.feed_url(n, feeds, port)) for n in range(feeds)]
        archive.library().subscriptions.add_many(listed, now=now)
        async with (
            Fetcher(fetch) as fetcher,
            Poller(
                archive=archive, fetcher=fetcher, settings=PollSettings(read_newest=0), clock=lambda: now
            ) as poller,
        ):
            print("ready", flush=True)
            for line in sys.stdin:
                if line.strip() == ANALYSIS:
                    archive.analysis.all()
                else:
                    await poller.poll_due_feeds()
                    archive.search_index.index_all()
                    now += timedelta(days=2)
                print(archive.library().counts().articles, flush=True)


if __name__ == "__main__":
    uvloop.run(play(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
