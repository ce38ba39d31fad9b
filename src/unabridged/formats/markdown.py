"""Articles as Markdown with front matter, with the pictures that are kept beside them."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import orjson

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.atomic_files import Folder
from unabridged.cleaning import with_web_addresses
from unabridged.extraction.html.render import to_markdown
from unabridged.formats.atomic_files import write_if_changed

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
"""Media type of a kept picture -> the end of its file's name."""

_UNFIT = re.compile(r"[^\w]+")
_SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")([^"]+)(")', re.IGNORECASE)


def file_name(stored: StoredArticle) -> str:
    """A file's name for an article: its number and the letters of its title, nothing that leads elsewhere."""
    title = _UNFIT.sub("-", stored.article.title.lower()).strip("-")
    letters = title.encode()[:120].decode("utf-8", "ignore")[:60].rstrip("-")
    return f"{stored.id}-{letters}" if letters else str(stored.id)


def write_markdown(stored: StoredArticle, pictures: Mapping[str, str] | None = None) -> bytes:
    """An article as Markdown with front matter: each value is JSON, which is YAML too.

    pictures: address -> path beside the file, for those that are kept.
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
        "completeness": article.completeness.kind,
        "first_seen": stored.first_seen.isoformat(),
        "content_hash": stored.content_hash,
        "pictures": {path: url for url, path in pictures.items()} if pictures else None,
    }
    lines = [f"{name}: {orjson.dumps(value).decode()}" for name, value in facts.items() if value is not None]
    front = "\n".join(["---", *lines, "---"])
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(article.title.split()))
    body = to_markdown(with_pictures(article.body, pictures)) if pictures else article.markdown
    return f"{front}\n\n# {title}\n\n{body.strip()}\n\n".encode()


def with_pictures(body: str, pictures: Mapping[str, str]) -> str:
    """A clean body with its pictures' addresses replaced where they are kept."""

    def local(match: re.Match[str]) -> str:
        path = pictures.get(unescape(match[2]))
        return match[0] if path is None else f"{match[1]}{escape(path)}{match[3]}"

    return _SOURCE.sub(local, body)


def save_pictures(archive: Archive, stored: StoredArticle, root: Folder) -> tuple[dict[str, str], int]:
    """Write an article's kept pictures into `images` beside it, each once under its hash.

    Returns address -> path from the article, and how many files were written.
    """
    found: dict[str, str] = {}
    written = 0
    for url, key in archive.library().articles.images(stored.id):
        kept = None if key is None else archive.images.find(url)
        if kept is not None and kept.type in SUFFIXES:
            name = f"images/{kept.hash}.{SUFFIXES[kept.type]}"
            written += write_if_changed(root, f"{stored.source}/{name}", kept.body)
            found[url] = name
    return found, written
