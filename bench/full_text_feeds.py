"""Full-text versions of the sample publisher's feeds, by `/feed?url=` and by morss, compared with the truth.

Run `python -m bench.full_text_feeds`. morss (PyPI) is installed into an environment of its own in the cache
folder. Both read the same pages of loopback, without pauses between requests to one host.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bench.debian_package import CACHE
from bench.reader import serving
from unabridged.extraction.html.render import to_text
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.model import Article, Entry
from unabridged.sample.server import SamplePublisher
from unabridged.sample.truth import Truth, compare
from unabridged.urls import identity

MORSS = "morss==20230627.2039"
WITHOUT_LIMITS = dict.fromkeys(("MAX_ITEM", "MAX_TIME", "LIM_ITEM", "LIM_TIME"), "-1")
FETCHING = {"UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "UNABRIDGED_FETCH_PER_HOST_GAP": "0"}

Make = Callable[[str], Awaitable[bytes]]
"""Returns the full-text version of a feed as RSS."""


@dataclass(slots=True, kw_only=True)
class Score:
    """Articles of which the truth is known, and how many are right in what.

    failed: feeds of which nothing came. seconds: for all items.
    """

    items: int = 0
    failed: int = 0
    known: int = 0
    whole: int = 0
    clean: int = 0
    pictures: int = 0
    dates: int = 0
    seconds: float = 0.0

    def add(self, truth: Truth, entry: Entry) -> None:
        """Compare an item with its truth."""
        html = entry.content_html or entry.summary_html
        published = entry.published.at if entry.published else None
        article = Article(url=entry.url or "", title=entry.title, text=to_text(html), published=published)
        verdict = compare(truth, article)
        self.known += 1
        self.whole += verdict.text is True
        self.clean += verdict.clean is True
        images = truth.lead_image or ()
        self.pictures += not images or any(one in html or one == entry.lead_image for one in images)
        self.dates += verdict.published is not False


def morss_python() -> Path:
    """Return the interpreter of an environment with morss, made if it is not there."""
    folder = CACHE / "morss"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", MORSS], check=True)
    return python


async def by_morss(url: str) -> bytes:
    """Let morss make a feed. Its start is part of the time, as it is of each request to it by CGI."""
    process = await asyncio.create_subprocess_exec(
        str(morss_python()),
        *("-m", "morss", "--format", "rss", url),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **WITHOUT_LIMITS},
    )
    return (await process.communicate())[0]


async def score(make: Make, feeds: Sequence[str], truths: Mapping[str, Truth]) -> Score:
    """Make each feed whole and compare its items with the truth."""
    found = Score()
    for url in feeds:
        began = time.perf_counter()
        body = await make(url)
        found.seconds += time.perf_counter() - began
        if not body.strip():
            found.failed += 1
            continue
        for entry in parse_feed(body, url=url).entries:
            found.items += 1
            truth = truths.get(identity(entry.url or ""))
            if truth is not None:
                found.add(truth, entry)
    return found


async def run(home: Path) -> dict[str, Score]:
    """Score both on the sample publisher. home: folder of an empty archive for the server."""
    async with SamplePublisher() as publisher:
        truths = {identity(one.url): one for one in publisher.truths() if one.text}
        with serving(home) as program:
            client = program.client

            async def by_us(url: str, limit: int = 100) -> bytes:
                asked = {"url": url, "format": "rss", "limit": str(limit)}
                answer: httpx.Response = await asyncio.to_thread(
                    client.get, "/feed", params=asked, timeout=120
                )
                return answer.raise_for_status().content

            await by_us(publisher.feeds[0], 1)  # starts the child processes
            ours = await score(by_us, publisher.feeds, truths)
        return {"Unabridged": ours, "morss": await score(by_morss, publisher.feeds, truths)}


def main() -> None:
    """Compare, print a table; exit 1 if morss has more whole, clean or dated articles."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ.update(FETCHING)
    morss_python()
    with tempfile.TemporaryDirectory() as home:
        found = asyncio.run(run(Path(home)))
    table = Table(
        "program",
        "feeds without an answer",
        "items",
        "whole",
        "no furniture",
        "lead picture",
        "date",
        "ms an item",
    )
    known = found["Unabridged"].known
    for name, one in found.items():
        shares = (f"{part} of {known}" for part in (one.whole, one.clean, one.pictures, one.dates))
        table.add_row(name, str(one.failed), str(one.items), *shares, f"{1000 * one.seconds / one.items:.0f}")
    Console().print(table)
    ours, theirs = found["Unabridged"], found["morss"]
    worse = (ours.whole, ours.clean, ours.dates) < (theirs.whole, theirs.clean, theirs.dates)
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    main()
