"""The tree of archive documents: `articles/<source>/<number>.md`, with a list a source.

Numbers are given once and stay. Writing a tree again without news changes no byte.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import NumberedArticle, Source, StoredArticle
from unabridged.atomic_files import Folder
from unabridged.errors import DocumentError, ExportError
from unabridged.formats.atomic_files import bytes_of, sole_writer, write_if_changed
from unabridged.formats.document.document import (
    document_clock,
    parse_document,
    plain_title,
    write_document,
    written_title,
)

HEAD_BYTES = 20_000
"""Enough of a document for its first two lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeReport:
    """What writing a tree did: documents new, documents rewritten, documents there, lists rewritten."""

    new: int = 0
    rewritten: int = 0
    documents: int = 0
    lists: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.new or self.rewritten or self.lists)


def _unseen(_stored: StoredArticle) -> None:
    """Nobody looks on."""


def write_tree(
    archive: Archive,
    folder: Path,
    *,
    sources: Iterable[str] | None = None,
    seen: Callable[[StoredArticle], None] = _unseen,
) -> TreeReport:
    """Write an archive as documents and lists into a folder.

    sources: slugs to write, None for all; seen: called with every article. Raises ExportError when another
    run writes there, or when a document of somebody else stands where one of ours belongs (import the
    folder first).
    """
    with sole_writer(folder) as root:
        archive.documents.assign_numbers()
        wanted = None if sources is None else frozenset(sources)
        reports = [
            _write_source(archive, root, source, seen)
            for source in archive.documents.sources()
            if wanted is None or source.slug in wanted
        ]
    return TreeReport(
        new=sum(one.new for one in reports),
        rewritten=sum(one.rewritten for one in reports),
        documents=sum(one.documents for one in reports),
        lists=sum(one.lists for one in reports),
    )


def _write_source(
    archive: Archive, root: Folder, source: Source, seen: Callable[[StoredArticle], None]
) -> TreeReport:
    rows: list[tuple[datetime, int, str]] = []
    new = rewritten = 0
    for one in archive.documents.articles(source.slug):
        path = f"articles/{source.slug}/{one.number}.md"
        there = bytes_of(root, path)
        content = write_document(one.stored.article, crawled=one.stored.first_seen)
        if there is None:
            new += 1
        elif there != content:
            _refuse_stranger(root.path / path, there, one)
            rewritten += 1
        write_if_changed(root, path, content)
        rows.append(_row(one, source.slug))
        seen(one.stored)
    lists = 0
    if rows:
        content = _list(source, sorted(rows, key=lambda row: row[:2], reverse=True))
        lists = int(write_if_changed(root, f"lists/{source.slug}.md", content))
    return TreeReport(new=new, rewritten=rewritten, documents=len(rows), lists=lists)


def _refuse_stranger(path: Path, there: bytes, one: NumberedArticle) -> None:
    """Never write over a document that is another article's: numbers are for ever, other people's too."""
    try:
        found = parse_document(there, path=path).article.url
    except DocumentError:
        return
    if found != one.stored.article.url:
        raise ExportError(
            f"{path} is another article ({found}). Import the folder first, or choose an empty one."
        )


def _row(one: NumberedArticle, slug: str) -> tuple[datetime, int, str]:
    article = one.stored.article
    at = article.published or document_clock(article, one.stored.first_seen)
    at = at.replace(microsecond=0)
    line = (
        f"- {at:%Y-%m-%d} [{written_title(article.title) or one.number}](../articles/{slug}/{one.number}.md)"
    )
    return at.astimezone(UTC), one.number, line


def _list(source: Source, rows: list[tuple[datetime, int, str]]) -> bytes:
    title = written_title(source.title) or source.slug
    return ("\n".join([f"# {title}", "", *(line for _, _, line in rows)]) + "\n").encode()


def list_title(folder: Path, slug: str) -> str | None:
    """The title that a tree's list gives a source, None where it has no list."""
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
