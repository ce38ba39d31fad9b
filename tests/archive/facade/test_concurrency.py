"""Several writers and readers at once, and programs that are killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from tests.archive.stored_rows import shown_by
from unabridged.archive import Archive, Query


def test_items_become_visible_in_the_order_of_their_numbers(open_archive: Callable[[], Archive]) -> None:
    writers = [open_archive() for _ in range(4)]
    reader = open_archive()
    feeds = [
        writer.library().subscriptions.add(f"https://site{place}.example/feed", now=NOW).feed
        for place, writer in enumerate(writers)
    ]
    done = threading.Event()

    def write(place: int) -> None:
        for round_ in range(8):
            entries = [
                an_entry(1000 * place + 3 * round_ + one, url=f"https://site{place}.example/{round_}/{one}")
                for one in range(3)
            ]
            save(writers[place], feeds[place].id, *entries)

    def read() -> list[int]:
        seen: list[int] = []
        while True:
            last_look = done.is_set()
            after = seen[-1] if seen else 0
            seen += [one.item_id or 0 for one in reader.library().articles.items_after(after, 1000)]
            if last_look:
                return seen

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(read)
        try:
            list(pool.map(write, range(4)))
        finally:
            done.set()
        seen = reading.result()

    assert len(seen) == 4 * 8 * 3
    assert seen == sorted(seen)
    assert set(seen) == {one.item_id for one in reader.library().articles.items_after(0, 1000)}


def test_writers_of_one_article_make_one_article(open_archive: Callable[[], Archive]) -> None:
    archives = [open_archive() for _ in range(4)]
    feeds = [
        one.library().subscriptions.add(f"https://site{place}.example/feed", now=NOW).feed
        for place, one in enumerate(archives)
    ]

    def write(place: int) -> int:
        entries = [an_entry(number, guid=f"{place}-{number}") for number in range(10)]
        return len(save(archives[place], feeds[place].id, *entries).new)

    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(write, range(4)))

    assert made == 10
    assert archives[0].library().counts().articles == 10
    assert all(
        len(shown_by(archives[0], one.id)) == 4
        for one in archives[0].library().articles.headlines(Query()).headlines
    )


def test_two_workers_never_claim_one_feed(open_archive: Callable[[], Archive]) -> None:
    archives = [open_archive() for _ in range(3)]
    for number in range(30):
        archives[0].library().subscriptions.add(f"https://site{number}.example/feed", now=NOW)

    def claim(archive: Archive) -> list[int]:
        claimed: list[int] = []
        while batch := archive.schedule.claim_feeds(NOW, 4):
            claimed += [one.feed.id for one in batch]
        return claimed

    with ThreadPoolExecutor(3) as pool:
        claimed = list(chain.from_iterable(pool.map(claim, archives)))

    assert len(claimed) == len(set(claimed)) == 30


def test_a_reader_is_not_blocked_by_a_long_write(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "archive.db")) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        save(archive, feed.id, an_entry(1))
        holder = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        holder.execute("UPDATE feeds SET title = 'half'")
        assert archive.library().subscriptions.get(feed.id).title == "News"
        holder.execute("ROLLBACK")
        holder.close()


def test_a_writer_waits_for_another_program_instead_of_failing(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "archive.db")) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        holder = sqlite3.connect(tmp_path / "archive.db", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.5, holder.execute, ("COMMIT",))
        release.start()
        save(archive, feed.id, an_entry(1))
        release.join()
        holder.close()
        assert archive.library().counts().articles == 1


KILLED = """
import sys
from datetime import UTC, datetime, timedelta
from unabridged.archive import Archive, PollOutcome
from unabridged.model import Article, Entry, Feed, Page
now = datetime(2024, 2, 1, tzinfo=UTC)
archive = Archive(sys.argv[1])
feed = archive.library().subscriptions.add("https://news.example/feed", now=now).feed
parsed = Feed(url=feed.url, format="rss", title="News")
place = int(sys.argv[2])
while True:
    place += 1
    url = f"https://news.example/{place}"
    article = Article(url=url, title=str(place), html=f"<p>{place}</p>", text=f"text {place} " * 50)
    pair = (Entry(guid=url, url=url, title=str(place)), article)
    outcome = PollOutcome(polled=now, next_poll_at=now)
    [number] = archive.ingest.save_entries(feed.id, parsed, [pair], outcome).new
    page = Page(url=url, final_url=url, status=200, headers={}, body=b"page %d" % place * 200, fetched=now)
    archive.ingest.save_page(number, article, page, now=now)
    print(number, flush=True)
"""


def _killed_run(path: Path, start: int, lines: int) -> list[int]:
    """Run a saving program, kill it after so many acknowledged articles; returns their numbers."""
    command = [sys.executable, "-c", KILLED, str(path), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(lines)]
        os.kill(child.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in child.stdout.read().split("\n")[:-1] if line]
    return acknowledged


def check_after_kills(path: Path, acknowledged: list[int]) -> None:
    with Archive(str(path)) as archive:
        for number in acknowledged:
            stored = archive.library().articles.get(number)
            assert stored.revision == 1
            assert stored.snapshot is not None
            assert archive.library().articles.snapshot(stored.snapshot).body.startswith(b"page")
        urls = [one.article.url for one in archive.library().articles.all(Query(limit=1000))]
        assert len(urls) == len(set(urls)) == archive.library().counts().articles
        for one in archive.library().articles.all(Query(limit=1000)):
            assert len(archive.library().articles.revisions(one.id)) == one.revision + 1
            assert (one.snapshot is not None) == (one.revision == 1)
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert check.execute("PRAGMA foreign_key_check").fetchall() == []
    check.close()


def test_a_killed_program_loses_and_doubles_nothing(tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    acknowledged: list[int] = []
    for round_ in range(3):
        acknowledged += _killed_run(path, 10_000 * round_, 3 + 5 * round_)
    assert len(acknowledged) >= 24
    check_after_kills(path, acknowledged)


@pytest.mark.long
def test_fifty_killed_programs_lose_and_double_nothing(tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    acknowledged: list[int] = []
    for round_ in range(50):
        acknowledged += _killed_run(path, 10_000 * round_, 1 + round_ % 17)
    check_after_kills(path, acknowledged)
