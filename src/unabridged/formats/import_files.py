"""Import of files: documents, Markdown, JSON lines, pages (WARC), subscriptions (OPML), saved links."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Change
from unabridged.archive.records.imports import Imported, ImportedPage
from unabridged.errors import DamagedRecord, DocumentError, ExtractError, FeedError, UnabridgedError
from unabridged.feeds.opml import Subscriptions
from unabridged.formats.detect import detect_kind, files_below
from unabridged.formats.document.document import looks_like_document, parse_document
from unabridged.formats.document.tree import list_title
from unabridged.formats.jsonl import read_jsonl
from unabridged.formats.links.files import LINK_READERS, links_in, read_links, unpacked
from unabridged.formats.markdown_pool import LIMITS, MarkdownReader
from unabridged.formats.subscriptions import import_subscriptions, read_subscriptions
from unabridged.formats.warc import WarcPage, read_warc
from unabridged.model import OTHER_PAGE_KINDS, Article, Page
from unabridged.processes.pool import Limits

BATCH = 200
BATCH_BYTES = 20_000_000
"""Limits of one batch, saved in one transaction: articles, and bytes of them."""

MAX_OPML = 50_000_000
MAX_ERRORS = 1000
"""Errors listed in a report; further ones are only counted."""

log = logging.getLogger(__name__)

_Item = TypeVar("_Item", Imported, ImportedPage)

ReadPages = Callable[[Sequence[Page]], Sequence[Article | ExtractError]]
"""Extracts an article from each page; returns the error for a page that gives none."""


@dataclass(slots=True)
class ImportReport:
    """Progress and result of an import. articles: their numbers, in order; feeds: new subscriptions.

    private: addresses of new feeds whose name, password, header or proxy must be set again.

    counts: articles that were "new", "changed", "same" or "worse"; new links whose pages are "waiting" to be
    fetched; feeds "known"; files and pages "passed" over. failed: an error with file and position for each
    unreadable item, at most MAX_ERRORS of `failures`; everything else was imported. bytes_read: of the files.
    """

    counts: Counter[str] = field(default_factory=Counter)
    articles: list[int] = field(default_factory=list)
    feeds: int = 0
    private: list[str] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)
    failures: int = 0
    files: int = 0
    bytes_read: int = 0

    def count(self, kind: str) -> int:
        """Return the number of articles that were "new", "changed", "same" or "worse"."""
        return self.counts[kind]

    def add_changes(self, changes: Iterable[Change]) -> None:
        """Count changes and add the numbers of their articles."""
        for change in changes:
            self.counts[change.kind] += 1
            self.articles.append(change.article_id)

    def add_error(self, error: DocumentError) -> None:
        """Count an error, and list it while there are fewer than MAX_ERRORS."""
        self.failures += 1
        if len(self.failed) < MAX_ERRORS:
            self.failed.append(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpmlFile:
    """The subscriptions of a file."""

    path: Path
    found: Subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Skipped:
    """A file without anything to import, such as a README beside articles."""


_Found = Imported | WarcPage | _OpmlFile | _Skipped | DocumentError


def import_paths(
    archive: Archive,
    paths: Iterable[Path],
    *,
    now: datetime,
    read_pages: ReadPages | None = None,
    on_progress: Callable[[Path, ImportReport], None] = lambda path, report: None,
    limits: Limits = LIMITS,
) -> ImportReport:
    """Import files and folders; importing the same files again adds nothing.

    read_pages: for WARC files, which are refused without it. on_progress: called for every file, and for
    every batch of one. limits: of one Markdown file.
    Raises DocumentError for a missing path, before anything is read.
    """
    wanted = list(paths)
    for path in wanted:
        if not path.exists():
            raise DocumentError(f"{path} does not exist.")
    report = ImportReport()
    with MarkdownReader(limits) as markdown:
        for path, batch in _batches(_read_all(wanted, report, markdown, read_pages is not None)):
            on_progress(path, report)
            _save(archive, batch, report, now, read_pages)
            on_progress(path, report)
    if not (report.articles or report.feeds or report.failures or report.counts):
        names = ", ".join(map(str, wanted))
        report.add_error(DocumentError(f"There is nothing in {names} that can be imported."))
    if report.articles or report.feeds:
        archive.library().events.imported(_counts(report), now=now)
    return report


def _counts(report: ImportReport) -> dict[str, int]:
    """Return what came of an import, as its event says it."""
    kinds = {kind: report.count(kind) for kind in ("new", "changed", "same", "worse")}
    return kinds | {"feeds": report.feeds, "files": report.files, "failures": report.failures}


def _batches(found: Iterator[tuple[Path, _Found]]) -> Iterator[tuple[Path, list[_Found]]]:
    batch: list[_Found] = []
    held = 0
    path = Path()
    for path, one in found:
        batch.append(one)
        held += _size(one)
        if len(batch) >= BATCH or held >= BATCH_BYTES:
            yield path, batch
            batch, held = [], 0
    if batch:
        yield path, batch


def _size(one: _Found) -> int:
    if isinstance(one, WarcPage):
        return len(one.page.body)
    return 4 * len(one.article.html) if isinstance(one, Imported) else 0


# Reading


def _read_all(
    paths: Iterable[Path], report: ImportReport, markdown: MarkdownReader, warc: bool
) -> Iterator[tuple[Path, _Found]]:
    title_of = cache(list_title)
    for path in paths:
        for file in files_below(path):
            report.files += 1
            for one in _isolate_errors(file, _read(file, title_of, markdown, alone=file == path, warc=warc)):
                yield file, one
            with suppress(OSError):  # deleted meanwhile
                report.bytes_read += file.stat().st_size


def _isolate_errors(file: Path, found: Iterator[_Found]) -> Iterator[_Found]:
    """Yield the items of a file; an unexpected exception becomes that file's error and the run goes on."""
    try:
        yield from found
    except Exception as exc:
        log.exception("Reading %s failed; the others go on.", file)
        yield DocumentError(f"{file} cannot be read: {_describe(exc)}.")


