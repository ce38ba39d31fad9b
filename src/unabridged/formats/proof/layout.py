"""Files of a proof bundle and the bytes of the zip that holds them.

The same files make the same bytes: they are stored without compression, in one order, with one time. So a
bundle can be made again from its own files and compared byte for byte, and there is nothing to unpack.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from html import escape
from typing import Any

import orjson

MANIFEST = "manifest.json"
README = "README.txt"
TEXT = "article.txt"
HTML = "article.html"
RECORD = "record.json"
ENTRY = "feed-entry.json"
PAGE = "raw-page.bin"
HEADERS = "raw-page-headers.json"

NAMES = (MANIFEST, README, TEXT, HTML, RECORD, ENTRY, PAGE, HEADERS)
"""All files that a bundle may hold, in their order."""

REQUIRED = (MANIFEST, README, TEXT, HTML, RECORD)
PAGE_FILES = (PAGE, HEADERS)
"""Files that a bundle has both or none of."""

MAX_BYTES = 256_000_000
"""Largest bundle: a page of the largest size that is fetched, several times over."""

FORMAT = 1
KIND = "unabridged proof bundle"

README_TEXT = """This is a proof bundle of Unabridged: one version of one article, as it was read.

  article.txt            the clean text
  article.html           the same with headings, links and pictures; open it in a browser (it loads nothing)
  record.json            the whole record: text, title, authors, times; its SHA-256 names the version
  feed-entry.json        the entry of the feed that led to the page, if there was one
  raw-page.bin           the page exactly as it was received, if it is held; its SHA-256 names the raw page
  raw-page-headers.json  the headers that came with it
  manifest.json          addresses, times, completeness, and the SHA-256 of every file here

To check it:            unabridged verify FILE.zip
Without Unabridged:     unpack it, run sha256sum * and compare with "files" in manifest.json

A bundle shows that its parts belong together. Whoever has the archive can make the same bundle again, byte
for byte, and compare: unabridged proof ARTICLE --version N -o FILE.zip
"""

_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of a bundle's files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files, key=NAMES.index):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            packed.writestr(entry, files[name])
    return target.getvalue()


def json_bytes(value: Any) -> bytes:
    """Return JSON with sorted keys: the same bytes for the same value."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def listed_files(files: Mapping[str, bytes]) -> dict[str, dict[str, int | str]]:
    """Return what the manifest says of the other files: name -> SHA-256 and size."""
    return {
        name: {"sha256": digest(data), "bytes": len(data)} for name, data in files.items() if name != MANIFEST
    }


def text_files(record: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the text and the HTML document of a record (decoded JSON)."""
    text, body = _word(record, "text"), _word(record, "body")
    return {TEXT: text.encode(), HTML: _document(record, body).encode()}


def completeness_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record says of its completeness: kind, and evidence in words."""
    found = record.get("completeness")
    given = found if isinstance(found, dict) else {}
    return {"kind": given.get("kind", "full"), "evidence": given.get("evidence", [])}


def _word(record: Mapping[str, Any], name: str) -> str:
    found = record.get(name, "")
    return found if isinstance(found, str) else ""


def _document(record: Mapping[str, Any], body: str) -> str:
    """Return an HTML document that runs and loads nothing, wherever it is opened."""
    title, url = escape(_word(record, "title")), escape(_word(record, "url"))
    language = _word(record, "language")
    lang = f' lang="{escape(language)}"' if language else ""
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{url}</p>\n{body}\n</body>\n</html>\n"
    )
