"""Taking files into the archive: documents, Markdown, JSON lines, captured pages, subscriptions."""

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
from unabridged.archive.records.core import Change, Imported, ImportedPage
from unabridged.errors import DamagedRecord, DocumentError, ExtractError, FeedError, UnabridgedError
from unabridged.feeds.opml import Subscriptions
from unabridged.formats.detect import files_below, kind_of
from unabridged.formats.document.document import looks_like_document, parse_document
from unabridged.formats.document.tree import list_title
from unabridged.formats.jsonl import read_jsonl
from unabridged.formats.markdown_pool import MarkdownReader
from unabridged.formats.opml import read_list, take_list
from unabridged.formats.warc import WarcPage, read_warc
from unabridged.model import Article, Page

BATCH = 200
BATCH_BYTES = 20_000_000
"""What is held at once and saved in one transaction: so many articles, or so many bytes of them."""

MAX_OPML = 50_000_000
MOST_ERRORS = 1000
"""Errors that a report holds whole; the others are counted."""

log = logging.getLogger(__name__)

_Item = TypeVar("_Item", Imported, ImportedPage)

ReadPages = Callable[[Sequence[Page]], Sequence[Article | ExtractError]]
"""Makes an article of each page; for one that gives none, the error."""

_NO_ARTICLE = frozenset(("not_an_article", "blocked"))


@dataclass(slots=True)
class ImportReport:
    """What an import did so far. articles: the numbers of those read, in order; feeds: new subscriptions.

    private: addresses among those that need a name, password, header or proxy again.

    counts: articles that were "new", "changed", "same" or "worse"; feeds "known"; files and pages
    "passed" over. failed: for what could not be read, the error with file and place, at most MOST_ERRORS
    of `failures`; the rest was imported. bytes_read: of the files.
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
        """How many articles were "new", "changed", "same" or "worse"."""
        return self.counts[kind]

    def take(self, changes: Iterable[Change]) -> None:
        """Add what became of articles."""
        for change in changes:
            self.counts[change.kind] += 1
            self.articles.append(change.article_id)

    def fail(self, error: DocumentError) -> None:
        """Add something that could not be read."""
        self.failures += 1
        if len(self.failed) < MOST_ERRORS:
            self.failed.append(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outlines:
    """The subscriptions of a file."""

    path: Path
    found: Subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """A file that is nothing to import: a README beside articles."""


_Found = Imported | WarcPage | _Outlines | _Passed | DocumentError


def import_paths(
    archive: Archive,
    paths: Iterable[Path],
    *,
    now: datetime,
    read_pages: ReadPages | None = None,
    seen: Callable[[Path, ImportReport], None] = lambda path, report: None,
) -> ImportReport:
    """Import files and folders of them; a second time nothing is imported twice.

    read_pages: for WARC files, which are refused without it. seen: called with every file, and every batch
    of one, for a progress bar. Raises DocumentError for a path that is not there, before anything is read.
    """
    wanted = list(paths)
    for path in wanted:
        if not path.exists():
            raise DocumentError(f"{path} is not there.")
    report = ImportReport()
    with MarkdownReader() as markdown:
        for path, batch in _batches(_read_all(wanted, report, markdown, read_pages is not None)):
            seen(path, report)
            _save(archive, batch, report, now, read_pages)
            seen(path, report)
    if not (report.articles or report.feeds or report.failures or report.counts):
        names = ", ".join(map(str, wanted))
        report.fail(DocumentError(f"There is nothing in {names} that can be imported."))
    return report


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
    return 4 * len(one.article.body) if isinstance(one, Imported) else 0


# Reading


def _read_all(
    paths: Iterable[Path], report: ImportReport, markdown: MarkdownReader, warc: bool
) -> Iterator[tuple[Path, _Found]]:
    title_of = cache(list_title)
    for path in paths:
        for file in files_below(path):
            report.files += 1
            for one in _contained(file, _read(file, title_of, markdown, alone=file == path, warc=warc)):
                yield file, one
            with suppress(OSError):  # it is gone already
                report.bytes_read += file.stat().st_size


def _contained(file: Path, found: Iterator[_Found]) -> Iterator[_Found]:
    """Yield what a file holds; whatever else one file brings about is its own error, not the run's end."""
    try:
        yield from found
    except Exception as exc:
        log.exception("Reading %s failed; the others go on.", file)
        yield DocumentError(f"{file} cannot be read: {_words(exc)}.")


