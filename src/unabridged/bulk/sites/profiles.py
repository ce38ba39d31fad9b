"""Profiles of sites as a file: one a line, as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import orjson

from unabridged.atomic_files import Folder, make_folders
from unabridged.bulk.sites.form import has_form
from unabridged.errors import ExportError
from unabridged.extraction.html.dom import parse
from unabridged.extraction.sites.profile import SiteProfile, Template
from unabridged.extraction.sites.written import MAX_BYTES, from_json

LONGEST_LINE = 4 * MAX_BYTES
"""Bytes of a line; a longer one is no profile."""
MOST = 100_000
"""Profiles of a file; the lines after them are not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """The profiles of a file. texts: host -> JSON, at most MAX_BYTES each.

    unusable: lines that are no profile, or one of another version. digest: changes with the file's content.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    unusable: int = 0
    digest: str = ""


def read_profiles(path: Path) -> ProfileFile:
    """Read a file of profiles; of two of one host that with more pages counts, and the first of equals.

    Raises ExportError for a file that cannot be read.
    """
    try:
        status = path.stat()
        return _read(path, status.st_size, status.st_mtime_ns)
    except OSError as exc:
        raise ExportError(f"The profiles {path} cannot be read: {exc.strerror or exc}.") from exc


@lru_cache(maxsize=2)
def _read(path: Path, size: int, changed: int) -> ProfileFile:
    digest = sha256()
    chosen: dict[str, tuple[int, str]] = {}
    unusable = 0
    with path.open("rb") as file:
        for line in _lines(file):
            digest.update(line)
            profile = usable_profile(line)
            if profile is None:
                unusable += 1
            elif profile.pages > chosen.get(profile.site, (-1, ""))[0] and len(chosen) < MOST:
                chosen[profile.site] = (profile.pages, line.decode().strip())
    texts = {site: text for site, (_, text) in chosen.items()}
    return ProfileFile(texts=texts, unusable=unusable, digest=digest.hexdigest()[:32])


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not empty; one that is too long comes in pieces, which are no profiles."""
    while line := file.readline(LONGEST_LINE):
        if line.strip():
            yield line


def usable_profile(text: str | bytes) -> SiteProfile | None:
    """Return the profile of a JSON text; None for one of another version, a wrong form, or bad selectors."""
    try:
        profile = from_json(text if isinstance(text, str) else text.decode())
    except UnicodeDecodeError:
        return None
    if profile is None or not has_form(profile, SiteProfile) or not profile.site:
        return None
    selectors = [one for template in profile.templates for one in _selectors(template)]
    return profile if all(map(_is_selector, selectors)) else None


def _selectors(template: Template) -> Iterator[str]:
    """Yield all CSS selectors of a template."""
    yield from template.body
    yield from (item.selector for item in template.strip)
    yield from (item.place.name for item in template.fields if item.place.kind == "element")
    yield from (item.selector for item in template.next_pages if item.selector)
    if template.data is not None and template.data.kind not in ("variable", "stream"):
        yield template.data.name


_EMPTY = parse("<!doctype html><p>")


def _is_selector(selector: str) -> bool:
    try:
        _EMPTY.select(selector)
    except ValueError:
        return False
    return True


def write_profiles(path: Path, texts: Iterable[str]) -> int:
    """Write a file of profiles whole or not at all; returns how many. Raises ExportError."""
    count = 0
    try:
        make_folders(path.parent)
        with Folder.at(path.parent) as folder, folder.whole_file(path.name) as file:
            for text in texts:
                file.write(text.encode() + b"\n")
                count += 1
    except OSError as exc:
        raise ExportError(
            f"{path} cannot be written: {exc.strerror or exc}. Make room, and try again."
        ) from exc
    return count


def merged(brought: Mapping[str, str], files: Iterable[Path], suspect: frozenset[str]) -> dict[str, str]:
    """Return the profiles to keep after a run, by host.

    brought: those that it began with, which stay. files: those that its parts have learnt; of several of one
    host that with the most pages counts. suspect: hosts that raised an alarm, which are left out.
    """
    found: dict[str, tuple[int, str]] = {}
    for path in files:
        for site, text in read_profiles(path).texts.items():
            pages: int = orjson.loads(text)["pages"]
            if pages > found.get(site, (-1, ""))[0]:
                found[site] = (pages, text)
    whole = {site: text for site, (_, text) in found.items()} | dict(brought)
    return {site: whole[site] for site in sorted(whole) if site not in suspect}
