"""An archive whose every text holds what terminals obey, written past all cleaning on the way in."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import PollOutcome
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.storage.codec import compress, decompress
from unabridged.model import Article, Completeness, Entry, Feed, Page

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)

PAYLOAD = (
    "\x1b]52;c;ZXZpbA==\x07\x1b]0;owned\x1b\\\x1b]8;;https://evil.example/\x1b\\\x1b[2J\x1b[31m\x1bc"
    "\x1bP+q544e\x1b\\\x9b2J\x9d0;c1\x9c\x90q\x9c\x7f\x08\r\x00\x05\u202e\u2066\u200f\u061c\u2028\u2029\x85\x0b\x0c"
    "\x1b]52;c;never ended [/x] [link=https://evil.example] [bold] :skull:"
)

COLUMNS = {
    "feeds": ("title", "description", "failure_message", "failure_advice", "notes"),
    "subscriptions": ("title",),
    "folders": ("name",),
    "tags": ("name",),
    "tokens": ("name",),
    "rules": ("query",),
    "saved_searches": ("name", "query"),
    "sources": ("title",),
    "articles": ("title", "summary", "page_failure_message", "page_failure_advice"),
    "revisions": ("title", "reason"),
    "observations": ("reason",),
    "replays": ("asked",),
    "feed_settings": ("user_agent", "username"),
    "snapshots": ("site",),
    "hub_subscriptions": ("message",),
    "quarantine": ("why",),
}
WORDS = ("title", "authors", "credit", "site_name", "section", "tags", "summary", "text", "markdown", "body")
"""Fields of an article's record that are text; and so are the reasons for what is said of it."""


def fill(home: Path) -> None:
    """Make an archive in a folder: two feeds, four articles, versions, a tag, a rule, a token, a folder."""
    with Archive(str(home / "unabridged.sqlite")) as archive:
        subscription = archive.library().subscriptions.add(
            "https://news.example/rss", now=NOW, folder="News", title="Own"
        )
        feed = subscription.feed.id
        made = [_article(number) for number in range(1, 5)]
        entries = [(Entry(guid=one.url, url=one.url, title=one.title), one) for one in made]
        documents = tuple(entry for entry, _ in entries)
        parsed = Feed(url="https://news.example/rss", title="News", format="rss", entries=documents)
        outcome = PollOutcome(polled=NOW, next_poll_at=NOW)
        archive.ingest.save_entries(feed, parsed, entries, outcome)
        for number in (1, 2, 3):
            article = archive.library().articles.get(number).article
            for more in ("first", "second"):
                page = Page(
                    url=article.url, final_url=article.url, status=200, headers={}, body=b"<p>x", fetched=NOW
                )
                archive.ingest.save_page(number, _article(number, more, article.url), page, now=NOW)
        failure = Failure(kind="status", message="It answered 404.", advice="Nothing to do.")
        archive.ingest.record_page_failure(4, failure, now=NOW, next_try_at=None)
        dead = archive.library().subscriptions.add("https://dead.example/rss", now=NOW).feed.id
        archive.schedule.record_poll(dead, PollOutcome(polled=NOW, next_poll_at=NOW, failure=failure))
        archive.library().tags.add([1], ["ships"], now=NOW)
        archive.library().rules.add(RuleDraft(action="mute", query="title:nobody"), now=NOW)
        archive.library().searches.add("Whales", "whales", now=NOW)
        archive.library().tokens.add("program", "read", now=NOW)
        archive.reextraction.begin("--feed 1", now=NOW)
        archive.search_index.index_all()


def _article(number: int, more: str = "feed", url: str | None = None) -> Article:
    text = f"The {more} paragraph of story {number} about whales.\n\nAnother one, with more words in it."
    return Article(
        url=url or f"https://news.example/{number}",
        title=f"Story {number}",
        authors=("Ada Quill",),
        published=NOW,
        site_name="News",
        section="World",
        tags=("sea",),
        summary="About whales.",
        text=text,
        markdown=text,
        html="".join(f"<p>{part}</p>" for part in text.split("\n\n")),
        completeness=Completeness(kind="truncated" if more == "feed" else "full", evidence=("as it is",)),
        warnings=("a warning",),
    )


def poison(home: Path) -> None:
    """Append the payload to every text in the database."""
    with closing(sqlite3.connect(home / "unabridged.sqlite")) as conn, conn:
        for table, columns in COLUMNS.items():
            for column in columns:
                given = f"{column} IS NOT NULL AND {column} NOT LIKE '[%'"
                conn.execute(f"UPDATE {table} SET {column} = {column} || ? WHERE {given}", (PAYLOAD,))
        for article, number, record in conn.execute(
            "SELECT article_id, number, record FROM revisions"
        ).fetchall():
            encoded = orjson.dumps(_poisoned(orjson.loads(decompress(record))))
            conn.execute(
                "UPDATE revisions SET record = ?, content_hash = ? WHERE article_id = ? AND number = ?",
                (compress(encoded), hashlib.sha256(encoded).digest(), article, number),
            )


def _poisoned(record: dict[str, Any]) -> dict[str, Any]:
    changed = {name: _with_payload(record[name]) for name in WORDS if name in record}
    evidence = {"kind": "truncated", "evidence": [PAYLOAD]}
    return record | changed | {"completeness": evidence, "warnings": [PAYLOAD]}


def _with_payload(value: Any) -> Any:
    return [f"{one}{PAYLOAD}" for one in value] if isinstance(value, list) else f"{PAYLOAD}{value}{PAYLOAD}"
