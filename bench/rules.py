"""Measure rules and saved searches: a delivery, a pass over what is there, counts, pages of the reader.

    python -m bench.rules                        200,000 articles, 100 rules, 100 saved searches, SQLite
    python -m bench.rules --home /var/tmp/bench  keep the archive, so that the next run starts at once

Half of the articles are unread. The rules are words, phrases, regular expressions of titles and authors; few
match. A search has up to a tenth of the articles.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.reader import NOW, SUBJECTS, TEXT, fill, serving
from unabridged.archive import Archive, PollOutcome
from unabridged.archive.records.rules import RuleDraft
from unabridged.model import Article, Entry, Feed

FEEDS = 1000
COUNT = 100
"""Rules, saved searches, and articles of the delivery that is measured."""

LONG = "\n\n".join(TEXT for _ in range(5))
"""A text of 850 words."""

PAGES = (
    "/",
    "/counts",
    "/searches/1",
    "/searches/1?show=unread",
    "/rules/preview?query=title:museum",
    "/rules",
)


def rule_query(number: int) -> str:
    """Return the query of a rule that matches few articles."""
    shapes = (
        f'title:"sponsored {number}"',
        f"advertorial{number} OR promotion{number} -title:story",
        f"title:/^(live|update {number}):/",
        f'author:"Writer {number}"',
        f"whale{number}* harbour",
    )
    return shapes[number % len(shapes)]


def search_query(number: int) -> str:
    """Return the query of a saved search: a frequent word of titles, or a rare one."""
    return f"title:{SUBJECTS[number % 10]}" if number < 20 else f"title:site-{number}"


def deliver(archive: Archive, feed: int, run: int) -> None:
    """Save a document of new articles."""
    entries = []
    for number in range(COUNT):
        url = f"https://delivery.example/{run}/{number}"
        entry = Entry(guid=url, url=url, title=f"Delivered {number}", summary_html="<p>Lines.</p>")
        article = Article(
            url=url, title=f"Delivered {number}", text=LONG, html=f"<p>{LONG}</p>", published=NOW
        )
        entries.append((entry, article))
    document = Feed(url=f"https://delivery.example/{feed}", format="rss", title="Delivery")
    archive.ingest.save_entries(feed, document, entries, PollOutcome(polled=NOW, next_poll_at=NOW))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def deliveries(archive: Archive, run: int) -> float:
    """Return milliseconds an article, the best of five deliveries."""
    feed = archive.library().subscriptions.add("https://delivery.example/feed", now=NOW).feed.id
    times = [seconds(partial(deliver, archive, feed, 10 * run + one)) for one in range(5)]
    return 1000 * min(times) / COUNT


def in_the_archive(archive: Archive, table: Table) -> None:
    """Measure what the archive does, and leave the rules and searches in it."""
    mine = archive.library()
    run = int(time.time())
    table.add_row("delivery without rules, an article", f"{deliveries(archive, run):.2f} ms")
    for number in range(COUNT):
        mine.rules.add(RuleDraft(action="mute", query=rule_query(number)), now=NOW)
    table.add_row(f"delivery with {COUNT} rules, an article", f"{deliveries(archive, run + 1):.2f} ms")
    waiting = mine.rules.progress()
    steps = seconds(lambda: [archive.filing.some(now=NOW) for _ in range(20)]) / 20
    table.add_row(f"step of 200 articles of a pass with {COUNT} rules", f"{1000 * steps:.0f} ms")
    of = waiting.of if waiting else 0
    table.add_row(f"pass over {of:,} unread articles, from that", f"{steps * of / 200:.0f} s")
    filled = 0.0
    for number in range(COUNT):
        save = partial(mine.searches.add, f"Search {number}", search_query(number), now=NOW)
        filled += seconds(save)
    table.add_row("saving a search, the newest 1,000 articles", f"{1000 * filled / COUNT:.0f} ms")
    table.add_row(
        "everything that is left of pass and searches",
        f"{seconds(lambda: archive.filing.all(now=NOW)):.0f} s",
    )
    both = deliveries(archive, run + 2)
    table.add_row(f"delivery with {COUNT} rules and {COUNT} searches, an article", f"{both:.2f} ms")
    counts = min(seconds(lambda: mine.searches.with_unread(mine.searches.all(), now=NOW)) for _ in range(5))
    unread = mine.mark_counts().unread
    table.add_row(f"counts of {COUNT} searches with {unread:,} unread", f"{1000 * counts:.0f} ms")


def in_the_reader(home: Path, table: Table) -> None:
    """Ask for each page 30 times."""
    with serving(home) as program:
        for path in PAGES:
            ask = partial(program.client.get, path, headers={"accept": "text/html"})
            times = sorted(seconds(ask) for _ in range(30))
            table.add_row(
                f"page {path}", f"median {1000 * times[15]:.1f} ms, slowest {1000 * times[-1]:.0f} ms"
            )


def main() -> None:
    """Fill an archive, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--home", type=Path, help="keep the archive here")
    given = parser.parse_args()
    table = Table("what", "measured")
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        path = home / "unabridged.sqlite"
        is_new = not path.exists()
        with Archive(f"sqlite:///{path}") as archive:
            if is_new:
                fill(archive, FEEDS, max(1, given.articles // FEEDS))
            in_the_archive(archive, table)
        in_the_reader(home, table)
    Console().print(table)


if __name__ == "__main__":
    main()