def _describe(exc: Exception) -> str:
    return f"{type(exc).__name__}: {' '.join(str(exc).split())[:200]}".rstrip(":. ")


def _read(
    file: Path,
    title_of: Callable[[Path, str], str | None],
    markdown: MarkdownReader,
    *,
    alone: bool,
    warc: bool,
) -> Iterator[_Found]:
    try:
        kind = detect_kind(file)
    except DocumentError as exc:
        yield exc if alone else _Skipped()
        return
    if kind == "jsonl":
        yield from read_jsonl(file)
    elif kind == "opml":
        yield _read_opml(file)
    elif kind == "zip":
        yield from _read_zip(file)
    elif kind == "addresses" and not alone:
        yield _Skipped()  # a text beside articles that begins with an address
    elif kind in LINK_READERS:
        yield from read_links(kind, file)
    elif kind == "warc" and warc:
        yield from read_warc(file)
    elif kind == "warc":
        yield DocumentError(f"{file} is a WARC file: its pages need an extractor (read_pages).")
    elif kind == "markdown":
        yield _read_markdown(file, markdown)
    else:
        yield _read_document(file, title_of, alone=alone)


def _read_markdown(file: Path, markdown: MarkdownReader) -> Imported | DocumentError:
    try:
        return markdown.read(file.read_bytes(), file)
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")
    except DocumentError as exc:
        return exc


def _read_opml(file: Path) -> _OpmlFile | DocumentError:
    try:
        if file.stat().st_size > MAX_OPML:
            return DocumentError(f"{file} has more than {MAX_OPML:,} bytes: no OPML file is so long.")
        return _opml(file.read_bytes(), file)
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")


def _opml(data: bytes, path: Path) -> _OpmlFile | DocumentError:
    try:
        return _OpmlFile(path=path, found=read_subscriptions(data, name=str(path)))
    except FeedError as exc:
        return DocumentError(str(exc))


