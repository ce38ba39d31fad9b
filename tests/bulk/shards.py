"""Jobs on small WARC files, and the rows that come of them."""

from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet

from tests.bulk.warc_pages import story, write_pages
from unabridged.bulk.shard import Job


def job(folder: Path, pages: list[tuple[str, bytes]], **options: Any) -> Job:
    source = folder / "quay.warc.gz"
    write_pages(source, pages)
    return Job(source=source, target=folder / f"out/quay.{options.get('format', 'parquet')}", **options)


def rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
        return found
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


PAGES = [
    ("https://quay.example/ebb", story("Ebb", "en")),
    ("https://news.quay.example/flow", story("Flow", "zh-Hans")),
    ("https://other.example/slack", story("Slack", "")),
    ("https://quay.example/picture", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60),
]
