"""Cost of stories: CPU and bytes an article in a database that fills up, 10,000 made articles a day."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Connection, select

from unabridged.archive import Archive
from unabridged.archive.analysis.stories import place_articles
from unabridged.archive.facade.derived import ANALYSES
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables import articles, sources
from unabridged.archive.storage.tables_stories import STORY_TABLES
from unabridged.model import Article

A_DAY = 10_000
WORDS, VOCABULARY = 300, 60_000
A_STORY = 6
"""Articles on one event on average."""

LAST = 1_000
"""Articles that are timed."""

SIZES = (0.1, 1 / 3, 1.0)
_START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU of one of the last articles, and bytes of all tables and indexes of stories an article."""

    articles: int
    milliseconds: float
    bytes_each: float


def costs(total: int) -> Iterator[Cost]:
    """Fill a database with `total` articles; yield the cost at three sizes."""
    sizes = [round(total * share) for share in SIZES] if total else []
    texts = _Texts()
    with tempfile.TemporaryDirectory() as folder, Archive(str(Path(folder, "archive.db"))) as archive:
        done = 0
        for size in sizes:
            while done < size - LAST:
                done = _fill(archive, texts, done)
            begun, first = time.process_time(), done
            made = 0.0
            while done < size:
                before = time.process_time()
                batch = texts.batch(done)
                made += time.process_time() - before
                done = _fill(archive, texts, done, batch)
            spent = time.process_time() - begun - made
            yield Cost(
                articles=done, milliseconds=spent * 1000 / (done - first), bytes_each=_bytes(archive) / done
            )


class _Texts:
    """Articles with words of a Zipf distribution; those on one event share a set of rare words."""

    def __init__(self) -> None:
        self._random = Random(21)
        self._words = [f"w{number:x}ord" for number in range(VOCABULARY)]
        self._weights = [1 / (rank + 10) for rank in range(VOCABULARY)]
        self._open: list[list[str]] = []

    def batch(self, first: int) -> list[Article]:
        return [self._article(first + place) for place in range(ANALYSES)]

    def _article(self, number: int) -> Article:
        random = self._random
        if not self._open or random.random() < 1 / A_STORY:
            names = random.sample(self._words[2000:], 20)
            self._open = [*self._open[-A_DAY // A_STORY :], [name.capitalize() for name in names]]
        names = random.choice(self._open)
        words = random.choices(self._words, self._weights, k=WORDS) + random.sample(names, 12)
        random.shuffle(words)
        title = " ".join(random.sample(names, 4))
        return Article(url=f"https://made.example/{number}", title=title, text=" ".join(words), language="en")


def _fill(archive: Archive, texts: _Texts, done: int, batch: list[Article] | None = None) -> int:
    """Add a batch of articles and put them into stories; returns how many there are then."""
    made = batch or texts.batch(done)

    def write(conn: Connection) -> None:
        numbers = range(done + 1, done + len(made) + 1)
        _add_articles(conn, numbers)
        place_articles(conn, numbers, dict(zip(numbers, made, strict=True)))

    archive._db.writing(write)
    return done + len(made)


def _add_articles(conn: Connection, numbers: range) -> None:
    source = conn.execute(select(sources.c.id)).scalar()
    if source is None:
        insert_rows(conn, sources, [{"id": 1, "slug": "made", "title": "Made", "last_number": 0}])
        source = 1
    empty = {"url": "", "title": "", "summary": "", "authors": "[]", "words": 0, "revision": 0}
    rows = [
        {"id": number, **empty, "source_id": source, "page_state": "none", "page_attempts": 0}
        | {"sort_at": at, "first_seen": at}
        for number in numbers
        for at in (_START + timedelta(days=number / A_DAY),)
    ]
    insert_rows(conn, articles, rows)


def _bytes(archive: Archive) -> int:
    """Return the bytes of the pages of the tables of stories and their indexes."""
    tables = {table.name for table in STORY_TABLES}
    indexes = {index.name for table in STORY_TABLES for index in table.indexes}
    with archive._db.reading() as conn:
        rows = conn.exec_driver_sql("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name").all()
    return sum(size for name, size in rows if name in tables or name in indexes or "story" in name)
