"""Dates in response headers: the server's own time, and Retry-After."""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_NEVER_KEPT = frozenset(("set-cookie", "set-cookie2"))

MAX_WAIT = 24 * 3600
"""Seconds; no site keeps us away for longer with one header."""


SERVERS_HEARD = 50
AHEAD = timedelta(days=2)


class ServerTimes:
    """The times of the last answers' Date headers, by which a clock that is far ahead shows.

    The latest of them counts: caches name an earlier time, and hardly any server a later one.
    """

    def __init__(self) -> None:
        self._heard: deque[datetime] = deque(maxlen=SERVERS_HEARD)

    def note(self, date: str) -> None:
        """Take note of a Date header."""
        moment = http_date(date) if date else None
        if moment is not None:
            self._heard.append(moment)

    def is_ahead(self, now: datetime) -> bool:
        """Say whether a clock is ahead of all that was heard; not where nothing was."""
        return bool(self._heard) and now - max(self._heard) > AHEAD


def http_date(text: str) -> datetime | None:
    """Read an HTTP date as an aware UTC time, None where it is none."""
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return the seconds that Retry-After asks for, 0 … MAX_WAIT; None where silent or unreadable.

    Both forms of RFC 9110 §10.2.3: seconds, or a date (taken against the answer's own clock).
    """
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,10}", text, re.ASCII):
        return min(int(text), MAX_WAIT)
    moment = http_date(text) if text else None
    if moment is None:
        return None
    here = http_date(headers.get("date", "")) or now
    return max(0, min(int((moment - here).total_seconds()), MAX_WAIT))


def plain_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers as texts that can be stored, by names in lower case, without cookies."""
    kept: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in _NEVER_KEPT:
            continue
        if lower == "location":
            kept[lower] = value  # its odd bytes are percent-encoded when the hop is checked
            continue
        text = _printable(value)
        kept[lower] = f"{kept[lower]}, {text}" if lower in kept else text
    return kept


def _printable(value: str) -> str:
    """Return a header's value as text that can be stored: bytes that are no UTF-8 are read as Latin-1."""
    if value.isascii():
        return value
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
