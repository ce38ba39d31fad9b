"""The tree of archive documents: `articles/<source>/<number>.md`, with one list per source.

Numbers are permanent. Writing a tree again without new articles changes no byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import NumberedArticle, Source
from unabridged.atomic_files import Folder
from unabridged.errors import DocumentError, ExportError
from unabridged.formats.document.document import (
    document_clock,
    parse_document,
    plain_title,
    write_document,
    written_title,
)
from unabridged.formats.export_job import OnArticle, ignore
from unabridged.formats.output_files import bytes_of, locked_folder, write_if_changed

HEAD_BYTES = 20_000
"""Bytes of a document that hold its first two lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeReport:
    """Counts of a tree export: documents new, rewritten and in total; lists rewritten."""

    new: int = 0
    rewritten: int = 0
    documents: int = 0
    lists: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.new or self.rewritten or self.lists)


def write_tree(
    archive: Archive,
    folder: Path,
    *,
    sources: Iterable[str] | None = None,
    on_article: OnArticle = ignore,
) -> TreeReport:
    """Write an archive as documents and lists into a folder.

    sources: slugs to write, None for all; on_article: called with every article. Raises ExportError when
    another run writes there, or when a path already holds another article (import the folder first).
    """
    with locked_folder(folder) as root:
        archive.documents.assign_numbers()
        wanted = None if sources is None else frozenset(sources)
        reports = [
            _write_source(archive, root, source, on_article)
            for source in archive.documents.sources()
            if wanted is None or source.slug in wanted
        ]
    return TreeReport(
        new=sum(one.new for one in reports),
        rewritten=sum(one.rewritten for one in reports),
        documents=sum(one.documents for one in reports),
        lists=sum(one.lists for one in reports),
    )


def _write_source(archive: Archive, root: Folder, source: Source, on_article: OnArticle) -> TreeReport:
    rows: list[tuple[datetime, int, str]] = []
    new = rewritten = 0
    for one in archive.documents.articles(source.slug):
        path = f"articles/{source.slug}/{one.number}.md"
        existing = bytes_of(root, path)
        content = write_document(one.stored.article, crawled=one.stored.first_seen)
        if existing is None:
            new += 1
        elif existing != content:
            _refuse_other_article(root.path / path, existing, one)
            rewritten += 1
        write_if_changed(root, path, content)
        rows.append(_list_row(one, source.slug))
        on_article(one.stored)
    lists = 0
    if rows:
        content = _list_document(source, sorted(rows, key=lambda row: row[:2], reverse=True))
        lists = int(write_if_changed(root, f"lists/{source.slug}.md", content))
    return TreeReport(new=new, rewritten=rewritten, documents=len(rows), lists=lists)


def _refuse_other_article(path: Path, existing: bytes, one: NumberedArticle) -> None:
    """Raise ExportError rather than overwrite another article's document: numbers are permanent."""
    try:
        found = parse_document(existing, path=path).article.url
    except DocumentError:
        return
    if found != one.stored.article.url:
        raise ExportError(
            f"{path} is another article ({found}). Import the folder first, or choose an empty one."
        )


def _list_row(one: NumberedArticle, slug: str) -> tuple[datetime, int, str]:
    article = one.stored.article
    at = article.published or document_clock(article, one.stored.first_seen)
    at = at.replace(microsecond=0)
    line = (
        f"- {at:%Y-%m-%d} [{written_title(article.title) or one.number}](../articles/{slug}/{one.number}.md)"
    )
    return at.astimezone(UTC), one.number, line


def _list_document(source: Source, rows: list[tuple[datetime, int, str]]) -> bytes:
    title = written_title(source.title) or source.slug
    return ("\n".join([f"# {title}", "", *(line for _, _, line in rows)]) + "\n").encode()


def list_title(folder: Path, slug: str) -> str | None:
    """Return a source's title from its list in a tree; None if it has no list."""
    path = folder / "lists" / f"{slug}.md"
    if not path.is_file():
        return None
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise ExportError(f"{path} cannot be read: {exc.strerror}.") from exc
    if not content.startswith(b"# "):
        return None
    first = content[2:HEAD_BYTES].decode("utf-8", "replace").partition("\n")[0]
    return plain_title(first.strip()) or None
