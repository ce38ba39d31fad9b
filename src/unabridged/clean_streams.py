"""Standard output and standard error without control sequences.

All text written to them is cleaned: results, remarks, logs, tracebacks, warnings. Only the consoles of
`unabridged.cli.support.terminal` bypass them: they clean text themselves and add their own styles.
"""

import io
import sys
from typing import TextIO

from unabridged.text.controls import without_controls


class CleanStream(io.TextIOWrapper):
    """A text stream that cleans what is written and passes it to the bytes of `underlying`."""

    underlying: TextIO

    @classmethod
    def over(cls, stream: TextIO) -> "CleanStream":
        """Return a clean stream that replaces an open one."""
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
            stream.reconfigure(encoding=made.encoding, errors="backslashreplace")  # used by consoles
        made.underlying = stream  # a reference: if it were closed, it would close the shared buffer
        return made

    def write(self, text: str) -> int:
        """Write text without control sequences; return the number of characters given."""
        super().write(without_controls(text))
        return len(text)


def install() -> None:
    """Replace stdout and stderr by clean streams, once."""
    if hasattr(sys.stdout, "buffer") and not isinstance(sys.stdout, CleanStream):
        sys.stdout = CleanStream.over(sys.stdout)
    if hasattr(sys.stderr, "buffer") and not isinstance(sys.stderr, CleanStream):
        sys.stderr = CleanStream.over(sys.stderr)


def underlying(stream: TextIO) -> TextIO:
    """Return the original stream, to which a console may write its styles."""
    return stream.underlying if isinstance(stream, CleanStream) else stream
