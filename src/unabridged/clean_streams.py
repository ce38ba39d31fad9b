"""Standard output and standard error as streams that let no control sequence through.

All text written to them is cleaned: results, remarks, logs, tracebacks, warnings. Only the consoles of
`unabridged.cli.support.terminal` write past them, with styles of their own around text that they clean.
"""

import io
import sys
from typing import TextIO

from unabridged.text.controls import without_controls


class CleanStream(io.TextIOWrapper):
    """A text stream over the bytes of another one; `underlying` is the other one."""

    underlying: TextIO

    @classmethod
    def over(cls, stream: TextIO) -> "CleanStream":
        """Return a clean stream in place of one that is open."""
        stream.flush()
        encoding = "utf-8" if stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968") else None
        made = cls(
            stream.buffer,
            encoding=encoding or stream.encoding,
            errors="backslashreplace",
            line_buffering=bool(stream.line_buffering),
            write_through=True,
        )
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=made.encoding, errors="backslashreplace")  # for consoles
        made.underlying = stream  # closing it would close the bytes below
        return made

    def write(self, text: str) -> int:
        """Write text without its control sequences; returns how many characters were handed over."""
        super().write(without_controls(text))
        return len(text)


def install() -> None:
    """Put clean streams in the place of stdout and stderr, once."""
    if hasattr(sys.stdout, "buffer") and not isinstance(sys.stdout, CleanStream):
        sys.stdout = CleanStream.over(sys.stdout)
    if hasattr(sys.stderr, "buffer") and not isinstance(sys.stderr, CleanStream):
        sys.stderr = CleanStream.over(sys.stderr)


def underlying(stream: TextIO) -> TextIO:
    """Return the stream that a console may write its own styles to."""
    return stream.underlying if isinstance(stream, CleanStream) else stream
