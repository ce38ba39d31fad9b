"""Paths inside an input: as shown to people, in addresses, and as names of output files."""

import os
import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlsplit

from unabridged.bulk.sources.source import without_suffix

MAX_NAME = 200
"""Bytes of a name of an output file without its suffix; file systems take 255."""

MAX_SHOWN = 500
"""Characters of a path that are shown."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069/]")
_DRIVE = re.compile("[A-Za-z]:")


def shown(path: str) -> str:
    """Return a path as text: bytes that are not UTF-8 as escapes (\\xe9), a very long one cut."""
    text = _bytes(path).decode("utf-8", "backslashreplace")
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def address(base: str, path: str) -> str:
    """Return the address of a path below a base address; "" without a base."""
    return f"{base.rstrip('/')}/{quote(_bytes(path.removesuffix('.gz')))}" if base else ""


def file_address(path: Path, inside: str = "") -> str:
    """Return the address of a file, with a member's path inside it as the fragment."""
    return path.as_uri() + (f"#{quote(_bytes(inside))}" if inside else "")


def inner_path(name: str) -> str | None:
    """Return the path of a member below the root of its archive; None if it leads out of it."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path):
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return None if ".." in parts or not parts else "/".join(parts)


class TargetPaths:
    """Paths of output files below a folder, without suffix, each given once.

    Names are compared as file systems without case compare them.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def add(self, path: str) -> str:
        """Return the path of the output for an input's path: a/b.html becomes a/b, a second one a/b.html."""
        *folders, name = path.split("/")
        within = [clean_name(folder) for folder in folders]
        whole, number = clean_name(name), 1
        found = "/".join((*within, clean_name(without_suffix(name))))
        while (key := unicodedata.normalize("NFC", found).casefold()) in self._given:
            found = "/".join((*within, whole if number == 1 else f"{whole}-{number}"))
            number += 1
        self._given.add(key)
        return found


def path_of_address(url: str) -> str:
    """Return a path for a page that is known by its address only: host/path."""
    try:
        parts = urlsplit(url)
        names = [parts.hostname or "", *parts.path.split("/")]
        names[-1] += f"?{parts.query}" if parts.query else ""
    except ValueError:
        names = [url]
    kept = [clean_name(name) for name in names if name not in ("", ".", "..")]
    return "/".join(kept) or "page"


def clean_name(name: str) -> str:
    """Return a name for an output file: controls and bytes that are not UTF-8 as %XX, a long one cut."""
    text = "".join(map(_readable, _bytes(name).decode("utf-8", "surrogateescape")))
    if len(text.encode()) <= MAX_NAME:
        return text
    mark = sha256(text.encode()).hexdigest()[:12]
    return f"{text.encode()[: MAX_NAME - len(mark) - 1].decode('utf-8', 'ignore')}-{mark}"


def _readable(letter: str) -> str:
    if _CONTROLS.match(letter) or "\ud800" <= letter <= "\udfff":
        return quote(_bytes(letter), safe="")
    return letter


def _bytes(text: str) -> bytes:
    """Return the bytes of a path as the file system has them."""
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:  # a lone surrogate out of an archive
        return text.encode("utf-8", "replace")


def common_folder(folders: Sequence[Path]) -> Path:
    """Return the folder that holds all absolute folders."""
    return Path(os.path.commonpath(folders))
