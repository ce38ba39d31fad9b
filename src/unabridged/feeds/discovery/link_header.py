"""The HTTP header Link (https://www.rfc-editor.org/rfc/rfc8288): links of a response with their relations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 20_000
"""Longest part of a header that is read."""

_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{1,500}))*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderLink:
    """One link. url: as written. relations: in lower case. datetime: as written, of a memento (RFC 7089)."""

    url: str
    relations: tuple[str, ...] = ()
    type: str = ""
    title: str = ""
    datetime: str = ""


def links_of_header(header: str, *, most: int = MAX_CHARACTERS) -> Iterator[HeaderLink]:
    """Yield the links of a Link header, in their order; of a repeated parameter the first counts.

    most: characters that are read.
    """
    for match in _LINK.finditer(header[:most]):
        given = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])[::-1]}
        yield HeaderLink(
            url=match[1].strip(),
            relations=tuple(given.get("rel", "").lower().split()),
            type=given.get("type", ""),
            title=given.get("title", ""),
            datetime=given.get("datetime", ""),
        )
