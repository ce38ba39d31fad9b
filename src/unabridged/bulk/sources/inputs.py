"""Inputs of an extraction: named paths, globs and lists of paths, as files in a fixed order."""

import os
import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from os import DirEntry
from pathlib import Path

from unabridged.bulk.sources.files import InputFile, Kind, PageFiles
from unabridged.bulk.sources.paths import TargetPaths, address, common_folder, shown
from unabridged.bulk.sources.source import (
    HEAD,
    LINK,
    OTHER_FILE,
    WARC_SUFFIXES,
    Source,
    WarcRecords,
    begins_html,
    is_html_name,
)
from unabridged.bulk.sources.tar_archive import COMPRESSIONS, TarMembers
from unabridged.bulk.sources.zip_archive import MOST_PARTS, PART_BYTES, ZipMembers

FILES_IN_SHARD = 20
"""HTML files that a process reads at once, and at most as many as may end their process."""

KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("warc", WARC_SUFFIXES),
    ("zip", (".zip",)),
    ("tar", (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst")),
)
"""Suffixes of archives."""

_GLOB = re.compile(r"[*?\[]")
_GZIP = b"\x1f\x8b"
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A path that cannot be read. why: a message."""

    path: str
    why: str


@dataclass(slots=True, kw_only=True)
class Inputs:
    """Files to read, in order. missing: paths that cannot be read; left_out: reason -> files passed over."""

    files: tuple[InputFile, ...] = ()
    missing: list[Missing] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def sources(self) -> Iterator[tuple[Source, tuple[InputFile, ...]]]:
        """Yield sources that cover the files in order, each with its files."""
        pages: list[InputFile] = []
        for file in self.files:
            if file.kind == "page":
                pages.append(file)
            if pages and (file.kind != "page" or len(pages) == FILES_IN_SHARD):
                yield PageFiles(files=tuple(pages)), tuple(pages)
                pages = []
            if file.kind != "page":
                yield from ((source, (file,)) for source in _archive_sources(file))
        if pages:
            yield PageFiles(files=tuple(pages)), tuple(pages)


def _archive_sources(file: InputFile) -> Iterator[Source]:
    if file.kind == "zip":
        parts = max(1, min(MOST_PARTS, -(-file.size // PART_BYTES)))
        yield from (ZipMembers(file=file, part=part, parts=parts) for part in range(parts))
    elif file.kind == "tar":
        yield TarMembers(file=file)
    else:
        yield WarcRecords(path=file.path, name=shown(file.name), size=file.size, not_a_warc_is_damage=True)


@dataclass(frozen=True, slots=True)
class _Named:
    """A path as named, and the folder that its name is relative to."""

    path: Path
    below: Path


def find_inputs(words: Sequence[str], *, base_url: str = "", output: Path | None = None) -> Inputs:
    """Return the files that words name: files, folders with all that is below them, and globs.

    output: a file or folder that is no input even if it lies in a folder. The names of files are relative to
    the folder that all words have in common.
    """
    inputs = Inputs()
    named = [one for word in words for one in _named(word, inputs)]
    skipped = set() if output is None else {_absolute(output)}
    found: dict[Path, InputFile] = {}
    folders: dict[Path, None] = {}
    for one in named:
        for file in _files(one.path, inputs, skipped):
            found.setdefault(file.path, file)
            folders[one.below] = None
    inputs.files = _placed(list(found.values()), list(folders), base_url)
    return inputs


def _placed(files: list[InputFile], folders: list[Path], base_url: str) -> tuple[InputFile, ...]:
    """Give files their names, addresses and outputs."""
    if not files:
        return ()
    root, targets = common_folder(folders), TargetPaths()
    alone = len(files) == 1
    placed = []
    for file in files:
        name = os.path.relpath(file.path, root)
        if file.kind == "page":
            placed.append(replace(file, name=name, url=address(base_url, name), target=targets.add(name)))
        else:
            placed.append(replace(file, name=name, url=base_url, target="" if alone else name))
    return tuple(placed)


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they were named


def _named(word: str, inputs: Inputs) -> Iterator[_Named]:
    path = _absolute(word)
    if _is_folder(path):
        yield _Named(path, path)
    elif os.path.lexists(path) or not _GLOB.search(word):
        yield _Named(path, path.parent)
    else:
        matches = sorted(_matches(path), key=os.fsencode)
        if not matches:
            inputs.missing.append(Missing(path=shown(word), why="no file has a name like it"))
        yield from (_Named(match, _fixed_part(path)) for match in matches)


def _fixed_part(pattern: Path) -> Path:
    """Return the folder above the first part of a pattern that is one."""
    return next(folder for folder in pattern.parents if not _GLOB.search(str(folder)))


def _matches(pattern: Path) -> list[Path]:
    """Return what a pattern names; ** stands for any folders, and links to folders are not followed by it."""
    folder = _fixed_part(pattern)
    try:
        return [
            match
            for match in folder.glob(str(pattern.relative_to(folder)))
            if not any(part.startswith(".") for part in match.relative_to(folder).parts)
        ]
    except (OSError, ValueError, NotImplementedError):
        return []


def _files(path: Path, inputs: Inputs, skipped: set[Path]) -> Iterator[InputFile]:
    """Yield the file of a path, or the files below a folder, in the order of their names."""
    if not _is_folder(path):
        yield from _file(path, inputs, kind_of_named_file(path))
        return
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here in skipped:
            continue
        if here != path and not _is_folder(here):
            yield from _file(here, inputs, kind_in_folder(here))
            continue
        try:
            with os.scandir(here) as entries:
                inside = sorted(entries, key=lambda entry: os.fsencode(entry.name), reverse=True)
        except OSError as exc:
            inputs.missing.append(Missing(path=shown(str(here)), why=f"it cannot be read: {exc.strerror}"))
            continue
        waiting += [Path(entry.path) for entry in inside if _is_wanted(entry, inputs)]


def _is_wanted(entry: DirEntry[str], inputs: Inputs) -> bool:
    """Tell if an entry of a folder is read; a link to a folder is not followed: it may lead in a circle."""
    try:
        is_linked_folder = entry.is_symlink() and entry.is_dir()
    except OSError as exc:
        inputs.missing.append(Missing(path=shown(entry.path), why=f"it cannot be read: {exc.strerror}"))
        return False
    if is_linked_folder:
        inputs.left_out[LINK] += 1
    elif entry.name.startswith("."):
        inputs.left_out[OTHER_FILE] += entry.is_file(follow_symlinks=False)
    else:
        return True
    return False


def _file(path: Path, inputs: Inputs, kind: Kind | None) -> Iterator[InputFile]:
    try:
        status = path.stat()
    except (OSError, ValueError) as exc:
        why = (
            "there is no such file"
            if isinstance(exc, FileNotFoundError)
            else f"it cannot be read: {shown(str(exc))}"
        )
        inputs.missing.append(Missing(path=shown(str(path)), why=why))
        return
    if kind is None:
        inputs.left_out[OTHER_FILE] += 1
    elif not stat.S_ISREG(status.st_mode):
        inputs.missing.append(Missing(path=shown(str(path)), why="it is neither a file nor a folder"))
    else:
        yield InputFile(
            path=path, name=path.name, kind=kind, size=status.st_size, version=str(status.st_mtime_ns)
        )


def kind_in_folder(path: Path) -> Kind | None:
    """Return the kind of a file that was found in a folder: by its name, else HTML by its beginning."""
    if is_html_name(path.name):
        return "page"
    return _kind_by_suffix(path) or ("page" if begins_html(_head(path)) else None)


def kind_of_named_file(path: Path) -> Kind:
    """Return the kind of a file that was named: by its name, else by its beginning, else a page."""
    if is_html_name(path.name):
        return "page"
    return _kind_by_suffix(path) or _kind_by_content(_head(path)) or "page"


def _kind_by_suffix(path: Path) -> Kind | None:
    name = path.name.lower()
    return next((kind for kind, suffixes in KINDS if name.endswith(suffixes)), None)


def _kind_by_content(head: bytes) -> Kind | None:
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD)
        except zlib.error:
            return None
    elif head.startswith(tuple(magic for magic, _ in COMPRESSIONS)):
        return "tar"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"WARC/"):
        return "warc"
    return "tar" if head[_TAR_MARK_AT:].startswith(_TAR_MARK) else None


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _head(path: Path) -> bytes:
    if not stat.S_ISREG(_mode(path)):
        return b""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""
