"""Detection of import files by their first bytes."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile, ZipFile

import orjson

from unabridged.errors import DocumentError
from unabridged.feeds.parsing.decode import decode
from unabridged.formats.document.document import looks_like_document
from unabridged.formats.jsonl import MAX_LINE
from unabridged.formats.links.address_list import is_address_list
from unabridged.formats.links.bookmarks import is_bookmarks
from unabridged.formats.links.table import is_table

Kind = Literal[
    "document", "markdown", "jsonl", "opml", "warc", "bookmarks", "table", "json", "addresses", "zip"
]

SUFFIXES = (
    *(".md", ".txt", ".jsonl", ".ndjson", ".opml", ".warc", ".warc.gz"),
    *(".csv", ".tsv", ".json", ".html", ".htm", ".zip"),
)
"""Suffixes of files in a folder that are read; others are ignored."""

IN_ZIP = (".opml", ".json", ".csv", ".html")
"""Suffixes of the files in a ZIP archive that are read."""

_HEAD = 2000
_OPML = re.compile(rb"(?:\s|<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)*<opml\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<\?xml|\s*<(?:rss|feed|rdf:RDF)\b")
_WARC = re.compile(rb"WARC/\d\.\d")
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MARKDOWN = re.compile(rb"---\r?\n(?:[a-z_]+: .*\r?\n)*?url: ")
_OTHER_KINDS = (
    (b"\x1f\x8b", "compressed with gzip, and no WARC inside: unpack it first"),
    (b"(\xb5/\xfd", "compressed with zstd: unpack it first"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\x00", "a database: name an archive with --database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


def detect_kind(path: Path) -> Kind:
    """Detect a file's format. Raises DocumentError, which names the actual format, for other files."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as exc:
        raise DocumentError(f"{path} cannot be read: {exc.strerror}.") from exc
    for begins, what in _OTHER_KINDS:
        if head.startswith(begins) and not looks_like_warc(head):
            raise _refusal(path, what)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    return _kind_by_content(head.removeprefix(b"\xef\xbb\xbf"), path) or _kind_by_name(path, head)


def looks_like_warc(head: bytes) -> bool:
    """Tell if a file begins like a WARC, plain or gzipped."""
    if head.startswith(b"\x1f\x8b\x08"):
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return _WARC.match(head) is not None


def _kind_by_content(head: bytes, path: Path) -> Kind | None:
    if looks_like_warc(head):
        return "warc"
    if looks_like_document(head):
        return "document"
    if _OPML.match(head):
        return "opml"
    if _MARKDOWN.match(head):
        return "markdown"
    if head.lstrip().startswith((b"{", b"[")):
        return _kind_of_json(path)
    if is_bookmarks(head):
        return "bookmarks"
    if _HTML.match(head):
        raise _refusal(path, "an HTML page: `unabridged read FILE` reads one, `unabridged save URL` saves it")
    if _XML.match(head) and path.suffix.lower() != ".opml":
        raise _refusal(path, "XML, but not OPML: subscribe to a feed with `unabridged add URL`")
    text = decode(head).text if b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    if is_table(text):
        return "table"
    return "addresses" if is_address_list(text) else None


def _kind_of_zip(path: Path) -> Kind:
    """Detect an export of another reader. Raises DocumentError for other ZIP archives, as EPUBs are."""
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError) as exc:
        raise _refusal(path, "a ZIP archive (or an EPUB) that is damaged") from exc
    if "mimetype" in names or not any(name.lower().endswith(IN_ZIP) for name in names):
        raise _refusal(path, "a ZIP archive (or an EPUB) with no export of a reader in it: unpack it first")
    return "zip"


def _kind_of_json(path: Path) -> Kind:
    """Tell JSON lines from a JSON document: the first line of JSON lines is an article."""
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return "jsonl"
    with path.open("rb") as file:
        first = file.readline(MAX_LINE)
        more = bool(file.read(1))
    try:
        value = orjson.loads(first.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return "json" if path.suffix.lower() == ".json" or first.strip() in (b"{", b"[") else "jsonl"
    is_article = isinstance(value, dict) and isinstance(value.get("url"), str)
    return "jsonl" if is_article or (more and isinstance(value, dict)) else "json"


def _kind_by_name(path: Path, head: bytes) -> Kind:
    """Detect a damaged file by its suffix, so that the error can name the position."""
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        return "warc"
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if name.endswith(".opml"):
        return "opml"
    if name.endswith((".csv", ".tsv")):
        return "table"
    if name.endswith(".json"):
        return "json"
    if name.endswith((".md", ".txt")) or b"\x00" not in head:
        return "document"
    raise _refusal(path, "a binary file of an unknown kind")


def _refusal(path: Path, what: str) -> DocumentError:
    return DocumentError(
        f"{path} is {what}. Archive documents, Markdown with front matter, JSON lines, OPML, WARC, bookmarks "
        "(HTML), tables of links (CSV), JSON exports of other readers and lists of addresses can be imported."
    )


def files_below(path: Path) -> Iterator[Path]:
    """Yield the files below a path that may be imported, by source and number; for a file, itself."""
    if not path.is_dir():
        yield path
        return
    found = [one for one in path.rglob("*") if one.name.lower().endswith(SUFFIXES) and one.is_file()]
    inside = [one for one in found if not _is_ignored(one.relative_to(path))]
    yield from sorted(inside, key=lambda one: (str(one.parent), one.stem.isdigit(), _number(one), one.name))


def _is_ignored(path: Path) -> bool:
    """Tell if a path is hidden, or a list beside the articles of a tree."""
    return any(part.startswith(".") for part in path.parts) or path.parent.name == "lists"


def _number(path: Path) -> int:
    return int(path.stem) if path.stem.isascii() and path.stem.isdigit() and len(path.stem) < 16 else 0
