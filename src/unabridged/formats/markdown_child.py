"""The child process of an import: a Markdown file in, its article or what is wrong with it out."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from unabridged.archive.records.core import Imported
from unabridged.errors import DocumentError
from unabridged.formats.markdown_reading import read_markdown
from unabridged.processes.child import run_child


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownTask:
    """A file that was read. path: for messages."""

    content: bytes
    path: Path


def answer(task: MarkdownTask) -> Imported | DocumentError:
    """Read a file; whatever goes wrong is an answer too."""
    try:
        return read_markdown(task.content, path=task.path)
    except DocumentError as exc:
        return exc
    except MemoryError:
        return DocumentError(f"{task.path}: reading it took more memory than allowed; it was left out.")
    except Exception as exc:  # noqa: BLE001 - a fault of ours ends on the file's record
        traceback.print_exc()
        return DocumentError(f"{task.path}: it could not be read: {type(exc).__name__}: {str(exc)[:200]}.")


def main() -> None:
    """Run as a child process of `MarkdownReader`."""
    run_child(answer)
