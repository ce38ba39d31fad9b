"""Results on stdout as text, JSON or bytes, and the log on stderr, without control sequences."""

import io
import logging
import sys
from collections.abc import Callable
from typing import BinaryIO

from unabridged.text.controls import escaped_in_json, without_controls


class CleanBytes(io.RawIOBase):
    """A byte stream that cleans each write separately."""

    def __init__(self, stream: BinaryIO, clean: Callable[[bytes], bytes]) -> None:
        self._stream = stream
        self._clean = clean

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write bytes, cleaned; returns the number of bytes that were given."""
        self._stream.write(self._clean(bytes(data)))
        return len(data)

    def flush(self) -> None:
        self._stream.flush()


def clean_text(data: bytes) -> bytes:
    """Return UTF-8 text without control characters, except line ends and tabs."""
    return without_controls(data.decode("utf-8", "replace")).encode()


def write_text(data: bytes) -> None:
    """Write text in UTF-8 to stdout."""
    _write(clean_text(data))


def write_json(data: bytes) -> None:
    """Write JSON to stdout."""
    _write(escaped_in_json(data))


def text_output() -> BinaryIO:
    """Return stdout for text in UTF-8."""
    return CleanBytes(sys.stdout.buffer, clean_text)  # type: ignore[return-value]


def json_output() -> BinaryIO:
    """Return stdout for lines of JSON."""
    return CleanBytes(sys.stdout.buffer, escaped_in_json)  # type: ignore[return-value]


def binary_output() -> BinaryIO:
    """Return stdout for binary data, which must not go to a terminal."""
    return sys.stdout.buffer


def to_terminal() -> bool:
    """Return True if stdout is a terminal."""
    return sys.stdout.isatty()


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


class LineFormatter(logging.Formatter):
    """Formats a log record as one line, with continuation lines and tracebacks indented below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message; all lines but the first are indented."""
        first, *others = without_controls(super().formatMessage(record)).split("\n")
        return "\n".join((first, *map(_indented, others)))

    def formatException(self, ei: object) -> str:
        """Return a traceback, indented."""
        return _indented(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:
        """Return a stack, indented."""
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in without_controls(text).split("\n"))


def log_to_stderr(level: int, form: str = "%(levelname)s:%(name)s:%(message)s") -> None:
    """Write log records of a level and above to stderr, each on a line of its own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(form))
    logging.basicConfig(level=level, handlers=[handler])
