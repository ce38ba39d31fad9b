"""Input files, and the pages of a list of HTML files."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from unabridged.bulk.sources.paths import file_address, shown
from unabridged.bulk.sources.source import MAX_PAGE, Found, Member, Unreadable

Kind = Literal["page", "zip", "tar", "warc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file to read. path: absolute. name: its path below the folder of all inputs. size: bytes.

    version: changes with the content. url, target: as of `Member`; for an archive, the base address and the
    folder of its members' outputs, both "" for none. place: the address of the file, "" for that of its path.
    """

    path: Path
    name: str
    kind: Kind
    size: int
    version: str
    url: str = ""
    target: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFiles:
    """The pages of some HTML files, a page each."""

    files: tuple[InputFile, ...]

    @property
    def name(self) -> str:
        return shown(self.files[0].name)

    @property
    def size(self) -> int:
        return sum(file.size + 1 for file in self.files)

    def found(self) -> Iterator[Found]:
        """Yield every file as a page."""
        position = 0
        for file in self.files:
            yield Member(
                position=position,
                name=shown(file.name),
                url=file.url,
                place=file.place or file_address(file.path),
                target=file.target,
                read=partial(_bytes_of, file.path),
            )
            position += file.size + 1  # empty files have places of their own, too


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_PAGE + 1)
    except OSError as exc:
        raise Unreadable(f"it cannot be read: {exc.strerror or exc}") from exc
