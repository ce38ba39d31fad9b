"""Compare our reading of real feeds with feedparser's, in results and speed.

    python -m bench.feeds [FOLDER]     every disagreement, named

feedparser is the best known reader of broken feeds; where we differ we must know why
(docs/why/feeds.md). Agreement is counted over entries, field by field, after what is only spelling has
been taken off both sides: markup in titles, the escaping of plain text, spaces, the normal form of
addresses, and offsets of instants.
"""

import gc
import html
import io
import re
import sys
import time
from calendar import timegm
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from bench.corpora import corpus_folder
from bench.figures import Figure
from unabridged.errors import FeedError
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.model import Entry, Feed
from unabridged.processes.child import calm_collector
from unabridged.urls import absolute

URL = "https://feeds.example/feed.xml"
"""Address given for every feed of the corpus."""

NOW = datetime(2026, 12, 31, tzinfo=UTC)
FIELDS = ("title", "link", "id", "date", "content")
REAL_BYTES = 2_000
"""Feeds at least this long are real ones; the shorter are single-purpose test files."""

DATES = ("published", "updated", "created")
EARLIEST = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one entry that two readers read differently."""

    feed: str
    entry: int
    field: str
    ours: str
    theirs: str
    why: str


def figures(corpus: Path) -> list[Figure]:
    """Return the rows of the examination: no exception, agreement, speed."""
    feeds = real_feeds(corpus / "feeds")
    read = {name: _ours(data) for name, data in feeds.items()}
    crashed = [name for name, feed in read.items() if isinstance(feed, Exception)]
    rows = [
        _row("read without an exception", len(feeds), 1 - len(crashed) / max(len(feeds), 1), _some(crashed))
    ]
    pairs = [(name, feed, _theirs(feeds[name])) for name, feed in read.items() if isinstance(feed, Feed)]
    total = sum(len(theirs["entries"]) for _, _, theirs in pairs)
    found = [d for name, feed, theirs in pairs for d in differences(name, feeds[name], feed, theirs)]
    rows += [
        _agreement(f"{field} as feedparser", [d for d in found if d.field == field], total)
        for field in FIELDS
    ]
    rows.append(_agreement("whole entry as feedparser", found, total))
    return rows + speed(list(feeds.values()))


def _agreement(measure: str, found: Sequence[Difference], total: int) -> Figure:
    """Return the share of entries read alike; where feedparser is known to be wrong, ours counts as right."""
    every = {(difference.feed, difference.entry) for difference in found}
    unexplained = {(difference.feed, difference.entry) for difference in found if not difference.why}
    strictly = 1 - len(every) / max(total, 1)
    explained = len(every) - len(unexplained)
    detail = f"{len(unexplained)} differ; {explained} more where feedparser is wrong ({strictly:.4f})"
    return _row(measure, total, 1 - len(unexplained) / max(total, 1), detail)


def _row(measure: str, cases: int, value: float, detail: str = "") -> Figure:
    return Figure(part="feeds", measure=measure, cases=cases, value=value, detail=detail)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def real_feeds(folder: Path) -> dict[str, bytes]:
    """Return name -> bytes of every feed that is long enough to be a real one."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "manifest.json")
    return {path.name: path.read_bytes() for path in files if path.stat().st_size >= REAL_BYTES}


def _ours(data: bytes) -> Feed | Exception | None:
    """Return our reading; None for what we say is no feed."""
    try:
        return parse_feed(data, url=URL, now=NOW)
    except FeedError:
        return None
    except Exception as exc:  # noqa: BLE001 - an examination reports what it finds
        return exc


def _theirs(data: bytes) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(data), sanitize_html=False, response_headers={"content-location": URL}
        )
    except Exception:  # noqa: BLE001 - feedparser raises on some of them; then there is nothing to agree with
        return {"entries": []}


def differences(name: str, data: bytes, ours: Feed, theirs: Any) -> Iterator[Difference]:
    """Yield what two readings of one feed do not have in common."""
    if ours.format == "json":
        return  # feedparser reads XML only
    pairs = list(_paired(ours.entries, theirs["entries"]))
    more = len(theirs["entries"]) - len(ours.entries)
    why_missing = NESTED if more > 0 and more == _nested_items(data) else ""
    for number, (mine, entry) in enumerate(pairs):
        for field, differ in COMPARED.items():
            told = (
                differ(mine, entry)
                if mine is not None
                else ("no such entry", str(entry.get("id")), why_missing)
            )
            if told is not None:
                own, other, why = told
                yield Difference(
                    feed=name, entry=number, field=field, ours=own[:160], theirs=other[:160], why=why
                )


def _paired(ours: Sequence[Entry], theirs: Sequence[Any]) -> Iterator[tuple[Entry | None, Any]]:
    """Yield their entries with ours: by place where there are as many, else by title and id, in order."""
    if len(ours) == len(theirs):
        yield from zip(ours, theirs, strict=True)
        return
    place = 0
    for entry in theirs:
        sought = (words(entry.get("title", "")), entry.get("id", ""))
        found = next(
            (n for n in range(place, len(ours)) if (words(ours[n].title), ours[n].guid or "") == sought), None
        )
        yield (None if found is None else ours[found]), entry
        place = place if found is None else found + 1


