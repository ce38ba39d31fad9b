"""Articles as JSON lines: one object an article, out and in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from unabridged.archive.codec import article_from_mapping, encode
from unabridged.archive.records import Imported, StoredArticle
from unabridged.archive.sources import slug_of
from unabridged.errors import ArchiveError, DocumentError
from unabridged.extract.clean import sanitise
from unabridged.extract.render import render
from unabridged.model import Article
from unabridged.urls import host

MAX_LINE = 20_000_000
"""Bytes: a longer line is refused, so that a file without line ends cannot fill the memory."""

_BLOCK = 1 << 20


def jsonl_line(stored: StoredArticle) -> bytes:
    """One article as a line: the fields of docs/reference/formats.md, all of them always there."""
    article = stored.article
    known: dict[str, Any] = orjson.loads(encode(article))
    line = {
        "id": stored.id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "published": _time(article.published),
        "modified": _time(article.modified),
        "language": article.language,
        "source": stored.source,
        "text": article.text,
        "html": article.body,
        "revision": stored.revision,
        "markdown": article.markdown,
        "summary": article.summary,
        "tags": list(article.tags),
        "lead_image": article.lead_image,
        "site_name": article.site_name,
        "section": article.section,
        "kind": article.kind,
        "credit": list(article.credit),
        "enclosures": known.get("enclosures", []),
        "clocks": known.get("clocks", []),
        "completeness": known.get("completeness", {"kind": "full"}),
        "provenance": known.get("provenance", {}),
        "warnings": list(article.warnings),
        "first_seen": stored.first_seen.isoformat(),
        "content_hash": stored.content_hash,
        "read": stored.read,
        "starred": stored.starred,
    }
    return orjson.dumps(line) + b"\n"


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def read_jsonl(path: Path) -> Iterator[Imported | DocumentError]:
    """The articles of a file; for a line that holds none, the error that says so with its place."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), 1):
                where = f"{path}:{number}"
                if line is None:
                    yield DocumentError(
                        f"{where}: a line of more than {MAX_LINE:,} bytes; no article is so long."
                    )
                elif line.strip():
                    yield _imported(line, where)
    except OSError as exc:
        yield DocumentError(f"{path} cannot be read: {exc.strerror}.")


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file, None for each that is too long; that one is passed over block by block."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        del line
        while (block := file.readline(_BLOCK)) and not block.endswith(b"\n"):
            pass
        yield None


def _imported(line: bytes, where: str) -> Imported | DocumentError:
    try:
        given = orjson.loads(line)
        if not isinstance(given, dict) or not isinstance(given.get("url"), str):
            return DocumentError(f"{where}: expected an object with at least a url.")
        article = _article(given)
        first_seen = given.get("first_seen")
        return Imported(
            article=article,
            origin="jsonl",
            source=str(given.get("source") or slug_of(host(article.url)) or "imported"),
            first_seen=None if first_seen is None else datetime.fromisoformat(first_seen),
        )
    except orjson.JSONDecodeError as exc:
        return DocumentError(f"{where}: not JSON: {exc}.")
    except (ArchiveError, TypeError, ValueError) as exc:
        return DocumentError(f"{where}: not an article: {exc}.")


def _article(given: dict[str, Any]) -> Article:
    """The article of a line; HTML from a file is as unsafe as any, and all views are made of it."""
    html = given.get("html") or ""
    text = given.get("text") or ""
    body = sanitise(str(html)) or "".join(
        f"<p>{_escaped(part)}</p>" for part in str(text).split("\n\n") if part
    )
    views = render(body)
    known = {name: value for name, value in given.items() if value is not None}
    return article_from_mapping(
        known
        | {
            "title": str(given.get("title") or ""),
            "body": body,
            "text": views.text,
            "markdown": views.markdown,
            "links": [{"url": link.url, "text": link.text} for link in views.links],
            "media": orjson.loads(orjson.dumps(views.media)),
        }
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
