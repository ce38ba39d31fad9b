"""Recorded attacks through every view of the reader, in a real browser: none may run or ask another host.

    python -m bench.xss_reader [--every=12] [--control=200]

Each vector is the title, author, category and text of a feed's entry, the text of its page, an imported
article, words and note of a highlight, a tag, a title of a subscription, a folder. The reader runs as a
server on loopback; Chromium opens its views with their own policy. Every violation of it, every execution
and every request to another host counts as a fault. The control puts raw vectors into a page of the reader:
without executions there, silence means nothing.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from bench.corpora import corpus_folder
from bench.reader import serving
from bench.xss import STORY, read_vectors
from bench.xss_browser import FLAGS, find_chromium
from unabridged.archive import Archive, ListedFeed, PollOutcome
from unabridged.archive.records.rules import RuleDraft
from unabridged.errors import BadQuery, InvalidValue, NotAPage
from unabridged.extraction import extract
from unabridged.extraction.article import article_from_entry
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.formats.import_files import import_paths
from unabridged.model import Page as RawPage
from unabridged.text.quotes import Quote

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FEED = "https://news.example/feed"
WATCH = """
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => __report('ran ' + name);
document.addEventListener('securitypolicyviolation', (e) => __report('policy ' + e.effectiveDirective));
"""
VIEWS_OF_ARTICLE = ("/a/{id}", "/a/{id}/v/0", "/a/{id}/v/1/page", "/a/{id}/versions", "/a/{id}/diff/0..1")
VIEWS = (
    *(
        "/",
        "/?show=unread",
        "/feeds/1",
        "/sources",
        "/health",
        "/highlights",
        "/shares",
        "/settings",
        "/account",
    ),
    *("/feeds/1/settings", "/muted", "/search?q=council", "/save", "/add", "/sources/news"),
    *("/rules", "/rules/preview?query=council", "/searches", "/searches/1", "/users", "/admin"),
)
TAGS_SHOWN = 50
"""Tags whose lists are opened."""


@dataclass(slots=True)
class Found:
    """Result. faults: address of the view and what happened there; control: raw vectors that ran."""

    views: int = 0
    faults: list[str] = field(default_factory=list)
    control: int = 0
    tried: int = 0


def fill(archive: Archive, vectors: Sequence[str], folder: Path) -> list[int]:
    """Bring the vectors in by every way; returns the numbers of the articles with a page."""
    numbers = _by_feed(archive, vectors)
    for number, vector in zip(numbers, vectors, strict=False):
        _by_page(archive, number, vector)
    _by_import(archive, vectors, folder)
    _by_hand(archive, numbers, vectors)
    return numbers


def _by_feed(archive: Archive, vectors: Sequence[str]) -> list[int]:
    feed_id = archive.library().subscriptions.add(FEED, now=NOW).feed.id
    numbers: list[int] = []
    for start in range(0, len(vectors), 20):
        some = vectors[start : start + 20]
        items = "".join(_item(start + n, vector) for n, vector in enumerate(some))
        title = escape(some[0])
        document = (
            f"<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
            f"<title>{title}</title><description>{title}</description>{items}</channel></rss>"
        )
        parsed = parse_feed(document.encode("utf-8", "replace"), url=FEED, now=NOW)
        pairs = [(entry, article_from_entry(entry, parsed)) for entry in parsed.entries]
        outcome = PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(days=36_500))
        numbers += archive.ingest.save_entries(feed_id, parsed, pairs, outcome).new
    return numbers


def _item(number: int, vector: str) -> str:
    text = escape(vector)
    return (
        f"<item><title>{text}</title><guid>g{number}</guid><link>https://news.example/{number}</link>"
        f"<author>{text}</author><category>{text}</category><description>{text}</description>"
        f"<content:encoded>{escape(STORY + vector + STORY)}</content:encoded></item>"
    )


def _by_page(archive: Archive, number: int, vector: str) -> None:
    url = archive.library().articles.get(number).article.url
    title = escape(vector)
    html = (
        f'<!doctype html><title>{title}</title><meta name="author" content="{title}">'
        f"<article><h1>{title}</h1>{STORY}{vector}{STORY}</article>"
    )
    body = html.encode("utf-8", "replace")
    page = RawPage(url=url, final_url=url, status=200, headers={}, body=body, fetched=NOW)
    try:
        archive.ingest.save_page(number, extract(body, url=url, now=NOW), page, now=NOW)
    except NotAPage:
        return


def _by_import(archive: Archive, vectors: Sequence[str], folder: Path) -> None:
    rows = [
        {
            "url": f"https://other.example/{number}",
            **dict.fromkeys(("title", "site_name", "section", "summary"), vector),
            "authors": [vector],
            "tags": [vector],
            "html": STORY + vector,
            "own_tags": [f"tag {number % 5}"],
        }
        for number, vector in enumerate(vectors)
    ]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    import_paths(archive, [path], now=NOW)


def _by_hand(archive: Archive, numbers: Sequence[int], vectors: Sequence[str]) -> None:
    """Write vectors where a person writes: highlights, notes, tags, titles, folders."""
    library = archive.library()
    for number, vector in zip(numbers, vectors, strict=False):
        quote = Quote(exact=vector[:4000] or "x", prefix=vector[:100], suffix=vector[-100:])
        try:
            library.highlights.add(number, 0, quote, vector[:2000], now=NOW)
            library.tags.add([number], [vector[:150]], now=NOW)
        except InvalidValue:  # nothing but signs that are no text
            continue
    listed = [
        ListedFeed(url=f"https://site-{n}.example/feed", folder=vector[:90], title=vector[:400])
        for n, vector in enumerate(vectors[:100])
    ]
    library.subscriptions.add_many(listed, now=NOW)
    library.shares.add(numbers[0], 0, now=NOW)
    for vector in vectors[:100]:
        quoted = '"' + vector.replace('"', " ")[:200] + ' council"'
        with suppress(InvalidValue, BadQuery):  # a name without text, too many
            library.searches.add(vector[:90], quoted, now=NOW)
        with suppress(InvalidValue, BadQuery):
            library.rules.add(RuleDraft(action="mute", query=f"title:{quoted}"), now=NOW)


class Watcher:
    """A browser on the reader, and what happened in it since the last look."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.seen: list[str] = []
        self.page: Page = context.new_page()
        context.expose_binding("__report", lambda _source, what: self.seen.append(str(what)))
        context.add_init_script(WATCH)
        context.on("request", lambda asked: self._note(asked.url))
        self.page.on("pageerror", lambda error: self.seen.append(f"error {error}"))
        self.page.on("dialog", lambda dialog: dialog.dismiss())

    def _note(self, url: str) -> None:
        if not url.startswith((self.address + "/", "data:image/", "about:", "blob:")):
            self.seen.append(f"request {url[:100]}")

    def visit(self, path: str) -> list[str]:
        """Open a view; returns what happened there."""
        self.seen.clear()
        try:
            answer = self.page.goto(self.address + path, wait_until="load", timeout=60_000)
            if answer is not None and answer.status >= 500:
                self.seen.append(f"status {answer.status}")
            self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            self.page.wait_for_timeout(15)
        except Error as exc:
            if "ERR_ABORTED" not in exc.message:  # a feed is a download
                self.seen.append(f"browser {exc.message[:100]}")
        return [f"{path}: {what}" for what in self.seen]

    def older(self) -> str | None:
        """Return the address of the next page of a list."""
        link = self.page.query_selector("link[rel=next]")
        return link.get_attribute("href") if link else None

    def runs_raw(self, vector: str) -> bool:
        """Say whether a raw vector in a view of the reader is noticed."""
        self.visit("/settings")
        self.seen.clear()
        frame = "html => { const box = document.createElement('div'); document.body.append(box); "
        frame += "box.append(document.createRange().createContextualFragment(html)); }"
        try:
            self.page.evaluate(frame, vector)
            self.page.wait_for_timeout(40)
        except Error:
            return bool(self.seen)
        return bool(self.seen)


