"""An edition as EPUB 3: one file, written chapter by chapter.

https://www.w3.org/TR/epub-33/ ; with a table of contents of the old kind (NCX) beside the new one, which
readers of before 2012 need.
"""

import zipfile
from datetime import UTC, datetime
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import KeptImage
from unabridged.formats.book.edition import (
    BOOK_TYPES,
    Edition,
    book_picture,
    chapter,
    filled,
    plan,
    readable,
    template_source,
)
from unabridged.formats.export_job import ExportReport, Order

_CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_COVER_LINE = 18
_COVER_LINES = 7


class _Book:
    """The ZIP file under way. images: name -> type of those that are in it."""

    def __init__(self, packed: zipfile.ZipFile, now: datetime) -> None:
        self._zip = packed
        self._date = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)
        self.images: dict[str, str] = {}

    def add(self, name: str, content: bytes, *, packed: bool = True) -> None:
        """Add a file; all carry the edition's own time, so that the same edition is the same bytes."""
        info = zipfile.ZipInfo(name, self._date)
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)

    def add_picture(self, kept: KeptImage) -> str:
        """Add a kept picture, once. Returns its place."""
        name = f"images/{kept.hash}.{BOOK_TYPES[kept.type]}"
        if name not in self.images:
            self.add(f"EPUB/{name}", kept.body, packed=False)
            self.images[name] = kept.type
        return name


def stream_epub(archive: Archive, order: Order, out: BinaryIO) -> ExportReport:
    """Write a selection as an EPUB to an open file. Raises ExportError for an empty selection."""
    edition = plan(archive, order.selection, now=order.now)
    with zipfile.ZipFile(
        out, "w", zipfile.ZIP_DEFLATED
    ) as packed:  # closed while there is a file to write to
        return _write_book(archive, order, edition, _Book(packed, order.now))


def _write_book(archive: Archive, order: Order, edition: Edition, book: _Book) -> ExportReport:
    book.add("mimetype", b"application/epub+zip", packed=False)
    book.add("META-INF/container.xml", _CONTAINER)
    book.add("EPUB/book.css", template_source("book.css").encode())
    book.add("EPUB/title.xhtml", filled("title.xhtml", edition=edition))
    book.add("EPUB/cover.svg", filled("cover.svg", edition=edition, lines=_cover_lines(edition.title)))
    chapters, failed = _write_chapters(archive, order, edition, book)
    edition = edition.only(chapters)
    identifier = f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join([edition.title, edition.dates, *chapters]))}"
    modified = f"{order.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    book.add("EPUB/nav.xhtml", filled("nav.xhtml", edition=edition))
    book.add("EPUB/toc.ncx", filled("toc.ncx", edition=edition, identifier=identifier))
    package = filled(
        "package.opf",
        edition=edition,
        identifier=identifier,
        modified=modified,
        chapters=chapters,
        images=book.images,
    )
    book.add("EPUB/package.opf", package)
    return ExportReport(articles=len(chapters), pictures=len(book.images), failed=tuple(failed))


def _write_chapters(
    archive: Archive, order: Order, edition: Edition, book: _Book
) -> tuple[dict[str, None], list[str]]:
    """Write one chapter after the other; the names of those that are there, and what could not be read."""
    written: dict[str, None] = {}
    failed: list[str] = []

    def picture(url: str) -> str | None:
        kept = book_picture(archive, url, failed)
        return None if kept is None else book.add_picture(kept)

    for part, line in edition.lines:
        stored = readable(archive, line.id, failed)
        if stored is not None:
            content = filled("chapter.xhtml", chapter=chapter(stored, line, part, picture))
            book.add(f"EPUB/{line.name}.xhtml", content)
            written[line.name] = None
            order.seen(stored)
    return written, failed


def _cover_lines(title: str) -> list[str]:
    """A title in lines for a cover: letters of East Asia take the room of two."""
    lines, line, room = [], "", 0
    for word in _pieces(title):
        width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in word)
        if line and room + width > _COVER_LINE:
            lines.append(line.strip())
            line, room = "", 0
        line, room = line + word, room + width
    return [*lines, line.strip()][:_COVER_LINES]


def _pieces(title: str) -> list[str]:
    """Words with the space after them; of East Asian text, its letters."""
    found: list[str] = []
    for word in title.split():
        wide = any(ord(letter) > 0x2E7F for letter in word)
        found += list(word) if wide else [word[i : i + _COVER_LINE] for i in range(0, len(word), _COVER_LINE)]
        found[-1] += " "
    return found
