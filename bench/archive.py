"""Measure saves and reads of the archive, and the size of texts and raw pages.

    python -m bench.archive                  200,000 articles, SQLite and a private PostgreSQL
    python -m bench.archive --articles 20000 --only sqlite

Articles are made of paragraphs of the corpora's true texts, shuffled, so that every language and length
that they have occurs, and no two are alike. They are made as they are saved, and never all in memory.
Raw pages are those of the sites of which the corpora hold several: three make the dictionary, the others
are measured.
"""

import argparse
import gzip
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from unittest import mock

import brotli
import zstandard
from rich.console import Console
from rich.table import Table

from bench.corpora import PageSet, corpus_folder, page_sets
from bench.postgresql import installed, running_server
from unabridged.archive import Archive, PollOutcome, Query
from unabridged.archive.ingest import feed_document
from unabridged.archive.raw_pages.compression import (
    PAGES_IN_DICTIONARY,
    compress_page,
    decompress_page,
    join_headers,
    make_dictionary,
)
from unabridged.archive.storage.codec import PAGE_LEVEL, compress
from unabridged.model import Article, Clock, Entry, Feed

NOW = datetime(2024, 2, 1, tzinfo=UTC)
ARTICLES_A_FEED = 1000
BATCH = 100
LOOKS = 500
LEAST_PAGES = 5
BARE_SHARE = 5
"""One of so many articles is saved without the index of search: the speed does not depend on how many."""
PARTS = 10
"""Parts of a filling whose speeds are told one by one: it must not fall as the archive grows."""

