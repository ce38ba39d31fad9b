"""Count feedparser's own test cases that our records answer as feedparser does.

    python -m bench.feed_cases [FOLDER]     every miss, named, and the table by class

Each case is a small feed with a comment that says what to expect of it, an expression over
feedparser's result. Our record is put under feedparser's names and the expression evaluated on that.
What our record holds as plain text (titles, descriptions of feeds) is compared as text; HTML is
compared by its words and the addresses of its links. Classes that are no part of our record
(sanitising, rights, generators, geography, ...) are shown, and not held against a floor.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser

from bench.corpora import corpus_folder
from bench.feeds import words
from bench.figures import Figure
from unabridged.errors import FeedError
from unabridged.feeds.parsing.decode import codec_name, decode
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.parsing.values import resolve_links
from unabridged.model import Clock, Entry, Feed
from unabridged.urls import absolute

URL = "http://127.0.0.1:8097/feed.xml"
"""Address at which feedparser's own tests serve the cases."""

NOW = datetime(2026, 12, 31, tzinfo=UTC)
COUNTED = (
    "title",
    "link",
    "id",
    "content",
    "dates",
    "authors",
    "entities",
    "xml:base",
    "encodings",
    "enclosures",
)

# Last name of what an expression asks for -> class. The folder decides first (see `_class_of`).
_BY_NAME = (
    ("enclosures", r"enclosures"),
    ("authors", r"authors?(?:_detail)?\b"),
    ("dates", r"(?:published|updated|created|modified|expired)(?:_parsed)?\b"),
    ("content", r"(?:content|summary|description|subtitle|tagline)(?:_detail)?\b"),
    ("title", r"title(?:_detail)?\b"),
    ("link", r"links?\b"),
    ("id", r"(?:id|guid)\b"),
)
_ASKED = re.compile(r"(?:feed|entries\[0\])(?:\.|\[['\"])([\w:-]+)")
_PART = re.compile(r"_detail['\"]?\]?(?:\.|\[['\"])(\w+)|(?:links|content)['\"]\]\[0\]\[['\"](\w+)")
_NOT_OURS = frozenset({"type", "language", "rel", "hreflang", "length", "title", "contributors", "src"})
_KEPT = frozenset({"subtitle"})
_THEIR_NAMES = {"expirationdate": "expired", "dcterms:created": "created", "dcterms:issued": "published"}
_EXPECT = re.compile(r"Expect:\s*(.+?)\s*(?:-->|\n)", re.DOTALL)
_HEADER = re.compile(r"Header:\s*([\w-]+):\s*(.+?)\s*\n")
_LINKS = re.compile(r"(?:href|src|cite)=[\"']([^\"']*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One case: its class, what it expects, whether we meet it, and what stood in the way."""

    name: str
    kind: str
    expected: str
    met: bool
    why: str = ""


def figures(corpus: Path) -> list[Figure]:
    """Return a row for each class and one over those that are counted."""
    outcomes = list(run(corpus / "feedparser-cases"))
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    counted = [outcome for outcome in outcomes if outcome.kind in COUNTED]
    rows = [_row(kind, by_kind[kind]) for kind in COUNTED]
    outside = [outcome for outcome in outcomes if outcome.kind not in COUNTED]
    rows.append(_row("not counted: no field of our record", outside))
    crashes = [outcome for outcome in outcomes if outcome.why.startswith("crash")]
    without = Figure(
        part="feedparser-cases",
        measure="read without a crash",
        cases=len(outcomes),
        value=1 - len(crashes) / max(len(outcomes), 1),
        detail=_named(crashes),
    )
    return [_row("all that are counted", counted), without, *rows]


def _row(kind: str, outcomes: list[Outcome]) -> Figure:
    missed = [outcome for outcome in outcomes if not outcome.met]
    value = 1 - len(missed) / max(len(outcomes), 1)
    return Figure(
        part="feedparser-cases", measure=kind, cases=len(outcomes), value=value, detail=_named(missed)
    )


def _named(outcomes: list[Outcome]) -> str:
    names = [outcome.name for outcome in outcomes[:4]]
    return ", ".join(names) + (f" and {len(outcomes) - 4} more" if len(outcomes) > 4 else "")


def run(folder: Path) -> Iterator[Outcome]:
    """Yield the outcome of every case that says what it expects."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        said = _comment(data)
        expected = _EXPECT.search(said)
        if expected:
            yield _outcome(path.relative_to(folder), data, said, expected[1])


def _comment(data: bytes) -> str:
    for encoding in (
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "latin-1",
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "Expect:" in text:
            return text
    return ""


def _outcome(path: Path, data: bytes, said: str, expected: str) -> Outcome:
    headers = {name.lower(): value for name, value in _HEADER.findall(said.partition("-->")[0])}
    kind, name = _class_of(path, expected), str(path)
    try:
        feed = parse_feed(
            data,
            url=urljoin(URL, headers.get("content-location", "")),
            content_type=headers.get("content-type"),
            now=NOW,
        )
    except FeedError as exc:
        return Outcome(name=name, kind=kind, expected=expected, met=expected == "bozo", why=str(exc))
    except Exception as exc:  # noqa: BLE001 - an examination reports what it finds
        return Outcome(name=name, kind=kind, expected=expected, met=False, why=f"crash: {exc!r}")
    met, why = _holds(expected, feed, data, headers.get("content-type"))
    return Outcome(name=name, kind=kind, expected=expected, met=met, why=why)


def _class_of(path: Path, expected: str) -> str:
    folder = path.parent.name
    asked = _ASKED.search(expected)
    part = _PART.search(expected)
    last = (part[1] or part[2]) if part else ""
    if folder == "sanitize":
        return "sanitising"
    if folder in ("encoding", "entities"):
        return {"encoding": "encodings"}.get(folder, folder)
    if last in _NOT_OURS or (last == "base" and asked and not re.match("content|summary", asked[1])):
        return f"detail: {last}"
    if folder == "base":
        held = asked and re.match("content|summary|description|link|comments|author", asked[1])
        return "xml:base" if held else "xml:base of plain text or unheld fields"
    if asked and "contributors" not in expected and "['source']" not in expected:
        return next((kind for kind, pattern in _BY_NAME if re.match(pattern, asked[1])), "other")
    return "other"


def _holds(expected: str, feed: Feed, data: bytes, content_type: str | None) -> tuple[bool, str]:
    """Evaluate what a case expects on our record; the expressions come from the corpus, not from feeds."""
    names = {
        "bozo": "not bozo" not in expected,
        "feed": _head(feed),
        "entries": [_entry(entry) for entry in feed.entries],
        "encoding": _Encoding(data, content_type),
        "version": feed.format,
        "feedparser": feedparser,
        "bozo_exception": feedparser.CharacterEncodingOverride() if feed.notes else None,
    }
    try:
        met = bool(
            eval(expected, {"__builtins__": {"len": len, "ord": ord, "isinstance": isinstance}}, names)
        )
    except Exception as exc:  # noqa: BLE001 - whatever the expression meets, it is a miss
        return False, repr(exc)
    asked = _ASKED.search(expected)
    found = names["feed"] if asked and asked[0].startswith("feed") else (names["entries"] or [{}])[0]
    return met, "" if met else f"ours: {found.get(asked[1]) if asked and isinstance(found, dict) else None!r}"


class Said(str):
    """Text or HTML that equals another spelling of the same words and links."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        return words(self) == words(other) and _LINKS.findall(self) == _LINKS.findall(other)

    def __hash__(self) -> int:
        return hash(words(self))


class Line(str):
    """A line of plain text, equal to markup of the same words."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and words(self) == words(other)

    def __hash__(self) -> int:
        return hash(words(self))


class Address(str):
    """An address that equals another spelling of the same normal form."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and (absolute(self, None) or str(self)) == (
            absolute(other, None) or other
        )

    __hash__ = str.__hash__


