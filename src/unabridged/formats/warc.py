"""The pages of a WARC file on their way into the archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from unabridged.errors import DocumentError, InvalidURL, NotAWarc
from unabridged.formats.warc_writing import ORIGINAL, OURS
from unabridged.model import Page
from unabridged.urls import normalise
from unabridged.warc_reader import Capture, Damage, captures

_INFO = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """A captured page. where: file and byte, for messages; ours: Unabridged wrote the file."""

    page: Page
    where: str
    ours: bool = False


def read_warc(path: Path) -> Iterator[WarcPage | DocumentError]:
    """The HTML pages of a file in their order; where it is damaged, the error with its place.

    What follows the damage is read, too. Memory holds one page at a time.
    """
    ours = _is_ours(path)
    try:
        for one in captures(path):
            where = f"{path}: record at byte {one.position}"
            if isinstance(one, Damage):
                yield DocumentError(f"{where}: {one.why}.")
            else:
                yield _page(one, where, ours)
    except NotAWarc as exc:
        yield DocumentError(str(exc))


def _page(one: Capture, where: str, ours: bool) -> WarcPage | DocumentError:
    try:
        url = normalise(one.url)
    except InvalidURL as exc:
        return DocumentError(f"{where}: {exc}")
    if one.at is None:
        return DocumentError(f"{where}: {url} has no readable WARC-Date.")
    if one.cut_off is not None:
        return DocumentError(f"{where}: {url} was cut off when it was captured ({one.cut_off}).")
    headers = _restored(one.headers) if ours else dict(one.headers)
    page = Page(url=url, final_url=url, status=one.status, headers=headers, body=one.body, fetched=one.at)
    return WarcPage(page=page, where=where, ours=ours)


def _restored(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer as they were before we wrote them."""
    kept = {name: value for name, value in headers.items() if name != "content-length"}
    return {name.removeprefix(ORIGINAL.lower()): value for name, value in kept.items()}


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, WarcRecordType.any_type, parse_http=False):
                info = record.record_type == WarcRecordType.warcinfo
                return info and OURS in record.reader.read(_INFO)
    except OSError:
        pass
    return False
