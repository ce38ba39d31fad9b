"""Export of an archive: the writers of all formats, in two tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.archive.records.library import Highlight
from unabridged.errors import ArchiveError, ExportError
from unabridged.formats.book.epub import stream_epub
from unabridged.formats.book.one_page import stream_page
from unabridged.formats.document.tree import write_tree
from unabridged.formats.export_job import ExportJob, ExportReport
from unabridged.formats.jsonl import jsonl_lines
from unabridged.formats.markdown import file_name, save_pictures, write_markdown
from unabridged.formats.output_files import locked_folder, whole_file, write_if_changed
from unabridged.formats.subscriptions import subscriptions_opml
from unabridged.formats.warc import write_page, write_warcinfo

# Trees


def export_documents(archive: Archive, job: ExportJob, target: Path) -> ExportReport:
    """Write the tree of documents and lists: all sources, or one (by feed or slug).

    Raises ExportError for other conditions: the list of a source would be incomplete.
    """
    if not job.selection.whole_sources:
        raise ExportError(
            "The document tree is written by source: choose a feed or a source, or another format "
            "(markdown, jsonl, epub, warc)."
        )
    report = write_tree(
        archive, target, sources=_sources(archive, job.selection.query), on_article=job.on_article
    )
    return ExportReport(articles=report.documents, files=report.new + report.rewritten + report.lists)


def _sources(archive: Archive, query: Query) -> list[str] | None:
    """Return the slugs that a query selects, None for every source."""
    if query.feed is None:
        return None if query.source is None else [query.source]
    of_feed = [source.slug for source in archive.documents.sources() if source.feed_id == query.feed]
    return [slug for slug in of_feed if query.source in (None, slug)]


def export_markdown(archive: Archive, job: ExportJob, target: Path) -> ExportReport:
    """Write a Markdown file with front matter for each article: `<source>/<id>-<title>.md`.

    Saved pictures are written to `images` beside it. The next run completes an interrupted export.
    """
    written = articles = pictures = 0
    failed: list[str] = []
    highlights = _highlights(archive)
    with locked_folder(target) as root:
        for stored in job.articles(archive, failed):
            try:
                found, more = save_pictures(archive, stored, root)
            except ArchiveError as exc:
                failed.append(f"article {stored.id}: {exc}")
                found, more = {}, 0
            pictures += more
            path = f"{stored.source}/{file_name(stored)}.md"
            content = write_markdown(stored, found, highlights.get(stored.id, ()))
            written += write_if_changed(root, path, content)
            articles += 1
    return ExportReport(articles=articles, files=written, pictures=pictures, failed=tuple(failed))


def _highlights(archive: Archive) -> Mapping[int, Sequence[Highlight]]:
    """Return the owner's highlights: article number -> its own."""
    found: dict[int, list[Highlight]] = {}
    for one in archive.library().highlights.by_article():
        found.setdefault(one.article_id, []).append(one)
    return found


# Streams


def stream_jsonl(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write articles as JSON lines to an open stream."""
    count = 0
    failed: list[str] = []
    for line in jsonl_lines(archive, job.articles(archive, failed), history=job.history):
        out.write(line.content)
        failed += line.failed
        count += 1
    return ExportReport(articles=count, failed=tuple(failed))


def stream_markdown(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write articles as Markdown, one after the other, to an open stream."""
    count = 0
    failed: list[str] = []
    highlights = _highlights(archive)
    for stored in job.articles(archive, failed):
        out.write(write_markdown(stored, highlights=highlights.get(stored.id, ())))
        count += 1
    return ExportReport(articles=count, failed=tuple(failed))


def stream_warc(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write the raw pages of every version of the articles as a compressed WARC 1.1 file."""
    articles = pages = 0
    failed: list[str] = []
    write_warcinfo(out, now=job.now, selection=job.selection.title)
    library = archive.library()
    for stored in job.articles(archive, failed):
        articles += 1
        written: set[str] = set()
        for line in library.articles.revisions(stored.id):
            if line.snapshot is None or line.snapshot in written:
                continue
            written.add(line.snapshot)
            try:
                write_page(out, library.articles.snapshot(line.snapshot), stored, line)
                pages += 1
            except ArchiveError as exc:
                failed.append(f"article {stored.id}, version {line.number}: {exc}")
    return ExportReport(articles=articles, pages=pages, failed=tuple(failed))


def stream_opml(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write the subscriptions as OPML."""
    content, feeds = subscriptions_opml(archive, archive.library(), job.selection)
    out.write(content)
    return ExportReport(feeds=feeds)


Stream = Callable[[Archive, ExportJob, BinaryIO], ExportReport]
Exporter = Callable[[Archive, ExportJob, Path], ExportReport]

STREAMS: Mapping[str, Stream] = {
    "markdown": stream_markdown,
    "jsonl": stream_jsonl,
    "warc": stream_warc,
    "opml": stream_opml,
}
"""Formats that can be piped."""


def _to_file(stream: Stream) -> Exporter:
    """Return an exporter that writes a stream to a file atomically."""

    def export(archive: Archive, job: ExportJob, target: Path) -> ExportReport:
        if target.is_dir():
            raise ExportError(f"{target} is a folder: name a file.")
        with whole_file(target) as file:
            report = stream(archive, job, file)
            size = file.tell()
        return replace(report, files=1, size=size)

    return export


EXPORTERS: Mapping[str, Exporter] = {
    "document": export_documents,
    "markdown": export_markdown,
    "jsonl": _to_file(stream_jsonl),
    "epub": _to_file(stream_epub),
    "html": _to_file(stream_page),
    "warc": _to_file(stream_warc),
    "opml": _to_file(stream_opml),
}
"""Format -> writer to a file or folder."""
