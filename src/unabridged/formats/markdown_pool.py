"""Markdown files read in a child process: markup by the megabyte ends the child at worst, and that file."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from unabridged.archive.records.core import Imported
from unabridged.errors import DocumentError
from unabridged.formats.markdown_child import MarkdownTask
from unabridged.processes.pool import ChildDied, ChildPool, Limits

LIMITS: Final = Limits(memory=1_000_000_000, cpu=10)
"""Of one file. The longest article of ours takes 0.5 s and 60 MB."""

PROGRAM = "unabridged.formats.markdown_child"


class MarkdownReader:
    """Reads Markdown files in a child that starts with the first one; use as a context manager."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._runner = asyncio.Runner()
        self._children = ChildPool(PROGRAM, 1, limits)

    def read(self, content: bytes, path: Path) -> Imported:
        """Read one file. Raises DocumentError, also where it takes more than a file may."""
        try:
            found = self._runner.run(self._children.do(MarkdownTask(content=content, path=path)))
        except ChildDied as exc:
            raise DocumentError(f"{path}: reading it {exc}; it was left out.") from exc
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
