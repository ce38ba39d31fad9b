"""Parsing of Markdown files in a child process, so that a hostile file can only end the child."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from unabridged.archive.records.imports import Imported
from unabridged.errors import DocumentError
from unabridged.formats.markdown_child import MarkdownTask
from unabridged.processes.pool import ChildDied, ChildPool, Limits

LIMITS: Final = Limits(memory=1_000_000_000, cpu=10)
"""Limits of one file. Our longest article takes 0.5 s and 60 MB."""

PROGRAM = "unabridged.formats.markdown_child"


class MarkdownReader:
    """Reader of Markdown files in a child process, started with the first file; a context manager."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._runner = asyncio.Runner()
        self._children = ChildPool(PROGRAM, 1, limits)

    def read(self, content: bytes, path: Path) -> Imported:
        """Read one file. Raises DocumentError, also if it exceeds the limits."""
        try:
            found = self._runner.run(self._children.do(MarkdownTask(content=content, path=path)))
        except ChildDied as exc:
            raise DocumentError(f"{path}: reading it {exc}; it was skipped.") from exc
        if isinstance(found, DocumentError):
            raise found
        assert isinstance(found, Imported)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._children.close())
        self._runner.close()
