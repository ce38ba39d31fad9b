"""Killed in the middle of a poll, the archive keeps what it said it keeps, once and whole."""

import asyncio
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import present
from tests.poll.conftest import Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query

LAST_WORDS = "since the flood of 2002."

pytestmark = pytest.mark.asyncio(loop_scope="session")
PROGRAM = Path(__file__).with_name("killed_poller.py")


async def kill_again_and_again(
    publisher: Publisher, folder: Path, *, rounds: int, seed: int
) -> tuple[int, float]:
    """Run the program, with more news at every kill.

    Returns how many rounds were really killed, and the most seconds until a list was there after a kill.
    """
    database = folder / "killed.sqlite"
    acks = folder / "acks"
    arguments = (f"sqlite:///{database}", publisher.feed, acks, rounds, seed)
    process = await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, *map(str, arguments), stdout=asyncio.subprocess.PIPE
    )
    killed, slowest = 0, 0.0
    async for line in present(process.stdout):
        if line.startswith(b"ready "):
            slowest = max(slowest, float(line.split()[1]))
            continue
        killed += line == b"killed\n"
        publisher.stories = [max(publisher.stories) + 2, max(publisher.stories) + 1, *publisher.stories]
    assert await process.wait() == 0
    check(database, acks, publisher)
    return killed, slowest


def check(database: Path, acks: Path, publisher: Publisher) -> None:
    with sqlite3.connect(database) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    told = [line.split() for line in acks.read_text().splitlines()]
    assert told
    with Archive(f"sqlite:///{database}") as archive:
        articles = {one.id: one for one in archive.library().articles.all(Query(limit=500))}
        for kind, number, revision in told:
            one = articles[int(number)]
            assert one.revision >= int(revision)
            lines = archive.library().articles.revisions(one.id)
            assert [line.number for line in lines] == list(range(len(lines)))
            if kind == "page":
                assert one.article.text.endswith(LAST_WORDS)
                assert archive.library().articles.snapshot(present(one.snapshot)).body
        addresses = Counter(one.article.url for one in articles.values())
        assert set(addresses.values()) == {1}
        assert {f"{publisher.base}/story/{number}" for number in publisher.stories[2:]} <= set(addresses)
        assert len({one.item_id for one in articles.values()}) == len(articles)
        assert archive.maintenance.verify().problems == ()  # which compares the index with every text
        check_index(database, {int(number) for _, number, _ in told}, set(articles))


def check_index(database: Path, told: set[int], articles: set[int]) -> None:
    """What was acknowledged stands in the index, and nothing else does."""
    with closing(sqlite3.connect(database)) as raw:
        indexed = {number for (number,) in raw.execute("SELECT article_id FROM search_docs")}
        assert told <= indexed == articles
        rows = "SELECT id FROM search_index_docsize EXCEPT SELECT place FROM search_docs"
        assert raw.execute(rows).fetchall() == []


@pytest.mark.first
async def test_a_dozen_kills_lose_and_double_nothing(publisher: Publisher, tmp_path: Path) -> None:
    killed, _ = await kill_again_and_again(publisher, tmp_path, rounds=12, seed=1)
    assert killed >= 4


@pytest.mark.long
async def test_five_hundred_kills_lose_and_double_nothing(
    publisher: Publisher, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    killed, slowest = await kill_again_and_again(publisher, tmp_path, rounds=500, seed=2)
    record_property("killed", killed)
    record_property("seconds until ready after a kill, at most", slowest)
    assert killed >= 250
    assert slowest < 5
