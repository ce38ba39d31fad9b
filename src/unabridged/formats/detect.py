"""What kind of file an import is given, told by how it begins; a wrong one is named."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from unabridged.errors import DocumentError
from unabridged.formats.document.document import looks_like_document

Kind = Literal["document", "markdown", "jsonl", "opml", "warc"]

SUFFIXES = (".md", ".txt", ".jsonl", ".ndjson", ".opml", ".warc", ".warc.gz")
"""Files of a folder that may hold something; other files are not looked at."""

_HEAD = 2000
_OPML = re.compile(rb"(?:\s|<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)*<opml\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<\?xml|\s*<(?:rss|feed|rdf:RDF)\b")
_WARC = re.compile(rb"WARC/\d\.\d")
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MARKDOWN = re.compile(rb"---\r?\n(?:[a-z_]+: .*\r?\n)*?url: ")
_STRANGERS = (
    (b"PK\x03\x04", "a ZIP archive (or an EPUB): unpack it first"),
    (b"\x1f\x8b", "compressed with gzip, and no WARC inside: unpack it first"),
    (b"(\xb5/\xfd", "compressed with zstd: unpack it first"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\x00", "a database: name an archive with --database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


def kind_of(path: Path) -> Kind:
    """Say what a file is. Raises DocumentError for one that cannot be imported, with what it is instead."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as exc:
        raise DocumentError(f"{path} cannot be read: {exc.strerror}.") from exc
    for begins, what in _STRANGERS:
        if head.startswith(begins) and not looks_like_warc(head):
            raise _stranger(path, what)
    return _told_by_content(head.removeprefix(b"\xef\xbb\xbf"), path) or _told_by_name(path, head)


def looks_like_warc(head: bytes) -> bool:
    """Whether a file begins like a WARC, plain or with gzip."""
    if head.startswith(b"\x1f\x8b\x08"):
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return _WARC.match(head) is not None


def _told_by_content(head: bytes, path: Path) -> Kind | None:
    if looks_like_warc(head):
        return "warc"
    if looks_like_document(head):
        return "document"
    if _OPML.match(head):
        return "opml"
    if _MARKDOWN.match(head):
        return "markdown"
    if head.lstrip().startswith(b"{"):
        return "jsonl"
    if _HTML.match(head):
        raise _stranger(
            path, "an HTML page: `unabridged read FILE` reads one, `unabridged save URL` keeps it"
        )
    if _XML.match(head) and path.suffix.lower() != ".opml":
        raise _stranger(path, "XML, but no OPML: a feed is subscribed to with `unabridged add URL`")
    return None


def _told_by_name(path: Path, head: bytes) -> Kind:
    """A file whose beginning is broken is what its name says, so that the error can name the place."""
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        return "warc"
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if name.endswith(".opml"):
        return "opml"
    if name.endswith((".md", ".txt")) or b"\x00" not in head:
        return "document"
    raise _stranger(path, "a binary file of an unknown kind")


def _stranger(path: Path, what: str) -> DocumentError:
    return DocumentError(
        f"{path} is {what}. Archive documents, Markdown with front matter, JSON lines, OPML and WARC "
        "can be imported."
    )


def files_below(path: Path) -> Iterator[Path]:
    """The files below a path that may be imported, by source and number; a file is itself."""
    if not path.is_dir():
        yield path
        return
    found = [one for one in path.rglob("*") if one.name.lower().endswith(SUFFIXES) and one.is_file()]
    inside = [one for one in found if not _is_beside(one.relative_to(path))]
    yield from sorted(inside, key=lambda one: (str(one.parent), one.stem.isdigit(), _number(one), one.name))


def _is_beside(path: Path) -> bool:
    """Hidden files, and the lists that stand beside a tree's articles."""
    return any(part.startswith(".") for part in path.parts) or path.parent.name == "lists"


def _number(path: Path) -> int:
    return int(path.stem) if path.stem.isascii() and path.stem.isdigit() and len(path.stem) < 16 else 0