def _read_zip(file: Path) -> Iterator[_Found]:
    """Read the files of an export in a ZIP archive, each as if it were unpacked."""
    for entry in unpacked(file):
        if isinstance(entry, DocumentError):
            yield entry
        elif entry.name.lower().endswith(".opml"):
            yield _opml(entry.data, Path(entry.place))
        else:
            yield from links_in(entry)


def _read_document(
    file: Path, title_of: Callable[[Path, str], str | None], *, alone: bool
) -> Imported | DocumentError | _Skipped:
    """Read one file: its article, or its error; a README beside articles is skipped."""
    try:
        content = file.read_bytes()
        if not alone and not looks_like_document(content) and not _is_document_path(file):
            return _Skipped()
        document = parse_document(content, path=file)
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")
    except DocumentError as exc:
        return exc
    tree = file.parent.parent.parent
    return document.imported(document.source and title_of(tree, document.source))


def _is_document_path(file: Path) -> bool:
    """Tell if a path can only be a document's, so that a broken file there is an error, not a README."""
    return file.parent.parent.name == "articles" and file.stem.isdigit()


# Saving


def _save(
    archive: Archive,
    batch: Sequence[_Found],
    report: ImportReport,
    now: datetime,
    read_pages: ReadPages | None,
) -> None:
    """Save a batch: articles first, then pages, each kind in its own order."""
    for one in batch:
        if isinstance(one, DocumentError):
            report.add_error(one)
        elif isinstance(one, _Skipped):
            report.counts["passed"] += 1
        elif isinstance(one, _OpmlFile):
            _subscribe(archive, one, report, now)
    ready = [one for one in batch if isinstance(one, Imported) and not one.fetch]
    if ready:
        _import(ready, archive.library().imports.add_many, report, now)
    links = [one for one in batch if isinstance(one, Imported) and one.fetch]
    if links:
        known = report.count("new")
        _import(links, archive.library().imports.add_many, report, now)
        report.counts["waiting"] += report.count("new") - known
    captured = [one for one in batch if isinstance(one, WarcPage)]
    if captured and read_pages is not None:
        _save_pages(archive, captured, report, now, read_pages)


def _subscribe(archive: Archive, one: _OpmlFile, report: ImportReport, now: datetime) -> None:
    for url, why in one.found.refused:
        report.add_error(DocumentError(f"{one.path}: {url} is left out: {why}."))
    taken = import_subscriptions(archive.library(), one.found, now=now)
    report.feeds += taken.new
    report.counts["known"] += taken.known
    report.private += taken.private


def _save_pages(
    archive: Archive, captured: Sequence[WarcPage], report: ImportReport, now: datetime, read_pages: ReadPages
) -> None:
    fresh: list[WarcPage] = []
    for one in captured:
        known = archive.ingest.known_page(one.page)
        if known is None:
            fresh.append(one)
        else:
            report.add_changes([known])
    ready: list[ImportedPage] = []
    for one, article in zip(fresh, read_pages([one.page for one in fresh]), strict=True):
        if isinstance(article, ExtractError):
            report.add_error(DocumentError(f"{one.where}: {article}"))
        elif article.completeness.kind in OTHER_PAGE_KINDS and not one.ours:
            report.counts["passed"] += 1
        else:
            ready.append(ImportedPage(article=article, page=one.page))
    _import(ready, archive.library().imports.add_pages, report, now)


def _import(
    ready: Sequence[_Item], save: Callable[..., Iterable[Change]], report: ImportReport, now: datetime
) -> None:
    """Save articles in one transaction; if that fails unexpectedly, one by one, to lose only the bad ones."""
    try:
        report.add_changes(save(ready, now=now))
    except Exception as exc:
        if isinstance(exc, UnabridgedError) and not isinstance(exc, DamagedRecord):
            raise
        if len(ready) > 1:
            for one in ready:
                _import([one], save, report, now)
            return
        log.exception("An article cannot be imported; the others go on.")
        report.add_error(DocumentError(f"{ready[0].article.url}: it cannot be imported: {_describe(exc)}."))
