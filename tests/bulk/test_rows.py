"""Rows of articles: the same columns in every format."""

from pathlib import Path

import pytest

from tests.bulk.shards import PAGES, job, rows
from unabridged.bulk.rows import COLUMNS
from unabridged.bulk.shard import extract_shard


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_each_page_becomes_a_row_of_the_same_columns_in_every_format(tmp_path: Path, format: str) -> None:
    one = job(tmp_path, PAGES, format=format)
    report = extract_shard(one)
    found = rows(one.target)
    assert [row["title"] for row in found] == ["Ebb", "Flow", "Slack"]
    assert all(tuple(row) == tuple(COLUMNS) for row in found)
    assert "the harbour master of Ebb" in found[0]["text"]
    assert (report.pages, report.articles, report.left_out) == (4, 3, {"no HTML": 1})
    assert found[0]["captured"] == "2024-03-05T06:07:08+00:00"


def test_both_formats_hold_the_same_rows(tmp_path: Path) -> None:
    parquet, jsonl = job(tmp_path, PAGES), job(tmp_path, PAGES, format="jsonl")
    extract_shard(parquet)
    extract_shard(jsonl)
    assert rows(parquet.target) == rows(jsonl.target)