def _nested_items(data: bytes) -> int:
    """Return how many items lie inside other items: drafts and conflicts, not entries of the feed."""
    try:
        root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return 0
    item = "*[local-name()='item' or local-name()='entry']"
    found = root.xpath(f"count(//{item}[ancestor::{item}])") if root is not None else 0
    return int(found) if isinstance(found, float) else 0


Told = tuple[str, str, str] | None
"""Ours, theirs, and why we know that ours is right ("" where we do not)."""

NESTED = "feedparser counts items inside items"


def _title(ours: Entry, theirs: Any) -> Told:
    mine, other = words(ours.title), words(theirs.get("title", ""))
    return None if mine == other else (mine, other, "")


def words(markup: str) -> str:
    """Return the bare words of text or markup, so that two spellings of the same compare equal."""
    text = markup
    for _ in range(3):
        text = html.unescape(_TAG.sub(" ", text))
    return _SPACE.sub("", text)


def _link(ours: Entry, theirs: Any) -> Told:
    other = absolute(theirs.get("link", ""), URL)
    links = [link for link in theirs.get("links", ()) if link.get("rel") == "alternate"]
    every = {absolute(link.get("href", ""), URL) for link in links if link.get("href")}
    if absolute(ours.url or "", URL) in (other, *every):
        return None
    no_address = (absolute(ours.base or URL, None), absolute(ours.guid or "", ours.base or URL))
    why = "an empty link is none, a relative id is no address" if other in no_address else ""
    return (str(ours.url), str(other), why)


def _id(ours: Entry, theirs: Any) -> Told:
    mine, other = ours.guid or "", theirs.get("id", "")
    same = mine == other or urljoin(ours.base or URL, mine) == other
    return None if same else (mine, other, "")


def _date(ours: Entry, theirs: Any) -> Told:
    mine = {int(clock.at.timestamp()) for clock in (ours.published, ours.modified) if clock}
    given = [dict.get(theirs, f"{name}_parsed") for name in DATES]
    other = {timegm(stamp) for stamp in given if stamp}
    if mine & other or (not mine and not other):
        return None
    raw = " ".join(text for name in DATES if isinstance(text := dict.get(theirs, name), str))
    return (str(sorted(mine)), f"{sorted(other)} from {raw}", _why_dates_differ(mine, other, raw))


def _why_dates_differ(mine: set[int], other: set[int], raw: str) -> str:
    if mine and not other:
        return "feedparser cannot read the date"
    if not mine and not any(EARLIEST <= at <= NOW.timestamp() + 86400 for at in other):
        return "nothing before 1990 or in the future is believed"
    if re.search(r"\b\d{4}/\d{1,2}/\d{1,2}\b", raw):
        return "feedparser takes year/month/day for year/day/month"
    return ""


def _content(ours: Entry, theirs: Any) -> Told:
    """Compare the fullest text: of several summaries feedparser keeps whichever comes first."""
    every = [part.get("value", "") for part in theirs.get("content", ())] + [theirs.get("summary", "")]
    others = {words(value) for value in every if value} - {""}
    mine = words(ours.content_html or ours.summary_html)
    if mine in others or (not mine and not others):
        return None
    return (mine, max(others, key=len, default=""), "")


COMPARED: dict[str, Callable[[Entry, Any], Told]] = {
    "title": _title,
    "link": _link,
    "id": _id,
    "date": _date,
    "content": _content,
}


def speed(feeds: Sequence[bytes], rounds: int = 3) -> list[Figure]:
    """Return MB of feeds a second of CPU for us and for feedparser, in one run on one machine.

    feedparser is asked for no more than we do: it neither sanitises nor resolves links. Both run as in a
    child of the poller, whose collector is calm.
    """
    calm_collector()
    size = sum(map(len, feeds)) / 1e6
    gc.collect()
    ours = size / min(_seconds(_ours, feeds) for _ in range(rounds))
    theirs = size / min(_seconds(_theirs, feeds) for _ in range(2))
    return [
        _row(
            "MB read a second of CPU",
            len(feeds),
            ours,
            f"feedparser {theirs:.2f} MB/s on the same {size:.1f} MB",
        ),
        _row("times as fast as feedparser", len(feeds), ours / theirs),
    ]


def _seconds(read: Callable[[bytes], object], feeds: Sequence[bytes]) -> float:
    started = time.process_time()
    for data in feeds:
        read(data)
    return time.process_time() - started


def main() -> int:
    """Print every disagreement, then the figures."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else corpus_folder()
    for name, data in real_feeds(corpus / "feeds").items():
        feed = _ours(data)
        if isinstance(feed, Feed):
            for found in differences(name, data, feed, _theirs(data)):
                print(f"{found.feed} #{found.entry} {found.field}: {found.why or 'not explained'}")
                print(f"   ours   {found.ours}\n   theirs {found.theirs}")
        else:
            print(f"{name}: {feed!r}")
    for figure in figures(corpus):
        print(f"{figure.measure:32} {figure.cases:6} {figure.value:9.4f}  {figure.detail}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
