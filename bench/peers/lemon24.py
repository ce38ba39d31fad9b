"""The library `reader` (lemon24/reader) in a process of its own, with its search.

    python -m bench.peers.lemon24 FOLDER PORT FEEDS

Reads the name of a round from each line of stdin and prints a line when it is over.
"""

import sys
from pathlib import Path

from reader import make_reader

from bench import poll_publisher

WORKERS = 10
"""Feeds fetched at the same time; its command has one, which would wait for each answer."""


def play(folder: Path, port: int, feeds: int) -> None:
    """Add the feeds, then update them once a line of stdin."""
    with make_reader(f"{folder}/reader.sqlite", search_enabled=True) as reader:
        for number in range(feeds):
            reader.add_feed(poll_publisher.feed_url(number, feeds, port))
        reader.update_search()
        print("ready", flush=True)
        for _ in sys.stdin:
            reader.update_feeds(scheduled=False, workers=WORKERS)
            reader.update_search()
            print(reader.get_entry_counts().total, flush=True)


if __name__ == "__main__":
    play(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
