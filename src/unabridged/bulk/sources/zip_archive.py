"""Pages in a ZIP archive, also one that is made to do harm.

Nothing is unpacked to the disk. A member is read up to the limit of a page. Refused are a member that would
unpack to more than 200 times its size, and an archive whose members overlap.
https://www.bamsoftware.com/hacks/zipbomb/
"""

import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from zipfile import BadZipFile, ZipFile, ZipInfo

from unabridged.bulk.sources.files import InputFile
from unabridged.bulk.sources.paths import TargetPaths, address, file_address, inner_path, shown
from unabridged.bulk.sources.source import (
    HEAD,
    MAX_PAGE,
    MAX_RATIO,
    OTHER_FILE,
    RATIO_FROM,
    Found,
    LeftOut,
    Member,
    Unreadable,
    begins_html,
    is_html_name,
)
from unabridged.warc_reader import Damage

PART_BYTES = 2_000_000
"""Bytes of an archive in a part, which one process reads."""

MOST_PARTS = 128

_UTF_8 = 0x800
"""Flag of a member whose name is stated to be UTF-8."""

_ERRORS = (
    *(BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError, MemoryError),
    *(zlib.error, lzma.LZMAError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipMembers:
    """The pages of one part of a ZIP archive, of so many parts with equally many members."""

    file: InputFile
    part: int = 0
    parts: int = 1

    @property
    def name(self) -> str:
        return shown(self.file.name)

    @property
    def size(self) -> int:
        return self.file.size // self.parts

    def found(self) -> Iterator[Found]:
        """Yield the pages of this part. What is wrong with the archive is told by the first part."""
        try:
            with ZipFile(self.file.path) as archive:
                members = archive.infolist()
                if sum(member.compress_size for member in members) > self.file.size:
                    yield from self._refused("its members overlap: it is a bomb")
                    return
                yield from self._members(archive, members)
        except _ERRORS as exc:
            yield from self._refused(f"it cannot be read: {exc or type(exc).__name__}")

    def _refused(self, why: str) -> Iterator[Found]:
        if self.part == 0:
            yield Damage(position=0, why=why)

    def _members(self, archive: ZipFile, members: list[ZipInfo]) -> Iterator[Found]:
        begin, end = (len(members) * part // self.parts for part in (self.part, self.part + 1))
        targets, position = TargetPaths(), 0
        for number, member in enumerate(members[:end]):
            name = _name(member)
            path = inner_path(name)
            target = targets.add(path) if path is not None and not member.is_dir() else ""
            if number < begin or member.is_dir():
                continue
            yield self._found(archive, member, position, path, target)
            position += member.compress_size + 1

    def _found(
        self, archive: ZipFile, member: ZipInfo, position: int, path: str | None, target: str
    ) -> Found:
        if path is None:
            why = f"the path {shown(_name(member))!r} leads out of the archive"
            return Damage(position=position, why=why)
        if not _may_be_page(archive, member, path):
            return LeftOut(position=position, why=OTHER_FILE)
        return Member(
            position=position,
            name=f"{self.name}/{shown(path)}",
            url=address(self.file.url, path),
            place=file_address(self.file.path, path),
            target="/".join(filter(None, (self.file.target, target))),
            read=partial(_bytes_of, archive, member),
        )


def _name(member: ZipInfo) -> str:
    """Return a member's name; many programs write UTF-8 without stating it."""
    if member.flag_bits & _UTF_8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename


def _may_be_page(archive: ZipFile, member: ZipInfo, path: str) -> bool:
    parts = path.split("/")
    if parts[-1].startswith(".") or parts[0] == "__MACOSX":
        return False
    return is_html_name(path) or begins_html(_head(archive, member))


def _head(archive: ZipFile, member: ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            return file.read(HEAD)
    except _ERRORS:
        return b""


def _bytes_of(archive: ZipFile, member: ZipInfo) -> bytes:
    if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size:
        raise Unreadable(f"it would unpack to more than {MAX_RATIO} times its size")
    try:
        with archive.open(member) as file:
            return file.read(MAX_PAGE + 1)
    except _ERRORS as exc:
        raise Unreadable(f"it cannot be unpacked: {exc or type(exc).__name__}") from exc