class _Encoding:
    """The encoding of a document, equal to every name that reads its bytes as we did."""

    def __init__(self, data: bytes, content_type: str | None) -> None:
        self.data = data
        self.decoded = decode(data, content_type)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        try:
            return self.data.decode(codec_name(other) or other).lstrip("\ufeff") == self.decoded.text
        except (LookupError, UnicodeDecodeError):
            return False

    __hash__ = None  # type: ignore[assignment]


class _Base(str):
    """The base of an element, equal to the one against which its links were resolved."""

    links: list[str]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        inside = [link for link in getattr(self, "links", ()) if link.startswith(other)]
        return str(self) == other or bool(inside)

    __hash__ = str.__hash__


def _base(entry: Entry, markup: str) -> _Base:
    base = _Base(entry.base or "")
    base.links = _LINKS.findall(resolve_links(markup, entry.base or ""))
    return base


def _record(fields: Mapping[str, Any]) -> feedparser.FeedParserDict:
    return feedparser.FeedParserDict(
        {key: value for key, value in fields.items() if value is not None and (key in _KEPT or len(value))}
    )


def _clock(name: str, clock: Clock | None) -> dict[str, object]:
    if clock is None:
        return {}
    return {name: clock.raw, f"{name}_parsed": (*clock.at.astimezone(UTC).timetuple()[:8], 0)}


