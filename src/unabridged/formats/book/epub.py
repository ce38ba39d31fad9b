"""Export of a digest as EPUB 3, written chapter by chapter.

https://www.w3.org/TR/epub-33/ . An NCX table of contents is added for reading systems from before 2012.
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
    load_article,
    load_picture,
    make_chapter,
    plan_edition,
    render_template,
    template_source,
)
from unabridged.formats.export_job import ExportJob, ExportReport

_CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_COVER_LINE = 18
_COVER_LINES = 7


class _Book:
    """The ZIP file being written. images: name -> media type of its pictures."""

    def __init__(self, packed: zipfile.ZipFile, now: datetime) -> None:
        self._zip = packed
        self._date = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)
        self.images: dict[str, str] = {}

    def add(self, name: str, content: bytes, *, packed: bool = True) -> None:
        """Add a file, dated like the edition, so that the same edition gives the same bytes."""
        info = zipfile.ZipInfo(name, self._date)
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)

    def add_picture(self, kept: KeptImage) -> str:
        """Add a saved picture once. Returns its path."""
        name = f"images/{kept.hash}.{BOOK_TYPES[kept.type]}"
        if name not in self.images:
            self.add(f"EPUB/{name}", kept.body, packed=False)
            self.images[name] = kept.type
        return name


def stream_epub(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write a selection as an EPUB to an open file. Raises ExportError for an empty selection."""
    edition = plan_edition(archive, job.selection, now=job.now)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:  # must be closed before `out` is
        return _write_book(archive, job, edition, _Book(packed, job.now))


def _write_book(archive: Archive, job: ExportJob, edition: Edition, book: _Book) -> ExportReport:
    book.add("mimetype", b"application/epub+zip", packed=False)
    book.add("META-INF/container.xml", _CONTAINER)
    book.add("EPUB/book.css", template_source("book.css").encode())
    book.add("EPUB/title.xhtml", render_template("title.xhtml", edition=edition))
    book.add(
        "EPUB/cover.svg", render_template("cover.svg", edition=edition, lines=_cover_lines(edition.title))
    )
    chapters, failed = _write_chapters(archive, job, edition, book)
    edition = edition.with_chapters(chapters)
    identifier = f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join([edition.title, edition.dates, *chapters]))}"
    modified = f"{job.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    book.add("EPUB/nav.xhtml", render_template("nav.xhtml", edition=edition))
    book.add("EPUB/toc.ncx", render_template("toc.ncx", edition=edition, identifier=identifier))
    package = render_template(
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
    archive: Archive, job: ExportJob, edition: Edition, book: _Book
) -> tuple[dict[str, None], list[str]]:
    """Write the chapters. Returns the names of those written, and errors."""
    written: dict[str, None] = {}
    failed: list[str] = []

    def picture(url: str) -> str | None:
        kept = load_picture(archive, url, failed)
        return None if kept is None else book.add_picture(kept)

    for section, entry in edition.entries:
        stored = load_article(archive, entry.id, failed)
        if stored is not None:
            content = render_template("chapter.xhtml", chapter=make_chapter(stored, entry, section, picture))
            book.add(f"EPUB/{entry.name}.xhtml", content)
            written[entry.name] = None
            job.on_article(stored)
    return written, failed


def _cover_lines(title: str) -> list[str]:
    """Wrap a title for the cover; East Asian letters count as two columns."""
    lines, line, columns = [], "", 0
    for word in _breakable_parts(title):
        width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in word)
        if line and columns + width > _COVER_LINE:
            lines.append(line.strip())
            line, columns = "", 0
        line, columns = line + word, columns + width
    return [*lines, line.strip()][:_COVER_LINES]


def _breakable_parts(title: str) -> list[str]:
    """Split a title into words with trailing spaces, or into letters of East Asian text."""
    found: list[str] = []
    for word in title.split():
        wide = any(ord(letter) > 0x2E7F for letter in word)
        found += list(word) if wide else [word[i : i + _COVER_LINE] for i in range(0, len(word), _COVER_LINE)]
        found[-1] += " "
    return found
