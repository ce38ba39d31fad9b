"""Events of programs that are killed: each change has its event, once, and no event is without its change."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from unabridged.archive import Archive, Query
from unabridged.archive.records.events import Event, EventQuery

SAVING = """
import os, sys
from datetime import UTC, datetime
from unabridged.archive import Archive, PollOutcome
from unabridged.archive.records.core import Failure
from unabridged.model import Article, Entry, Feed, Page
now = datetime(2024, 2, 1, tzinfo=UTC)
archive = Archive(sys.argv[1])
feed = archive.library().subscriptions.add("https://news.example/feed", now=now).feed
parsed = Feed(url=feed.url, format="rss", title="News")
gone = Failure(kind="taken-down", message="The publisher has taken the article down.")

def story(url, text):
    return Article(url=url, title="A title", html=f"<p>{text}</p>", text=text)

def poll(place):
    url = f"https://news.example/{place}"
    pair = (Entry(guid=url, url=url, title="A title"), story(url, f"teaser {place}"))
    outcome = PollOutcome(polled=now, next_poll_at=now)
    [number] = archive.ingest.save_entries(feed.id, parsed, [pair], outcome).new
    for text in (f"text {place} " * 50, f"other {place} " * 50):
        page = Page(url=url, final_url=url, status=200, headers={}, body=text.encode(), fetched=now)
        archive.ingest.save_page(number, story(url, text), page, now=now)
    archive.ingest.record_page_failure(number, gone, now=now, next_try_at=None, status=410, taken_down=True)

def say(line):
    os.write(1, f"{line}\\n".encode())  # in one piece: two processes write

def run(start):
    place = start
    while True:
        place += 1
        poll(place)
        say("done")

for start in map(int, sys.stdin):
    child = os.fork()
    if not child:
        archive._db._engine.dispose(close=False)
        run(start)
    say(f"child {child}")
    os.waitpid(child, 0)
    say("over")
"""
"""Program that starts a saving child for each line. The children are killed: Python takes long to start."""


def kill_often(path: Path, kills: int) -> int:
    """Kill as many saving programs; returns the number of articles that they had finished."""
    done = 0
    with subprocess.Popen(
        [sys.executable, "-c", SAVING, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdin is not None and parent.stdout is not None
        for kill in range(kills):
            print(10_000 * (kill + 1), file=parent.stdin, flush=True)
            child, timer, before = 0, None, done
            for line in parent.stdout:
                word, _, number = line.strip().partition(" ")
                if word == "child":
                    child = int(number)
                elif word == "over":
                    break
                else:
                    done += 1
                if child and done > before and timer is None:
                    timer = threading.Timer(0.002 * (kill % 13), os.kill, (child, signal.SIGKILL))
                    timer.start()
            assert timer is not None
            timer.join()
        parent.stdin.close()
    return done


def read_all(archive: Archive) -> list[Event]:
    found: list[Event] = []
    after, more = 0, True
    while more:
        page = archive.library().events.read(EventQuery(after=after))
        found, after, more = [*found, *page.events], page.next, page.more
    return found


def check(path: Path) -> int:
    """Compare the events with what is stored; returns how many there are."""
    with Archive(str(path)) as archive:
        found = read_all(archive)
        stored = list(archive.library().articles.all(Query(limit=1000)))
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert set(Counter((one.kind, one.article) for one in found).values()) <= {1}
    expected = Counter(one.kind for one in found)
    assert expected["article.new"] == len(stored)
    assert expected["article.whole"] == sum(one.revision >= 1 for one in stored)
    assert expected["article.changed"] == sum(one.revision >= 2 for one in stored)
    assert expected["article.taken_down"] == sum(one.page.taken_down is not None for one in stored)
    assert [(one.before, one.after) for one in found if one.kind == "article.changed"] == [
        (1, 2) for one in stored if one.revision == 2
    ]
    return len(found)


def test_twenty_killed_programs_leave_each_change_with_its_event(tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    kill_often(path, 20)
    assert check(path) >= 20


@pytest.mark.long
def test_two_hundred_killed_programs_leave_each_change_with_its_event(
    tmp_path: Path, empty_file: Path
) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    kill_often(path, 200)
    assert check(path) >= 200
