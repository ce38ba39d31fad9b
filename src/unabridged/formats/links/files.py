"""Reading of files with saved links, by kind, and of exports in ZIP archives."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from unabridged.archive.records.imports import Imported
from unabridged.errors import DocumentError
from unabridged.feeds.parsing.decode import decode
from unabridged.formats.links.address_list import read_addresses
from unabridged.formats.links.bookmarks import is_bookmarks, read_bookmarks
from unabridged.formats.links.json_export import read_json_export
from unabridged.formats.links.saved_link import SavedLink, imported_link
from unabridged.formats.links.table import read_table

MAX_BYTES = 500_000_000
"""Bytes of a file, or of a file in a ZIP archive: wallabag's exports hold whole texts."""
MAX_ENTRIES = 1000
"""Files of a ZIP archive that are read."""

_Placed = Iterator[tuple[str, SavedLink] | DocumentError]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFile:
    """Content of a file with links. place: its name for messages."""

    name: str
    place: str
    data: bytes


def _bookmarks(data: bytes, place: str) -> _Placed:
    found = list(read_bookmarks(decode(data).text))
    if not found:
        yield DocumentError(f"{place}: there is no bookmark in this file.")
    for number, link in enumerate(found, 1):
        yield f"{place}, bookmark {number}", link


LINK_READERS: Mapping[str, Callable[[bytes, str], _Placed]] = {
    "bookmarks": _bookmarks,
    "table": lambda data, place: read_table(decode(data).text, place),
    "json": read_json_export,
    "addresses": lambda data, place: read_addresses(decode(data).text, place),
}
"""Kind of a file -> reader of its links."""

_IN_ZIP = {".csv": "table", ".json": "json", ".html": "bookmarks"}


def read_links(kind: str, file: Path) -> Iterator[Imported | DocumentError]:
    """Yield the links of a file, or errors with their positions."""
    try:
        if file.stat().st_size > MAX_BYTES:
            yield DocumentError(f"{file} has more than {MAX_BYTES:,} bytes. Split it first.")
            return
        data = file.read_bytes()
    except OSError as exc:
        yield DocumentError(f"{file} cannot be read: {exc.strerror}.")
        return
    yield from _imported(LINK_READERS[kind](data, str(file)))


def links_in(file: LinkFile) -> Iterator[Imported | DocumentError]:
    """Yield the links of a file out of a ZIP archive."""
    kind = _IN_ZIP[Path(file.name).suffix.lower()]
    if kind == "bookmarks" and not is_bookmarks(file.data[:2000]):
        return
    yield from _imported(LINK_READERS[kind](file.data, file.place))


def _imported(found: _Placed) -> Iterator[Imported | DocumentError]:
    for one in found:
        yield one if isinstance(one, DocumentError) else imported_link(one[1], one[0])


def unpacked(path: Path) -> Iterator[LinkFile | DocumentError]:
    """Yield the files of an export in a ZIP archive that hold feeds or links."""
    try:
        with ZipFile(path) as archive:
            wanted = [
                entry
                for entry in archive.infolist()
                if entry.filename.lower().endswith((".opml", *_IN_ZIP)) and not entry.is_dir()
            ]
            for entry in wanted[:MAX_ENTRIES]:
                place = f"{path}/{entry.filename}"
                if entry.file_size > MAX_BYTES or entry.file_size > 200 * max(entry.compress_size, 5000):
                    yield DocumentError(f"{place} is too large to be unpacked.")
                    continue
                yield LinkFile(name=entry.filename, place=place, data=archive.read(entry))
    except (BadZipFile, OSError, RuntimeError, NotImplementedError) as exc:
        yield DocumentError(f"{path} cannot be unpacked: {exc}.")
