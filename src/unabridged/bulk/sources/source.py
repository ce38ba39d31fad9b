"""Records that every source of pages yields, and the recognition of HTML by name and by content."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from unabridged.decompress import GZIP_MAGIC, DecodedTooLarge, DecodeError, decode_unstated
from unabridged.errors import NotAWarc
from unabridged.warc_reader import Capture, Damage, captures

MAX_PAGE = 16 * 1024 * 1024
"""Bytes of a page that the extractor reads; it cuts a longer page and says so."""

MAX_RATIO = 200
"""Largest ratio of unpacked to packed bytes of a page."""

RATIO_FROM = 1_000_000
"""Unpacked bytes from which on the ratio of a page is checked."""

HEAD = 1024
"""Bytes in which a file without an HTML suffix must begin like HTML to be read as a page."""

HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
GZIP_SUFFIX = ".gz"
WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")

OTHER_FILE = "not a page"
LINK = "link"
"""Reasons for which something in a folder or an archive is not read."""

_BEGINS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """A page that cannot be read out of its file; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A page in a file or an archive, not read yet.

    position: its place in the source, which grows from page to page. name: its path for people, below the
    folder of all inputs. url: its address if known, else "". place: the address of the file itself. target:
    the path of its output below an output folder, without suffix. read: returns its bytes as they are
    stored; called at most once, before the next page is asked for; raises Unreadable.
    """

    position: int
    name: str
    url: str
    place: str
    target: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something in a source that is no page. why: a reason that is counted."""

    position: int
    why: str


Found = Capture | Damage | Member | LeftOut


class Source(Protocol):
    """A sequence of pages, the same each time. name: for people; size: in the unit of its positions."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def found(self) -> Iterator[Found]:
        """Yield the pages, and what is no page or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecords:
    """The pages of one WARC file. Raises NotAWarc if it is none, unless that is to be named as damage."""

    path: Path
    name: str = ""
    size: int = 0
    not_a_warc_is_damage: bool = False

    def found(self) -> Iterator[Found]:
        """Yield captures and damage."""
        try:
            yield from captures(self.path)
        except NotAWarc as exc:
            if not self.not_a_warc_is_damage:
                raise
            yield Damage(position=0, why=str(exc))


def is_html_name(name: str) -> bool:
    """Tell if a file is a page by its name: story.html, story.htm.gz."""
    return name.lower().removesuffix(GZIP_SUFFIX).endswith(HTML_SUFFIXES)


def begins_html(head: bytes) -> bool:
    """Tell if the first HEAD bytes of a file are those of an HTML page."""
    if head.startswith(_UTF_16):
        head = head.replace(b"\0", b"")[2:]
    return _BEGINS_HTML.match(head[:HEAD]) is not None


def without_suffix(name: str) -> str:
    """Return a file's name without the suffixes of pages and of gzip."""
    short = name[: -len(GZIP_SUFFIX)] if name.lower().endswith(GZIP_SUFFIX) else name
    for suffix in HTML_SUFFIXES:
        if short.lower().endswith(suffix) and len(short) > len(suffix):
            return short[: -len(suffix)]
    return short or name


def unpacked(data: bytes) -> bytes:
    """Return the bytes of a page, unpacked if they are gzip. Raises Unreadable."""
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return decode_unstated(data, "", max_bytes=MAX_PAGE, max_ratio=MAX_RATIO)
    except (DecodeError, DecodedTooLarge) as exc:
        raise Unreadable(f"it cannot be unpacked: {exc}") from exc
