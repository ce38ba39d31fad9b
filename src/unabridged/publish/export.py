"""Writing an archive out: one table, format to writer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from unabridged.archive.records import Query, StoredArticle
from unabridged.archive.store import Archive
from unabridged.errors import ExportError
from unabridged.publish.files import whole_file, write_if_changed
from unabridged.publish.jsonl import jsonl_line
from unabridged.publish.tree import write_tree

_UNFIT = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """How many articles went out, and how many files were really written."""

    articles: int
    files: int


def export_documents(archive: Archive, query: Query, target: Path) -> ExportReport:
    """Write the tree of documents and lists: all of it, or one source (a feed's own, or by its slug).

    A part of a source would make its list lie, so other conditions are refused with ExportError.
    """
    if query.folder is not None or query.unread or query.starred:
        raise ExportError(
            "The document tree is written by source: choose a feed or a source, or export markdown or jsonl."
        )
    report = write_tree(archive, target, sources=_sources(archive, query))
    return ExportReport(articles=report.documents, files=report.new + report.rewritten + report.lists)


def _sources(archive: Archive, query: Query) -> list[str] | None:
    """The slugs that a query names, None for every source."""
    if query.feed is None:
        return None if query.source is None else [query.source]
    of_feed = [source.slug for source in archive.sources() if source.feed_id == query.feed]
    return [slug for slug in of_feed if query.source in (None, slug)]


def export_markdown(archive: Archive, query: Query, target: Path) -> ExportReport:
    """Write a Markdown file with front matter for each article: `<source>/<id>-<title>.md`."""
    written = articles = 0
    for stored in archive.all_articles(query):
        name = _UNFIT.sub("-", stored.article.title.casefold()).strip("-")[:60].rstrip("-")
        path = target / stored.source / (f"{stored.id}-{name}.md" if name else f"{stored.id}.md")
        written += write_if_changed(path, write_markdown(stored))
        articles += 1
    return ExportReport(articles=articles, files=written)


def export_jsonl(archive: Archive, query: Query, target: Path) -> ExportReport:
    """Write one file of JSON lines, whole or not at all."""
    with whole_file(target) as file:
        articles = stream_jsonl(archive, query, file)
    return ExportReport(articles=articles, files=1)


def stream_jsonl(archive: Archive, query: Query, out: BinaryIO) -> int:
    """Write JSON lines to an open stream. Returns how many."""
    return _stream(archive, query, out, jsonl_line)


def stream_markdown(archive: Archive, query: Query, out: BinaryIO) -> int:
    """Write Markdown articles one after the other to an open stream. Returns how many."""
    return _stream(archive, query, out, write_markdown)


def _stream(archive: Archive, query: Query, out: BinaryIO, write: Callable[[StoredArticle], bytes]) -> int:
    count = 0
    for stored in archive.all_articles(query):
        out.write(write(stored))
        count += 1
    return count


EXPORTERS: Mapping[str, Callable[[Archive, Query, Path], ExportReport]] = {
    "document": export_documents,
    "markdown": export_markdown,
    "jsonl": export_jsonl,
}
"""Format -> writer to a file or folder."""

STREAMS: Mapping[str, Callable[[Archive, Query, BinaryIO], int]] = {
    "markdown": stream_markdown,
    "jsonl": stream_jsonl,
}
"""Formats that can be piped."""


def write_markdown(stored: StoredArticle) -> bytes:
    """An article as Markdown with front matter: each value is JSON, which is YAML too."""
    article = stored.article
    facts: dict[str, Any] = {
        "id": stored.id,
        "title": article.title,
        "url": article.url,
        "authors": list(article.authors) or None,
        "published": article.published and article.published.isoformat(),
        "modified": article.modified and article.modified.isoformat(),
        "language": article.language,
        "source": stored.source,
        "tags": list(article.tags) or None,
        "revision": stored.revision,
        "completeness": article.completeness.kind,
    }
    lines = [f"{name}: {orjson.dumps(value).decode()}" for name, value in facts.items() if value is not None]
    front = "\n".join(["---", *lines, "---"])
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(article.title.split()))
    return f"{front}\n\n# {title}\n\n{article.markdown.strip()}\n\n".encode()
