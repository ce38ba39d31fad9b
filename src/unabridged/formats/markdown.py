"""Articles as Markdown with front matter: export and import."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

import orjson
from markdown_it import MarkdownIt

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.encoding import article_from_mapping
from unabridged.archive.records.imports import Imported
from unabridged.archive.records.library import Highlight
from unabridged.atomic_files import Folder
from unabridged.cleaning import sane_instant, with_web_addresses
from unabridged.errors import ArchiveError, DocumentError, InvalidURL
from unabridged.extraction.body.fragment import sanitise
from unabridged.extraction.html.render import render, to_markdown
from unabridged.formats.document.document import MAX_BYTES, check_address
from unabridged.formats.output_files import write_if_changed
from unabridged.text.slugs import slug_of
from unabridged.urls import host

SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/x-icon": "ico",
    "image/vnd.microsoft.icon": "ico",
}
"""Media type of a saved picture -> file suffix."""

_UNFIT = re.compile(r"[^\w]+")
_IMAGE_SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")([^"]+)(")', re.IGNORECASE)

MAX_CELLS = 100_000
"""Table cells of a file. Each takes 1.5 kB and 30 µs to parse, so that a small file could fill the memory."""

_FACT = re.compile(r"([a-z_]+): (.*)")
_HEADING = re.compile(r"\s*# [^\n]*(?:\n|$)")
_ALONE = re.compile(r"<p>(<img\b[^>]*>)</p>")
"""A picture alone in a paragraph, which is a figure in our bodies."""

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


# Export


def file_name(stored: StoredArticle) -> str:
    """Return a safe file name for an article: its number and the letters of its title."""
    title = _UNFIT.sub("-", stored.article.title.lower()).strip("-")
    letters = title.encode()[:120].decode("utf-8", "ignore")[:60].rstrip("-")
    return f"{stored.id}-{letters}" if letters else str(stored.id)


def write_markdown(
    stored: StoredArticle,
    pictures: Mapping[str, str] | None = None,
    highlights: Sequence[Highlight] = (),
) -> bytes:
    """Return an article as Markdown with front matter; each value is JSON, which is also YAML.

    pictures: URL -> relative path, for saved pictures. highlights: the user's, with their notes.
    """
    article = with_web_addresses(stored.article)
    facts: dict[str, Any] = {
        "id": stored.id,
        "title": article.title,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "authors": list(article.authors) or None,
        "published": article.published and article.published.isoformat(),
        "modified": article.modified and article.modified.isoformat(),
        "language": article.language,
        "source": stored.source,
        "site_name": article.site_name,
        "section": article.section,
        "summary": article.summary or None,
        "lead_image": article.lead_image,
        "tags": list(article.tags) or None,
        "revision": stored.revision,
        "edits": stored.edits or None,
        "edited": stored.edited and stored.edited.isoformat(),
        "completeness": article.completeness.kind,
        "first_seen": stored.first_seen.isoformat(),
        "content_hash": stored.content_hash,
        "highlights": [_highlight(one) for one in highlights] or None,
        "pictures": {path: url for url, path in pictures.items()} if pictures else None,
    }
    lines = [f"{name}: {orjson.dumps(value).decode()}" for name, value in facts.items() if value is not None]
    front = "\n".join(["---", *lines, "---"])
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(article.title.split()))
    body = to_markdown(with_pictures(article.html, pictures)) if pictures else article.markdown
    return f"{front}\n\n# {title}\n\n{body.strip()}\n\n".encode()


def _highlight(one: Highlight) -> dict[str, Any]:
    note = {"note": one.note} if one.note else {}
    return {"words": one.quote.exact} | note | {"version": one.number, "created": one.created.isoformat()}


def with_pictures(body: str, pictures: Mapping[str, str]) -> str:
    """Replace the URLs of saved pictures in a clean body by their paths."""

    def local(match: re.Match[str]) -> str:
        path = pictures.get(unescape(match[2]))
        return match[0] if path is None else f"{match[1]}{escape(path)}{match[3]}"

    return _IMAGE_SOURCE.sub(local, body)


def save_pictures(archive: Archive, stored: StoredArticle, root: Folder) -> tuple[dict[str, str], int]:
    """Write an article's saved pictures into `images` beside it, named by hash.

    Returns URL -> path relative to the article, and the number of files written.
    """
    found: dict[str, str] = {}
    written = 0
    for url, key in archive.library().articles.images(stored.id):
        image = None if key is None else archive.images.find(url)
        if image is not None and image.type in SUFFIXES:
            name = f"images/{image.hash}.{SUFFIXES[image.type]}"
            written += write_if_changed(root, f"{stored.source}/{name}", image.body)
            found[url] = name
    return found, written


# Import


def read_markdown(content: bytes, *, path: Path) -> Imported:
    """Parse one file; fields missing in the front matter are derived from the text.

    Raises DocumentError with file and line.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{path}: larger than {MAX_BYTES:,} bytes; a Markdown file is one article.")
    if content.count(b"|") > MAX_CELLS:
        raise DocumentError(f"{path}: more than {MAX_CELLS:,} table cells; no article has so many.")
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    lines = text.split("\n")
    end = next((place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise DocumentError(f"{path}:1: the front matter is not closed by a line of three dashes.")
    facts = _parse_front_matter(lines[1:end], path)
    markdown = _HEADING.sub("", "\n".join(lines[end + 1 :]), count=1)
    try:
        return replace(_imported(facts, _body(markdown, facts)), markdown=_with_addresses(markdown, facts))
    except (ArchiveError, InvalidURL, TypeError, ValueError, AttributeError, OverflowError) as exc:
        raise DocumentError(f"{path}: its front matter is not that of an article: {exc}") from exc


def _parse_front_matter(lines: list[str], path: Path) -> dict[str, Any]:
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
        raise DocumentError(f"{path}:1: the front matter has no url.")
    return found


def _saved_pictures(facts: dict[str, Any]) -> dict[str, Any]:
    pictures = facts.get("pictures")
    return pictures if isinstance(pictures, dict) else {}


def _with_addresses(markdown: str, facts: dict[str, Any]) -> str:
    """Return the Markdown with the original URLs of saved pictures."""
    for path, url in _saved_pictures(facts).items():
        markdown = markdown.replace(f"]({path}", f"]({url}")
    return markdown


def _body(markdown: str, facts: dict[str, Any]) -> str:
    """Render the clean body, with the original URLs of saved pictures."""
    html: str = _PARSER.render(markdown)
    known = _saved_pictures(facts)

    def own(found: re.Match[str]) -> str:
        return f"{found[1]}{escape(str(known.get(found[2], found[2])))}{found[3]}"

    return sanitise(_IMAGE_SOURCE.sub(own, _ALONE.sub(r"<figure>\1</figure>", html)))


def _imported(facts: dict[str, Any], body: str) -> Imported:
    check_address(facts["url"])
    views = render(body)
    kind = facts.get("completeness")
    given = facts | {
        "title": str(facts.get("title") or ""),
        "completeness": {"kind": kind} if isinstance(kind, str) else None,
        "html": body,
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
