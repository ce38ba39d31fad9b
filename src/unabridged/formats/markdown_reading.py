"""Markdown with front matter, as our own export writes it, read back as an article."""

import re
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import orjson
from markdown_it import MarkdownIt

from unabridged.archive.records.core import Imported
from unabridged.archive.records.encoding import article_from_mapping
from unabridged.cleaning import sane_instant
from unabridged.errors import ArchiveError, DocumentError, InvalidURL
from unabridged.extraction.body.fragment import sanitise
from unabridged.extraction.html.render import render
from unabridged.formats.document.document import MAX_BYTES, check_address
from unabridged.text.slugs import slug_of
from unabridged.urls import host

MOST_CELLS = 100_000
"""A cell of Markdown costs 1.5 kB and 30 µs to read, so that a small file could take all memory."""

_FACT = re.compile(r"([a-z_]+): (.*)")
_HEADING = re.compile(r"\s*# [^\n]*(?:\n|$)")
_SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")([^"]+)(")')
_ALONE = re.compile(r"<p>(<img\b[^>]*>)</p>")
"""A picture in a paragraph of its own is a figure in our bodies."""

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(content: bytes, *, path: Path) -> Imported:
    """Read one file; all that its front matter does not say is made of the text.

    Raises DocumentError with file and line.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{path}: larger than {MAX_BYTES:,} bytes; a Markdown file is one article.")
    if content.count(b"|") > MOST_CELLS:
        raise DocumentError(f"{path}: more than {MOST_CELLS:,} cells of tables; no article has so many.")
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    lines = text.split("\n")
    end = next((place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise DocumentError(f"{path}:1: the front matter has no second line of three dashes.")
    facts = _facts(lines[1:end], path)
    body = _body("\n".join(lines[end + 1 :]), facts)
    try:
        return _imported(facts, body)
    except (ArchiveError, InvalidURL, TypeError, ValueError, AttributeError, OverflowError) as exc:
        raise DocumentError(f"{path}: its front matter describes no article: {exc}") from exc


def _facts(lines: list[str], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, line in enumerate(lines, 2):
        match = _FACT.fullmatch(line)
        if match is None:
            continue
        try:
            found[match[1]] = orjson.loads(match[2])
        except orjson.JSONDecodeError as exc:
            raise DocumentError(f"{path}:{number}: the value of {match[1]!r} is not JSON: {exc}.") from exc
    if not isinstance(found.get("url"), str):
        raise DocumentError(f"{path}:1: the front matter names no url.")
    return found


def _body(markdown: str, facts: dict[str, Any]) -> str:
    """The clean body: the heading is the title, and kept pictures get their own addresses back."""
    html: str = _PARSER.render(_HEADING.sub("", markdown, count=1))
    pictures = facts.get("pictures")
    known: dict[str, Any] = pictures if isinstance(pictures, dict) else {}

    def own(found: re.Match[str]) -> str:
        return f"{found[1]}{escape(str(known.get(found[2], found[2])))}{found[3]}"

    return sanitise(_SOURCE.sub(own, _ALONE.sub(r"<figure>\1</figure>", html)))


def _imported(facts: dict[str, Any], body: str) -> Imported:
    check_address(facts["url"])
    views = render(body)
    kind = facts.get("completeness")
    given = facts | {
        "title": str(facts.get("title") or ""),
        "completeness": {"kind": kind} if isinstance(kind, str) else None,
        "body": body,
        "text": views.text,
        "markdown": views.markdown,
        "links": [{"url": link.url, "text": link.text} for link in views.links],
        "media": orjson.loads(orjson.dumps(views.media)),
    }
    article = article_from_mapping({name: value for name, value in given.items() if value is not None})
    seen = facts.get("first_seen")
    return Imported(
        article=article,
        origin="document",
        source=str(facts.get("source") or slug_of(host(article.url)) or "imported"),
        first_seen=sane_instant(datetime.fromisoformat(seen)) if isinstance(seen, str) else None,
    )
