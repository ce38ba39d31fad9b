"""The bytes that a person hands in by the name of a file."""

import gzip
import sys
from pathlib import Path

from unabridged.errors import NotAPage, without_login

GZIP = b"\x1f\x8b"


def read_file(source: str) -> bytes:
    """Return the bytes of a file or of stdin ("-"), unpacked where they are gzip."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return gzip.decompress(data) if data[:2] == GZIP else data
    except FileNotFoundError:
        shown = without_login(source)  # an address that lacks its https:// is looked for as a file
        raise NotAPage(f"There is no file {shown}. Give a path, an address with https://, or - .") from None
    except (OSError, EOFError, gzip.BadGzipFile) as exc:
        raise NotAPage(f"{source} cannot be read: {exc}.") from exc
