"""Check of a proof bundle without the archive: hostile and changed bundles are refused by name."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import Any, NoReturn

import orjson

from unabridged.archive.records.encoding import decode_entry
from unabridged.errors import DamagedRecord, ProofRefused
from unabridged.formats.proof import layout
from unabridged.model import Entry, Origin, Page

_END = Struct("<10xHI6x")
"""End of a zip: the number of files, and the bytes of the list of them."""

MOST_ENTRIES = 100
MOST_LISTED = 20_000

LEARNT: Origin = "learnt"
"""Origin of a text in a record's provenance."""

_TEXTS = ("program", "title", "url", "sha256", "source", "reason", "saved")
_NUMBERS = ("article", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBundle:
    """A bundle whose parts belong together.

    sha256: of the whole file. text: the clean text. page: the raw page with its headers, None if the bundle
    has none. entry: the feed's entry, a hint for the extraction. learnt: the text was read from the page by
    the profile of its site, which is not in the bundle.
    """

    sha256: str
    manifest: Mapping[str, Any]
    text: str
    page: Page | None = None
    entry: Entry | None = None
    learnt: bool = False


def check_bundle(data: bytes) -> CheckedBundle:
    """Check every byte of a bundle. Raises ProofRefused, naming the file and the reason."""
    files = _read(data)
    manifest = _object(files, layout.MANIFEST)
    _check_manifest(manifest, files)
    record = _object(files, layout.RECORD)
    _check_record(manifest, record, files)
    if layout.zip_bytes(files) != data:
        _refuse(
            "the file", "bytes between its parts were changed or added; a bundle of these parts has others"
        )
    return CheckedBundle(
        sha256=layout.digest(data),
        manifest=manifest,
        text=files[layout.TEXT].decode(),
        page=_page(manifest, record, files),
        entry=_entry(files),
        learnt=_is_learnt(record),
    )


def _refuse(name: str, why: str) -> NoReturn:
    raise ProofRefused(f"The proof bundle is refused. {name}: {why}.", name)


def _read(data: bytes) -> dict[str, bytes]:
    """Return the files of the zip. Nothing is unpacked: compressed files are refused."""
    if len(data) > layout.MAX_BYTES:
        _refuse("the file", f"it is larger than {layout.MAX_BYTES // 1_000_000} MB")
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            _check_entries(entries, len(data))
            return {entry.filename: _content(packed, entry) for entry in entries}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as exc:
        _refuse("the file", f"it is no zip file that can be read ({str(exc)[:100]})")


def _check_end(data: bytes) -> None:
    """Refuse a zip that lists more than a bundle has, before the list is read."""
    end = data[-_END.size :]
    if len(end) < _END.size or end[:4] != b"PK\x05\x06":
        _refuse("the file", "it is no zip file, or it was cut or continued at its end")
    entries, listed = _END.unpack(end)
    if entries > MOST_ENTRIES or listed > MOST_LISTED or data[-_END.size - 20 :][:4] == b"PK\x06\x07":
        _refuse("the file", "it lists more files than a bundle has")


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    for name, count in Counter(entry.filename for entry in entries).items():
        shown = repr(name[:80])
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            _refuse(shown, "its name leads out of the folder")
        if name not in layout.NAMES:
            _refuse(shown, "it does not belong in a bundle")
        if count > 1:
            _refuse(name, f"it is there {count} times")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
            _refuse(entry.filename, "it is compressed or encrypted; a bundle stores its files as they are")
        if not entry.compress_size == entry.file_size <= size:
            _refuse(entry.filename, "its size is wrong")
    if sum(entry.file_size for entry in entries) > size:
        _refuse("the file", "its parts lie over each other")
    names = {entry.filename for entry in entries}
    for name in layout.REQUIRED:
        if name not in names:
            _refuse(name, "it is missing")
    if len(names.intersection(layout.PAGE_FILES)) == 1:
        [missing] = set(layout.PAGE_FILES) - names
        _refuse(missing, "it is missing")


def _content(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return packed.read(entry)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        _refuse(entry.filename, "its bytes were changed")


def _object(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = orjson.loads(files[name])
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        _refuse(name, "it is no JSON object")
    return found


def _check_manifest(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Check the form of the manifest and the hash of every file that it lists."""
    name = layout.MANIFEST
    if manifest.get("kind") != layout.KIND:
        _refuse(name, "it does not describe a proof bundle of Unabridged")
    if manifest.get("format") != layout.FORMAT:
        _refuse(name, "its format is unknown here; use a newer Unabridged")
    if files[name] != layout.json_bytes(manifest):
        _refuse(name, "its bytes were changed")
    texts = all(isinstance(manifest.get(key), str) for key in _TEXTS)
    if not texts or not all(type(manifest.get(key)) is int for key in _NUMBERS):
        _refuse(name, "a part of it is missing")
    listed, found = manifest.get("files"), layout.listed_files(files)
    if not isinstance(listed, dict) or listed.keys() != found.keys():
        _refuse(name, "it lists other files than the bundle has")
    for each in found:
        if listed[each] != found[each]:
            _refuse(each, "its bytes are not those of which the manifest has the SHA-256")


def _check_record(manifest: Mapping[str, Any], record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Check that the record is the version that the manifest names, and that text and HTML are its own."""
    if layout.digest(files[layout.RECORD]) != manifest["sha256"]:
        _refuse(layout.RECORD, "it is not the version that the manifest names")
    stated = {key: record.get(key, "") for key in ("title", "url")}
    stated["completeness"] = layout.completeness_of(record)
    for key, value in stated.items():
        if manifest.get(key) != value:
            _refuse(layout.MANIFEST, f"its {key} is not that of {layout.RECORD}")
    for name, content in layout.text_files(record).items():
        if files[name] != content:
            _refuse(name, f"it is not the text of {layout.RECORD}")
    if files[layout.README] != layout.README_TEXT.encode():
        _refuse(layout.README, "it was changed")
    page = manifest.get("raw_page")
    if (layout.PAGE in files) != isinstance(page, dict):
        _refuse(layout.MANIFEST, f"it does not agree with the bundle on {layout.PAGE}")
    if isinstance(page, dict) and layout.digest(files[layout.PAGE]) != page.get("sha256"):
        _refuse(layout.PAGE, "it is not the raw page that the manifest names")


def _page(manifest: Mapping[str, Any], record: Mapping[str, Any], files: Mapping[str, bytes]) -> Page | None:
    if layout.PAGE not in files:
        return None
    stated, headers = manifest["raw_page"], _object(files, layout.HEADERS)
    try:
        return Page(
            url=str(record.get("url", "")),
            final_url=str(stated["final_url"]),
            status=int(stated["status"]),
            headers={str(key): str(value) for key, value in headers.items()},
            body=files[layout.PAGE],
            fetched=_moment(manifest.get("page_fetched") or stated["first_received"]),
        )
    except (KeyError, ValueError, TypeError):
        _refuse(layout.MANIFEST, "its part about the raw page cannot be read")


def _is_learnt(record: Mapping[str, Any]) -> bool:
    origins = record.get("provenance")
    return isinstance(origins, dict) and origins.get("body") == LEARNT


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at


def _entry(files: Mapping[str, bytes]) -> Entry | None:
    if layout.ENTRY not in files:
        return None
    try:
        return decode_entry(files[layout.ENTRY])
    except DamagedRecord:
        _refuse(layout.ENTRY, "it cannot be read")