Entries = list[tuple[Entry, Article]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Articles saved a second: of the clock and of this process's CPU. curve: of CPU, part by part."""

    wall: float
    cpu: float
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Result of one database. Times in milliseconds: (median, 95th percentile)."""

    name: str
    bare: Rate
    searched: Rate
    article: tuple[float, float]
    lines: tuple[float, float]
    feed: tuple[float, float]
    after: tuple[float, float]
    bytes_each: float


# Articles


def paragraphs(sets: Sequence[PageSet]) -> list[list[str]]:
    """The corpora's true texts of articles, each a list of paragraphs."""
    kept = (case.truth for pages in sets for case in pages.cases)
    found = (str(truth.get("text") or "") for truth in kept if truth.get("page_type") in (None, "article"))
    return [parts for text in found if (parts := [part for part in text.split("\n") if part.strip()])]


def articles(texts: Sequence[list[str]], count: int) -> Iterator[tuple[int, tuple[Entry, Article]]]:
    """Yield (feed, entry with its article): as long as a true text, of paragraphs of three."""
    luck = random.Random(5)
    for number in range(count):
        length = len(luck.choice(texts))
        pool = [part for _ in range(3) for part in luck.choice(texts)]
        chosen = luck.sample(pool, min(length, len(pool)))
        feed = number % feeds_for(count)
        yield feed, _made(feed, number, chosen)


def feeds_for(count: int) -> int:
    """Return the number of feeds for a number of articles."""
    return max(10, count // ARTICLES_A_FEED)


def _made(feed: int, number: int, parts: list[str]) -> tuple[Entry, Article]:
    url = f"https://site{feed}.example/{number}"
    title, text = f"{parts[0][:80]} {number}", "\n\n".join(parts)
    body = "".join(f"<p>{part}</p>" for part in parts)
    published = NOW - timedelta(minutes=number)
    clock = Clock(kind="published", at=published, origin="feed")
    entry = Entry(guid=url, url=url, title=title, published=clock)
    article = Article(url=url, title=title, html=body, text=text, markdown=text, published=published)
    return entry, article


def documents(texts: Sequence[list[str]], count: int) -> Iterator[tuple[int, Entries]]:
    """Yield feed documents of BATCH new entries."""
    waiting: dict[int, Entries] = {}
    for feed, pair in articles(texts, count):
        waiting.setdefault(feed, []).append(pair)
        if len(waiting[feed]) == BATCH:
            yield feed, waiting.pop(feed)
    yield from waiting.items()


# Speed


def measure(name: str, dsns: tuple[str, str], texts: Sequence[list[str]], count: int, note: Console) -> Speed:
    """Fill an archive without the index of search, another with it, and read from that."""
    with Archive(dsns[0]) as archive, mock.patch.object(feed_document, "index_new", _no_index):
        some = max(BATCH * PARTS, count // BARE_SHARE)
        bare = _saves(archive, _follow(archive, some), texts, some, note, f"{name}, no search")
    with Archive(dsns[1]) as archive:
        feeds = _follow(archive, count)
        searched = _saves(archive, feeds, texts, count, note, name)
        luck, library = random.Random(7), archive.library()
        newest = library.articles.headlines(Query(limit=1000)).headlines
        numbers = [one.id for one in newest]
        top = max(one.item_id or 0 for one in library.articles.items_after(0, 1)) + count

        def some_feed() -> Query:
            return Query(feed=luck.choice(feeds), limit=50)

        return Speed(
            name=name,
            bare=bare,
            searched=searched,
            article=_times(lambda: library.articles.get(luck.choice(numbers))),
            lines=_times(lambda: library.articles.headlines(some_feed())),
            feed=_times(lambda: library.articles.page(some_feed())),
            after=_times(lambda: library.articles.items_after(luck.randrange(top), 50)),
            bytes_each=archive.maintenance.sizes().total / count,
        )


def _no_index(*_: object) -> None:
    """Stand in for the index of search."""


def _follow(archive: Archive, count: int) -> list[int]:
    addresses = (f"https://site{one}.example/feed" for one in range(feeds_for(count)))
    return [archive.library().subscriptions.add(address, now=NOW).feed.id for address in addresses]


def _saves(
    archive: Archive, feeds: list[int], texts: Sequence[list[str]], count: int, note: Console, name: str
) -> Rate:
    """Save articles as they are made; the time that making them takes does not count."""
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW)
    marks = [(0, 0.0, 0.0)]
    done, spent, busy = marks[0]
    for feed, entries in documents(texts, count):
        parsed = Feed(url=f"https://site{feed}.example/feed", format="rss", title=f"Site {feed}")
        start, start_busy = time.perf_counter(), time.process_time()
        archive.ingest.save_entries(feeds[feed], parsed, entries, outcome)
        spent += time.perf_counter() - start
        busy += time.process_time() - start_busy
        done += len(entries)
        if done >= count * len(marks) // PARTS:
            _tell(note, name, marks[-1], (done, spent, busy), count)
            marks.append((done, spent, busy))
    curve = tuple((after[0] - before[0]) / (after[2] - before[2]) for before, after in pairwise(marks))
    return Rate(wall=done / spent, cpu=done / busy, curve=curve)


_Mark = tuple[int, float, float]
"""Articles saved, seconds of wall clock, seconds of CPU."""


def _tell(note: Console, name: str, before: _Mark, now: _Mark, count: int) -> None:
    done, spent, busy = (after - former for after, former in zip(now, before, strict=True))
    rates = f"{done / spent:,.0f} a second, {done / busy:,.0f} a second of CPU"
    note.print(f"{name}: {now[0]:,} of {count:,} articles after {now[1]:,.0f} s; the last ones {rates}")


def _times(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of many calls: median and 95th percentile, after a few that warm up."""
    for _ in range(20):
        work()
    taken = []
    for _ in range(LOOKS):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def text_sizes(texts: Sequence[list[str]]) -> dict[str, float]:
    """Bytes an article as plain text, as gzip of it, and as our packed record's worth of text."""
    sample = [pair[1].text.encode() for _, pair in articles(texts, 2000)]
    sizes: dict[str, Callable[[bytes], int]] = {
        "plain text": len,
        "gzip of the text": lambda data: len(gzip.compress(data, 6)),
        "our zstd of the text": lambda data: len(compress(data)),
    }
    return {name: sum(map(size, sample)) / len(sample) for name, size in sizes.items()}


# Raw pages


def site_pages() -> list[list[bytes]]:
    """The pages of each site with enough of them, shuffled, so that no order favours us."""
    luck = random.Random(3)
    found = []
    for folder in sorted((corpus_folder() / "sites").iterdir()):
        paths = sorted(folder.glob("*.html.gz"))
        if len(paths) >= LEAST_PAGES:
            luck.shuffle(paths)
            found.append([gzip.decompress(path.read_bytes()) for path in paths])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One way to keep raw pages: times less than plain, and MB a second."""

    name: str
    times: float
    speed: float


def ratios(sites: Sequence[list[bytes]]) -> list[Ratio]:
    """Measure every way on the same held-out pages."""
    held = [(site[:PAGES_IN_DICTIONARY], site[PAGES_IN_DICTIONARY:]) for site in sites]
    plain: dict[str, Callable[[bytes], int]] = {
        "gzip -6": lambda page: len(gzip.compress(page, 6)),
        "brotli -5": lambda page: len(brotli.compress(page, quality=5)),
        "zstd -6": lambda page: len(zstandard.compress(page, 6)),
        "zstd -19": lambda page: len(zstandard.compress(page, 19)),
    }
    rows = [_ratio(name, held, _alone(way)) for name, way in plain.items()]
    ours = _ratio("ours: against three pages of the site", held, _against_site)
    dictionaries = sum(len(compress(make_dictionary(lesson), PAGE_LEVEL)) for lesson, _ in held)
    raw = sum(len(page) for _, pages in held for page in pages)
    with_all = raw / (raw / ours.times + dictionaries)
    counted = Ratio(name="ours, the dictionaries counted in", times=with_all, speed=ours.speed)
    again = _ratio("ours: fetched again, one paragraph added", held, _against_former)
    return [*rows, ours, counted, again]


def _ratio(
    name: str,
    held: Sequence[tuple[list[bytes], list[bytes]]],
    size: Callable[[list[bytes], bytes], int],
) -> Ratio:
    start = time.perf_counter()
    stored = sum(size(lesson, page) for lesson, pages in held for page in pages)
    raw = sum(len(page) for _, pages in held for page in pages)
    return Ratio(name=name, times=raw / stored, speed=raw / 1e6 / (time.perf_counter() - start))


def _alone(way: Callable[[bytes], int]) -> Callable[[list[bytes], bytes], int]:
    return lambda _lesson, page: way(page)


def _against_site(lesson: list[bytes], page: bytes) -> int:
    dictionary = make_dictionary(lesson)
    packed = compress_page(page_row := join_headers({}, page), dictionary=dictionary)
    assert decompress_page(packed.body, dictionary, size=len(page)) == page_row
    return len(packed.body)


def _against_former(_lesson: list[bytes], page: bytes) -> int:
    half = len(page) // 2
    edited = page[:half] + b"<p>Correction: an earlier version gave another figure.</p>" + page[half:]
    return len(compress_page(join_headers({}, edited), base=join_headers({}, page)).body)


# The tables


def show(speeds: Sequence[Speed], sizes: dict[str, float], count: int, out: Console) -> None:
    table = Table(box=None, pad_edge=False, title=f"{count:,} articles", title_justify="left")
    table.add_column("")
    for speed in speeds:
        table.add_column(speed.name, justify="right")
    rows: list[tuple[str, Callable[[Speed], str]]] = [
        ("saved a second, batches of 100, no search index", lambda one: f"{one.bare.wall:,.0f}"),
        ("  of our own CPU time", lambda one: f"{one.bare.cpu:,.0f}"),
        ("  of it the first tenth, the last tenth", lambda one: _ends(one.bare)),
        ("saved a second with the search index", lambda one: f"{one.searched.wall:,.0f}"),
        ("  of our own CPU time", lambda one: f"{one.searched.cpu:,.0f}"),
        ("  of it the first tenth, the last tenth", lambda one: _ends(one.searched)),
        ("one article, ms (median, p95)", lambda one: _pair(one.article)),
        ("50 lines of a feed, ms", lambda one: _pair(one.lines)),
        ("50 whole articles of a feed, ms", lambda one: _pair(one.feed)),
        ("50 whole items after a number, ms", lambda one: _pair(one.after)),
        ("bytes an article, database in all", lambda one: f"{one.bytes_each:,.0f}"),
    ]
    for name, value in rows:
        table.add_row(name, *(value(speed) for speed in speeds))
    for name, size in sizes.items():
        table.add_row(f"bytes an article, {name}", *(f"{size:,.0f}" for _ in speeds))
    out.print(table)


def _ends(rate: Rate) -> str:
    return f"{rate.curve[0]:,.0f}, {rate.curve[-1]:,.0f}"


def _pair(times: tuple[float, float]) -> str:
    return f"{times[0]:.1f}, {times[1]:.1f}"


def show_ratios(rows: Sequence[Ratio], sites: Sequence[list[bytes]], out: Console) -> None:
    pages = sum(len(site) - PAGES_IN_DICTIONARY for site in sites)
    title = f"{pages} raw pages of {len(sites)} sites, none of them in a dictionary"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("", "times less", "MB/s"):
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        table.add_row(row.name, f"{row.times:.1f}", f"{row.speed:.0f}")
    out.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="speed and size of the archive, on both databases")
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql", "pages"], help="one part of it")
    given = parser.parse_args()
    out, note = Console(width=110), Console(stderr=True, width=110)
    sets = list(page_sets(corpus_folder(), frozenset(), None))
    if not sets:
        sys.exit(f"No pages in {corpus_folder()}: name the corpora's folder in UNABRIDGED_CORPUS.")
    texts = paragraphs(sets)
    if given.only in (None, "pages"):
        sites = site_pages()
        show_ratios(ratios(sites), sites, out)
    speeds = []
    if given.only in (None, "sqlite"):
        speeds.append(_on_sqlite(texts, given.articles, note))
    if given.only in (None, "postgresql"):
        speeds.extend(_on_postgresql(texts, given.articles, note))
    if speeds:
        out.print()
        show(speeds, text_sizes(texts), given.articles, out)


def _on_sqlite(texts: Sequence[list[str]], count: int, note: Console) -> Speed:
    with tempfile.TemporaryDirectory() as folder:
        files = str(Path(folder) / "bare.db"), str(Path(folder) / "archive.db")
        return measure("SQLite", files, texts, count, note)


def _on_postgresql(texts: Sequence[list[str]], count: int, note: Console) -> list[Speed]:
    binaries = installed()
    if binaries is None:
        note.print("No PostgreSQL here: its column is missing. Install the package postgresql.")
        return []
    with running_server(binaries) as server:
        databases = server.create("bare"), server.create("archive")
        return [measure("PostgreSQL", databases, texts, count, note)]


if __name__ == "__main__":
    main()