def _people(names: tuple[str, ...], extra: tuple[tuple[str, str], ...]) -> dict[str, object]:
    mails = [value for key, value in extra if key == "author:email"]
    pages = [value for key, value in extra if key == "author:uri"]
    named = [name for name in names if name not in mails]
    count = max(len(named), len(mails), len(pages))
    everyone = [
        _record({"name": named[n : n + 1], "email": mails[n : n + 1], "href": pages[n : n + 1]})
        for n in range(count)
    ]
    for person in everyone:
        person.update({key: value[0] for key, value in person.items()})
    if not everyone:
        return {}
    detail = everyone[-1]
    both = f"{detail['name']} ({detail['email']})" if "name" in detail and "email" in detail else ""
    plain = detail.get("name") or detail.get("email") or ""
    return {"author": both or plain, "author_detail": detail, "authors": everyone}


def _raw(extra: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return raw elements under feedparser's names for them."""
    return {_THEIR_NAMES.get(key, key.replace(":", "_")): value for key, value in extra}


def _head(feed: Feed) -> feedparser.FeedParserDict:
    links = [
        _record({"href": href, "rel": rel})
        for href, rel in ((feed.site_url, "alternate"), (feed.self_url, "self"))
    ]
    described = Line(feed.description)
    return _record(
        {
            "title": Line(feed.title),
            "title_detail": _record({"value": Line(feed.title)}),
            "link": feed.site_url,
            "links": [link for link in links if "href" in link],
            "subtitle": described,
            "subtitle_detail": _record({"value": described}),
            "language": feed.language,
            "image": _record({"href": feed.icon}),
            "icon": feed.icon,
            "logo": feed.icon,
            **_raw(feed.extra),
            **_people(feed.authors, feed.extra),
            **_clock("published", feed.updated),
            **_clock("updated", feed.updated),
        }
    )


def _entry(entry: Entry) -> feedparser.FeedParserDict:
    base = entry.base or URL
    summary = Said(resolve_links(entry.summary_html, base))
    content = Said(resolve_links(entry.content_html, base))
    enclosures = [
        _record({"href": e.url, "rel": "enclosure", "type": e.type, "length": e.length and str(e.length)})
        for e in entry.enclosures
    ]
    parts = [_record({"value": text, "base": _base(entry, text)}) for text in (content, summary) if text]
    return _record(
        {
            "title": Line(entry.title),
            "title_detail": _record({"value": Line(entry.title)}),
            "id": entry.guid and (urljoin(base, entry.guid) if entry.guid.startswith("/") else entry.guid),
            "link": entry.url and Address(entry.url),
            "links": [_record({"href": entry.url, "rel": "alternate"})] * bool(entry.url) + enclosures,
            "summary": summary or content,
            "summary_detail": _record(
                {"value": summary or content, "base": _base(entry, summary or content)}
            ),
            "content": parts,
            "language": entry.language,
            "tags": [_record({"term": tag}) for tag in entry.tags],
            "comments": entry.comments_url,
            "source": _record({"title": entry.source_title, "link": entry.source_url}),
            "image": _record({"href": entry.lead_image}),
            "media_thumbnail": [{"url": entry.lead_image}],
            "subtitle": dict(entry.extra).get("subtitle") or summary,
            **_raw(entry.extra),
            **_people(entry.authors, entry.extra),
            **_clock("published", entry.published),
            **_clock("updated", entry.modified or entry.published),
            **_clock("created", entry.published),
        }
    )


def main() -> int:
    """Print every miss of the counted classes, then the table."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else corpus_folder()
    outside: Counter[str] = Counter()
    for outcome in run(corpus / "feedparser-cases"):
        outside[outcome.kind] += outcome.kind not in COUNTED
        if not outcome.met and outcome.kind in COUNTED:
            print(f"{outcome.kind:11} {outcome.name}\n   expects {outcome.expected[:150]}")
            print(f"   {outcome.why[:200]}")
    for figure in figures(corpus):
        print(f"{figure.measure:42} {figure.cases:5} {figure.value:7.3f}  {figure.detail[:90]}")
    print("not counted:", ", ".join(f"{kind} {count}" for kind, count in outside.most_common() if count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
