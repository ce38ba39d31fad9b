"""Measure indexing, queries and index size of search on both databases.

    python -m bench.search                   200,000 articles, SQLite and a private PostgreSQL
    python -m bench.search --articles 20000

The articles are those of `bench.archive`: paragraphs of the corpora's true texts, of every language that
they have. They are saved once, on SQLite and without the index, so that its cost is told apart, and copied
to PostgreSQL. Each kind of query is asked with many different words, drawn from the texts by how often they
occur; what is timed is `Archive.search`, a page of 20 hits with their snippets.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bench.archive import NOW, articles, documents, feeds_for
from bench.archive import paragraphs as true_texts
from bench.corpora import corpus_folder, page_sets
from bench.postgresql import installed, private_server
from unabridged.archive import Archive, PollOutcome
from unabridged.archive.facade import maintenance
from unabridged.archive.ingest import feed_document
from unabridged.archive.search_index.rebuild import BATCH
from unabridged.archive.search_index.tokenizer import fold, is_unspaced, tokens
from unabridged.archive.storage.engine import Database
from unabridged.model import Feed

ASKED = 60
"""Different queries of each kind."""

SAMPLE = 3000
"""Articles from which words are drawn."""

PROMISED = {"SQLite": (5, 40), "PostgreSQL": (20, 100)}
"""Milliseconds: median and 95th percentile over all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Result of one database. queries: kind -> milliseconds; indexed: articles a second."""

    name: str
    indexed: float
    indexed_cpu: float
    index_bytes: float
    queries: Mapping[str, list[float]]


# What is asked


def queries(texts: Sequence[list[str]], count: int) -> dict[str, list[str]]:
    """Kind of query -> queries."""
    luck = random.Random(11)
    sample = [pair[1] for _, pair in articles(texts, min(count, SAMPLE))]
    seen: Counter[str] = Counter()
    runs: list[list[str]] = []
    for article in sample:
        found = [token for token in tokens(fold(article.text)) if token.isalnum()]
        seen.update(set(found))
        runs.append(found)
    common = [token for token, _ in seen.most_common()]
    words = [token for token in common if token.isascii() and token.isalpha() and len(token) > 2]
    pairs = [token for token in common if len(token) == 2 and is_unspaced(token[0])]
    rare = [token for token, often in seen.items() if often == 1 and token.isascii() and len(token) > 5]

    def some(source: Sequence[str]) -> str:
        return luck.choice(source)

    def row(wanted: Callable[[str], bool]) -> str:
        while True:
            run = luck.choice(runs)
            place = luck.randrange(max(1, len(run) - 2))
            if len(run) > place + 1 and wanted(run[place]) and wanted(run[place + 1]):
                return " ".join(run[place : place + 2])

    kinds: dict[str, Callable[[], str]] = {
        "two Chinese letters": lambda: some(pairs[:3000]),
        "one Chinese letter": lambda: some(pairs[:500])[0],
        "four Chinese letters": lambda: four(runs, luck),
        "English word, frequent": lambda: some(words[:30]),
        "English word": lambda: some(words[200:5000]),
        "word, rare": lambda: some(rare),
        "two words": lambda: f"{some(words[100:1000])} {some(words[100:1000])}",
        "phrase": lambda: '"' + row(lambda token: token.isascii() and token.isalpha()) + '"',
        "beginning of a word": lambda: some(words[100:3000])[:4] + "*",
        "fields": lambda: f"title:{some(words[:500])} lang:en after:2023 is:unread OR {some(words[500:900])}",
        "of a feed": lambda: f"feed:{luck.randint(1, feeds_for(count))} {some(words[:200])}",
        "either, without": lambda: f"({some(words[:300])} OR {some(pairs[:300])}) -{some(words[:100])}",
    }
    return {kind: [make() for _ in range(ASKED)] for kind, make in kinds.items()}


def four(runs: Sequence[list[str]], luck: random.Random) -> str:
    """Four letters in a row of a text whose script puts no spaces between words."""
    while True:
        run = luck.choice(runs)
        found = run[(place := luck.randrange(max(1, len(run) - 2))) : place + 3]
        unspaced = len(found) == 3 and all(len(token) == 2 and is_unspaced(token[0]) for token in found)
        if unspaced and found[0][1] == found[1][0] and found[1][1] == found[2][0]:
            return found[0] + found[2]


# Measuring


def fill(dsn: str, texts: Sequence[list[str]], count: int, note: Console) -> None:
    """Save articles on SQLite, without the index."""
    urls = [f"https://site{one}.example/feed" for one in range(feeds_for(count))]
    outcome, done = PollOutcome(polled=NOW, next_poll_at=NOW), 0
    with Archive(dsn) as archive, note.status("") as status:
        feeds = [archive.library().subscriptions.add(url, now=NOW).feed.id for url in urls]
        with patch.object(feed_document, "index_new", _no_index):
            for feed, entries in documents(texts, count):
                parsed = Feed(url=urls[feed], format="rss", title=f"Site {feed}")
                archive.ingest.save_entries(feeds[feed], parsed, entries, outcome)
                done += len(entries)
                status.update(f"saving: {done:,} of {count:,} articles")
        archive.search_index.clear()


def _no_index(*_: object) -> None:
    """Stand in for the index of search."""


def copy(source: str, dsn: str, note: Console) -> None:
    """Put the same articles into an empty database, without the index."""
    with (
        Archive(source) as archive,
        patch.object(maintenance, "index_all", _no_index),
        note.status("") as status,
    ):
        archive.maintenance.copy_to(
            dsn, watch=lambda what, done, total: status.update(f"copying: {what} {done:,} of {total:,}")
        )


def index(dsn: str, count: int, note: Console, name: str) -> tuple[float, float]:
    """Index all; articles a second, and a second of this process's CPU."""
    start, busy = time.perf_counter(), time.process_time()
    with Archive(dsn) as archive, note.status("") as status:
        archive.search_index.index_all(
            watch=lambda what, done, total: status.update(f"{name}: {what} {done:,} of {total:,}")
        )
    return count / (time.perf_counter() - start), count / (time.process_time() - busy)