def views(watcher: Watcher, numbers: Sequence[int], more: Sequence[str]) -> Iterator[list[str]]:
    """Open every view; yields what happened in each. more: further addresses."""
    for number in numbers:
        for path in VIEWS_OF_ARTICLE:
            yield watcher.visit(path.format(id=number))
    for path in (*VIEWS, *more):
        following: str | None = path
        while following:
            yield watcher.visit(following)
            following = watcher.older()


def run(vectors: Sequence[str], control: Sequence[str]) -> Found:
    """Try vectors in every view. control: those that are tried raw as well."""
    found = Found()
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No chromium found. Install it: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Archive(f"sqlite:///{home}/unabridged.sqlite") as archive:
            numbers = fill(archive, vectors, home)
            library = archive.library()
            more = [f"/tags/{tag.id}" for tag in library.tags.all()[:TAGS_SHOWN]]
            more += [f"/a/{number}" for number in range(max(numbers) + 1, max(numbers) + 1 + len(vectors))]
        with serving(home) as reader, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=str(chromium), args=FLAGS)
            watcher = Watcher(browser.new_context(service_workers="block"), str(reader.client.base_url))
            for seen in views(watcher, numbers, more):
                found.views += 1
                found.faults += seen
            raw = [text for text in control if "while(" not in text and "for(;;)" not in text]
            found.tried = len(raw)
            found.control = sum(watcher.runs_raw(text) for text in raw)
            browser.close()
    return found


def main() -> int:
    """Print what happened; 0 when only raw vectors ran."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="one vector of so many")
    parser.add_argument("--control", type=int, default=200, help="raw vectors tried as a control")
    given = parser.parse_args()
    vectors = [row["payload"] for row in read_vectors(corpus_folder() / "attacks" / "xss-vectors.jsonl")]
    found = run(vectors[:: given.every], vectors[:: max(1, len(vectors) // given.control)])
    for fault in found.faults:
        print(fault)
    print(
        f"{found.views} views, {len(found.faults)} faults; control: {found.control} of {found.tried} ran raw"
    )
    return 0 if not found.faults and found.control > found.tried // 10 else 1


if __name__ == "__main__":
    sys.exit(main())
