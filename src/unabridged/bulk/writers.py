"""Rows to a file of one shard: JSON lines or Parquet."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO, Literal, Protocol, Self

import orjson

from unabridged.bulk.rows import COLUMNS, Row
from unabridged.errors import ExportError, extra_advice

Format = Literal["parquet", "jsonl"]

ROWS_IN_HAND = 500
"""Rows of a Parquet row group: some megabytes, held in memory until they are written."""


class Writer(Protocol):
    """Takes rows until it is left."""

    def write(self, row: Row) -> None:
        """Write one row."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class JsonLines:
    """One object a line, UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, row: Row) -> None:
        """Write one row."""
        self._file.write(orjson.dumps(row) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file is closed by whoever opened it."""


class Parquet:
    """Columns of strings, lists of strings and integers, compressed with zstd."""

    def __init__(self, file: BinaryIO) -> None:
        pyarrow, parquet = _pyarrow()
        kinds = {str: pyarrow.string(), int: pyarrow.int64(), list: pyarrow.list_(pyarrow.string())}
        self._schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
        self._batch = pyarrow.RecordBatch
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, row: Row) -> None:
        """Take one row; every ROWS_IN_HAND rows are written together."""
        self._rows.append(row)
        if len(self._rows) >= ROWS_IN_HAND:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(self._batch.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc is None:
            self._flush()
        self._writer.close()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as exc:
        raise ExportError(f"Parquet needs pyarrow. {extra_advice('bulk')} Or choose --format jsonl.") from exc
    return pyarrow, pyarrow.parquet


def check_format(name: Format) -> None:
    """Raise ExportError where a format cannot be written here."""
    if name == "parquet":
        _pyarrow()


WRITERS: dict[Format, Callable[[BinaryIO], Writer]] = {"parquet": Parquet, "jsonl": JsonLines}