def measure(
    name: str, dsn: str, asked: Mapping[str, list[str]], indexed: tuple[float, float], count: int
) -> Speed:
    """Ask an archive that is filled and indexed. indexed: how fast that was."""
    with closing(Database(dsn)) as database:
        size = _index_bytes(database)
    with Archive(dsn) as archive:
        times = {kind: [_ask(archive, words) for words in given] for kind, given in asked.items()}
    return Speed(
        name=name,
        indexed=indexed[0],
        indexed_cpu=indexed[1],
        index_bytes=size / count,
        queries=times,
    )


def _ask(archive: Archive, words: str) -> float:
    start = time.perf_counter()
    archive.library().search.hits(words, limit=20, now=NOW)
    return 1000 * (time.perf_counter() - start)


def _index_bytes(database: Database) -> int:
    if database.on_sqlite:
        query = "SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name LIKE '%search_%'"
    else:
        query = "SELECT pg_total_relation_size('search_index') + pg_total_relation_size('search_docs')"
    if not database.on_sqlite:
        database.writing(lambda conn: conn.execute(text("ANALYZE")))
    with database.reading() as conn:
        return int(conn.execute(text(query)).scalar_one())


# Showing


def show(speeds: Sequence[Speed], count: int, out: Console) -> None:
    """Print the figures."""
    table = Table(title=f"Search over {count:,} articles", box=None, title_justify="left")
    table.add_column("")
    for one in speeds:
        table.add_column(one.name, justify="right")
    lines: dict[str, Callable[[Speed], str]] = {
        f"indexed a second, {BATCH} a transaction": lambda one: f"{one.indexed:,.0f}",
        "indexed a second of this process's CPU": lambda one: f"{one.indexed_cpu:,.0f}",
        "bytes of index an article": lambda one: f"{one.index_bytes:,.0f}",
    }
    for name, tell in lines.items():
        table.add_row(name, *(tell(one) for one in speeds))
    for kind in speeds[0].queries:
        table.add_row(f"{kind}, ms", *(_two(one.queries[kind]) for one in speeds))
    every = [[taken for times in one.queries.values() for taken in times] for one in speeds]
    table.add_row("all kinds, median / 95 %, ms", *map(_two, every))
    table.add_row("promised", *(f"{PROMISED[one.name][0]} / {PROMISED[one.name][1]}" for one in speeds))
    out.print(table)


def _two(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="speed and size of search, on both databases")
    parser.add_argument("--articles", type=int, default=200_000)
    count = parser.parse_args().articles
    out, note = Console(width=110), Console(stderr=True)
    sets = list(page_sets(corpus_folder(), frozenset(), None))
    if not sets:
        sys.exit(f"No pages in {corpus_folder()}: name the corpora's folder in UNABRIDGED_CORPUS.")
    texts = true_texts(sets)
    asked = queries(texts, count)
    with tempfile.TemporaryDirectory() as folder:
        source = str(Path(folder) / "archive.db")
        fill(source, texts, count, note)
        speeds = [measure("SQLite", source, asked, index(source, count, note, "SQLite"), count)]
        binaries = installed()
        if binaries is None:
            note.print("No PostgreSQL here: its column is missing. Install the package postgresql.")
        else:
            with private_server(binaries) as dsn:
                copy(source, dsn, note)
                rates = index(dsn, count, note, "PostgreSQL")
                speeds.append(measure("PostgreSQL", dsn, asked, rates, count))
    show(speeds, count, out)


if __name__ == "__main__":
    main()
