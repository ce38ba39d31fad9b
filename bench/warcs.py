"""WARC files of the corpora's pages, for benchmarks and tests of bulk work."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from bench.corpora import corpus_folder, page_sets

WHEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

Pages = Sequence[tuple[str, bytes]]
"""(address, HTML) of each page."""


def corpus_pages(count: int, *, seed: int = 11) -> Pages:
    """Return pages drawn from all sets of the corpora, over and over where there are too few."""
    cases = [case for pages in page_sets(corpus_folder(), frozenset(), None) for case in pages.cases]
    cases = list({case.path: case for case in cases}.values())
    random.Random(seed).shuffle(cases)
    chosen = [cases[number % len(cases)] for number in range(count if cases else 0)]
    return [
        (case.url or f"https://page-{number}.example/", case.read()) for number, case in enumerate(chosen)
    ]


def write_warc(path: Path, pages: Pages) -> None:
    """Write pages as HTTP responses, each record a gzip member; the same pages give the same bytes."""
    with path.open("wb") as file:
        for number, (url, html) in enumerate(pages):
            record = WarcRecord()
            urn = str(UUID(int=number + 1)).encode()
            record.init_headers(record_type=WarcRecordType.response, record_urn=urn)
            record.headers["WARC-Target-URI"] = url
            record.headers["WARC-Date"] = WHEN
            record.headers["WARC-Identified-Payload-Type"] = "text/html"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(html)}\r\n\r\n"
            record.set_bytes_content(head.encode() + html)
            writer = GzipWriter(file)
            record.write(writer)
            writer.finish() if hasattr(writer, "finish") else writer.close()
