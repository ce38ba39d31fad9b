"""Pages in a tar archive, plain or compressed, also one that is made to do harm.

Nothing is unpacked to the disk, and links are not followed. An archive is read once, from its beginning to
its end, by one process.
"""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, BinaryIO, Protocol

import zstandard

from unabridged.bulk.sources.files import InputFile
from unabridged.bulk.sources.paths import TargetPaths, address, file_address, inner_path, shown
from unabridged.bulk.sources.source import (
    HEAD,
    LINK,
    MAX_PAGE,
    OTHER_FILE,
    Found,
    LeftOut,
    Member,
    Unreadable,
    begins_html,
    is_html_name,
)
from unabridged.warc_reader import Damage

MAX_RATIO = 500
"""Largest ratio of an archive unpacked to packed: pages made from one template pack better together."""

RATIO_FROM = 64_000_000
"""Unpacked bytes from which on the ratio is checked."""

PIECE = 1 << 20
MAX_WINDOW = 1 << 27
"""Window of zstd, which its own program accepts without an option."""

_ERRORS = (
    *(tarfile.TarError, OSError, EOFError, ValueError, MemoryError, RecursionError, OverflowError),
    *(zlib.error, lzma.LZMAError, zstandard.ZstdError),
)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _unzstd(file: BinaryIO) -> _Readable:
    decoder = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    reader: _Readable = decoder.stream_reader(file, read_across_frames=True)
    return reader


COMPRESSIONS: tuple[tuple[bytes, Callable[[BinaryIO], _Readable]], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
    (b"BZh", bz2.BZ2File),
    (b"\x28\xb5\x2f\xfd", _unzstd),
)
"""First bytes of a compressed archive, and its decompressor."""


class Bomb(OSError):
    """The archive unpacks to far more than its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TarMembers:
    """The pages of a tar archive. Positions are offsets in the unpacked archive."""

    file: InputFile

    @property
    def name(self) -> str:
        return shown(self.file.name)

    @property
    def size(self) -> int:
        return self.file.size

    def found(self) -> Iterator[Found]:
        """Yield the pages, and the place at which the archive is damaged."""
        position = 0
        try:
            with self.file.path.open("rb") as file, closing(_Forward(file)) as stream:
                with tarfile.TarFile(fileobj=stream, errorlevel=1) as tar:  # type: ignore[arg-type]
                    targets = TargetPaths()
                    while (member := tar.next()) is not None:
                        tar.members.clear()  # type: ignore[attr-defined]  # it would keep all of them
                        position = member.offset
                        yield self._found(tar, member, targets)
                position = stream.tell()
                if stream.last_block.strip(b"\0"):
                    yield self._damage(position, "a header is damaged")
        except _ERRORS as exc:
            yield self._damage(position, str(exc) or type(exc).__name__)

    def _damage(self, position: int, why: str) -> Damage:
        return Damage(position=position, why=f"it cannot be read from here on: {why}")

    def _found(self, tar: tarfile.TarFile, member: tarfile.TarInfo, targets: TargetPaths) -> Found:
        if member.issym() or member.islnk():
            return LeftOut(position=member.offset, why=LINK)
        if not member.isreg():
            return LeftOut(position=member.offset, why=OTHER_FILE)
        path = inner_path(member.name)
        if path is None:
            why = f"the path {shown(member.name)!r} leads out of the archive"
            return Damage(position=member.offset, why=why)
        target = targets.add(path)
        content = tar.extractfile(member)
        head = b"" if content is None else content.read(HEAD)
        hidden = path.rpartition("/")[2].startswith(".")
        if content is None or hidden or not (is_html_name(path) or begins_html(head)):
            return LeftOut(position=member.offset, why=OTHER_FILE)
        return Member(
            position=member.offset,
            name=f"{self.name}/{shown(path)}",
            url=address(self.file.url, path),
            place=file_address(self.file.path, path),
            target="/".join(filter(None, (self.file.target, target))),
            read=partial(_bytes_of, head, content),
        )


def _bytes_of(head: bytes, content: IO[bytes]) -> bytes:
    try:
        return head + content.read(MAX_PAGE + 1 - len(head))
    except _ERRORS as exc:
        raise Unreadable(f"it cannot be unpacked: {exc or type(exc).__name__}") from exc


class _Forward:
    """The unpacked archive as a file that is read forward only, with a limit on its ratio."""

    def __init__(self, packed: BinaryIO) -> None:
        head = packed.read(8)
        packed.seek(0)
        self._packed = packed
        self._inner: Any = next(
            (begin(packed) for magic, begin in COMPRESSIONS if head.startswith(magic)), packed
        )
        self._position = 0
        self.last_block = b""
        """The last block that was asked for alone, as headers are."""

    def read(self, size: int) -> bytes:
        pieces = []
        while size > 0 and (piece := self._inner.read(min(size, PIECE))):
            pieces.append(piece)
            size -= len(piece)
            self._position += len(piece)
            if self._position > RATIO_FROM and self._position > MAX_RATIO * self._packed.tell():
                raise Bomb(f"it unpacks to more than {MAX_RATIO} times its size")
        found = b"".join(pieces)
        if len(found) <= tarfile.BLOCKSIZE:
            self.last_block = found
        return found

    def seek(self, position: int) -> None:
        if position < self._position:
            raise tarfile.ReadError("it refers to an earlier place in itself")
        while position > self._position and self.read(min(PIECE, position - self._position)):
            pass

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if self._inner is not self._packed and hasattr(self._inner, "close"):
            self._inner.close()
