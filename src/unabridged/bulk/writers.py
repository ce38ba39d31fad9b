"""Articles to the output of one shard: rows of JSON lines or Parquet, or a file for each article."""

import errno
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Protocol, Self

import orjson

from unabridged.atomic_files import Folder
from unabridged.bulk.rows import COLUMNS, Row, SavedPage, row_of
from unabridged.bulk.sources.paths import TargetPaths, path_of_address
from unabridged.errors import ExportError, extra_advice
from unabridged.model import Article
from unabridged.text.article_files import markdown_of, text_of

Format = Literal["parquet", "jsonl", "markdown", "text"]

ROWS_IN_HAND = 500
"""Rows of a Parquet row group: some megabytes, held in memory until they are written."""


class Writer(Protocol):
    """Takes articles until it is left."""

    def write(self, article: Article, page: SavedPage) -> None:
        """Write one article. Raises Misplaced if it alone cannot be written."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Misplaced(Exception):
    """An article whose own file cannot be made; the words say why."""


class JsonLines:
    """One object a line, UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, article: Article, page: SavedPage) -> None:
        """Write one article as a row."""
        self.write_row(row_of(article, page))

    def write_row(self, row: Row) -> None:
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

    def write(self, article: Article, page: SavedPage) -> None:
        """Write one article as a row."""
        self.write_row(row_of(article, page))

    def write_row(self, row: Row) -> None:
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


_NAMING = (
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY),
    *(errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ELOOP),
)
"""Errors that concern one path; others, such as a full disk, concern all."""


class ArticleFiles:
    """A file for each article below a folder; the file of the shard stays empty."""

    def __init__(self, tree: Path | None, suffix: str, as_file: Callable[[Article], bytes]) -> None:
        if tree is None:
            raise ExportError("This format gives each article a file: name their folder (Job.tree).")
        self._folder = Folder.at(tree)
        self._suffix, self._as_file = suffix, as_file
        self._targets = TargetPaths()

    def write(self, article: Article, page: SavedPage) -> None:
        """Write one article."""
        path = page.target or self._targets.add(f"{page.source}/{path_of_address(page.capture.url)}")
        *folders, name = f"{path}{self._suffix}".split("/")
        try:
            with self._folder.below(*folders) as folder, folder.whole_file(name) as file:
                file.write(self._as_file(article))
        except OSError as exc:
            if exc.errno not in _NAMING:
                raise
            raise Misplaced(f"{path}{self._suffix} cannot be written: {exc.strerror}") from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.close()


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


ROW_WRITERS: dict[Format, Callable[[BinaryIO], JsonLines | Parquet]] = {
    "parquet": Parquet,
    "jsonl": JsonLines,
}
"""Formats of one file."""

WRITERS: dict[Format, Callable[[BinaryIO, Path | None], Writer]] = {
    "parquet": lambda file, _: Parquet(file),
    "jsonl": lambda file, _: JsonLines(file),
    "markdown": lambda _, tree: ArticleFiles(tree, ".md", markdown_of),
    "text": lambda _, tree: ArticleFiles(tree, ".txt", text_of),
}
