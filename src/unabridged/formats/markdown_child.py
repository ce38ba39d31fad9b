"""Child process that parses a Markdown file and returns its article or an error."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from unabridged.archive.records.imports import Imported
from unabridged.errors import DocumentError
from unabridged.formats.markdown import read_markdown
from unabridged.processes.child import run_child


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownTask:
    """Content of a file. path: for messages."""

    content: bytes
    path: Path


def read_task(task: MarkdownTask) -> Imported | DocumentError:
    """Parse a file; return an error instead of raising it."""
    try:
        return read_markdown(task.content, path=task.path)
    except DocumentError as exc:
        return exc
    except MemoryError:
        return DocumentError(f"{task.path}: reading it took more memory than allowed; it was skipped.")
    except Exception as exc:  # noqa: BLE001 - reported as the file's error
        traceback.print_exc()
        return DocumentError(f"{task.path}: it could not be read: {type(exc).__name__}: {str(exc)[:200]}.")


def main() -> None:
    """Run as a child process of `MarkdownReader`."""
    run_child(read_task)