def _words(exc: Exception) -> str:
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
        kind = kind_of(file)
    except DocumentError as exc:
        yield exc if alone else _Passed()
        return
    if kind == "jsonl":
        yield from read_jsonl(file)
    elif kind == "opml":
        yield _read_opml(file)
    elif kind == "warc" and warc:
        yield from read_warc(file)
    elif kind == "warc":
        yield DocumentError(f"{file} is a WARC file: its pages have to be made articles first.")
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


def _read_opml(file: Path) -> _Outlines | DocumentError:
    try:
        if file.stat().st_size > MAX_OPML:
            return DocumentError(f"{file} has more than {MAX_OPML:,} bytes: no list of subscriptions has.")
        return _Outlines(path=file, found=read_list(file.read_bytes(), name=str(file)))
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")
    except FeedError as exc:
        return DocumentError(str(exc))


def _read_document(
    file: Path, title_of: Callable[[Path, str], str | None], *, alone: bool
) -> Imported | DocumentError | _Passed:
    """One file's article, the error that keeps it from being one; a README beside articles is passed over."""
    try:
        content = file.read_bytes()
        if not alone and not looks_like_document(content) and not _has_a_place(file):
            return _Passed()
        document = parse_document(content, path=file)
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")
    except DocumentError as exc:
        return exc
    tree = file.parent.parent.parent
    return document.imported(document.source and title_of(tree, document.source))


def _has_a_place(file: Path) -> bool:
    """Whether a file stands where only documents stand: a broken one there is an error, not a README."""
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
            report.fail(one)
        elif isinstance(one, _Passed):
            report.counts["passed"] += 1
        elif isinstance(one, _Outlines):
            _subscribe(archive, one, report, now)
    ready = [one for one in batch if isinstance(one, Imported)]
    if ready:
        _import(ready, archive.library().imports.add_many, report, now)
    captured = [one for one in batch if isinstance(one, WarcPage)]
    if captured and read_pages is not None:
        _save_pages(archive, captured, report, now, read_pages)


def _subscribe(archive: Archive, one: _Outlines, report: ImportReport, now: datetime) -> None:
    for url, why in one.found.refused:
        report.fail(DocumentError(f"{one.path}: {url} is left out: {why}."))
    taken = take_list(archive, one.found, now=now)
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
            report.take([known])
    ready: list[ImportedPage] = []
    for one, article in zip(fresh, read_pages([one.page for one in fresh]), strict=True):
        if isinstance(article, ExtractError):
            report.fail(DocumentError(f"{one.where}: {article}"))
        elif article.completeness.kind in _NO_ARTICLE and not one.ours:
            report.counts["passed"] += 1
        else:
            ready.append(ImportedPage(article=article, page=one.page))
    _import(ready, archive.library().imports.add_pages, report, now)


def _import(
    ready: Sequence[_Item], save: Callable[..., Iterable[Change]], report: ImportReport, now: datetime
) -> None:
    """Save articles at once; where that fails by a fault, each alone, so that one costs only itself."""
    try:
        report.take(save(ready, now=now))
    except Exception as exc:
        if isinstance(exc, UnabridgedError) and not isinstance(exc, DamagedRecord):
            raise
        if len(ready) > 1:
            for one in ready:
                _import([one], save, report, now)
            return
        log.exception("An article cannot be imported; the others go on.")
        report.fail(DocumentError(f"{ready[0].article.url}: it cannot be imported: {_words(exc)}."))
