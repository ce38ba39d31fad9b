"""Rows of a shard, written as JSON lines and as Parquet."""

import io

import orjson
import pyarrow.parquet
import pytest

from unabridged.bulk import writers
from unabridged.bulk.rows import COLUMNS, Row
from unabridged.bulk.writers import ROW_WRITERS, Format


def row(number: int) -> Row:
    values = {str: f"ébb {number}", int: number, list: [str(number), "x"]}
    return {name: values[kind] for name, kind in COLUMNS.items()}


def written(form: Format, count: int) -> bytes:
    file = io.BytesIO()
    with ROW_WRITERS[form](file) as writer:
        for number in range(count):
            writer.write_row(row(number))
    return file.getvalue()


def test_a_line_is_an_object() -> None:
    lines = written("jsonl", 3).splitlines()
    assert [orjson.loads(line) for line in lines] == [row(number) for number in range(3)]


def test_a_parquet_file_holds_all_rows_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "ROWS_IN_HAND", 2)
    table = pyarrow.parquet.ParquetFile(io.BytesIO(written("parquet", 5)))
    assert table.metadata.num_row_groups == 3
    assert table.read().to_pylist() == [row(number) for number in range(5)]


@pytest.mark.parametrize("form", ROW_WRITERS)
def test_the_same_rows_give_the_same_bytes(form: Format) -> None:
    assert written(form, 4) == written(form, 4)


def test_a_file_without_rows_has_its_columns() -> None:
    assert pyarrow.parquet.read_table(io.BytesIO(written("parquet", 0))).column_names == list(COLUMNS)
    assert written("jsonl", 0) == b""
