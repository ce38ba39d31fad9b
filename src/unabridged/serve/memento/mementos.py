"""Mementos of a page: the stored versions of an article, each with its time. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unabridged.archive.records.changes import seen_at
from unabridged.archive.records.core import RevisionLine, RevisionSource
from unabridged.errors import InvalidValue, NotFound
from unabridged.fetch.response_headers import http_date
from unabridged.serve.languages.messages import gettext
from unabridged.urls import web_address

OF_PAGES: frozenset[RevisionSource] = frozenset({"page", "replay", "archive"})
"""Sources of versions that were extracted from the page itself."""

MAX_URL = 8192
_STAMP = re.compile(r"\d{4,14}", re.ASCII)
_FIRST = "00000101000000"
"""Completes a shorter time: a year, a month, a day begin then."""
_SCHEME = re.compile(r"(https?):/*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """A stored version. at: when its page was fetched, or else when it was saved; a whole second, UTC."""

    number: int
    at: datetime
    has_page: bool

    @property
    def stamp(self) -> str:
        """Return the time in 14 digits."""
        return f"{self.at:%Y%m%d%H%M%S}"


def mementos_of(lines: Sequence[RevisionLine]) -> tuple[Memento, ...]:
    """Return the mementos of an article, oldest first; the last version of each second.

    Versions that do not come from the page count only where there are no others.
    """
    shown = [line for line in lines if line.source in OF_PAGES] or lines
    found: dict[datetime, Memento] = {}
    for line in sorted(shown, key=lambda one: one.number):
        at = seen_at(line).astimezone(UTC).replace(microsecond=0)
        found[at] = Memento(number=line.number, at=at, has_page=line.snapshot is not None)
    return tuple(found[at] for at in sorted(found))


def nearest(mementos: Sequence[Memento], at: datetime) -> Memento:
    """Return the memento whose time is nearest, the older one of two."""
    return min(mementos, key=lambda one: (abs(one.at - at), one.at))


def original_url(text: str) -> str:
    """Return the address of a page as it stands in one of ours. Raises NotFound.

    An address without a scheme is of http; browsers and proxies merge the two slashes into one.
    """
    text = _SCHEME.sub(lambda found: f"{found[1].lower()}://", text, count=1)
    text = text if _SCHEME.match(text) else f"http://{text}"
    url = web_address(text) if len(text) <= MAX_URL else None
    if url is None:
        raise NotFound(gettext("This is no address of a page: {url}").format(url=text[:200]))
    return url


def parse_stamp(text: str) -> datetime:
    """Parse a time of 4 to 14 digits, UTC; one without its end means its beginning. Raises InvalidValue."""
    try:
        if _STAMP.fullmatch(text):
            return datetime.strptime(text + _FIRST[len(text) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise InvalidValue(
        gettext("{time} is no time. Write year, month, day, hour, minute, second: 20260320140000.").format(
            time=text[:20]
        )
    )


def parse_accept_datetime(text: str) -> datetime:
    """Parse the header Accept-Datetime (RFC 7089, section 2.1.1). Raises InvalidValue."""
    at = http_date(text)
    if at is None:
        raise InvalidValue(
            gettext("Accept-Datetime is no time of HTTP. Write: Fri, 20 Mar 2026 14:00:00 GMT")
        )
    return at
