"""Parameters of a request of a sync API, from its address and its body alike."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from unabridged.archive.records.items import SECOND, split_stamp
from unabridged.errors import InvalidValue
from unabridged.serve.context import read_body, read_parts

MAX_FIELDS = 50_000
"""Apps mark thousands of items at once, each with a field of its own."""

MAX_BODY = 4_000_000
"""Bytes of a body: 50,000 long ids."""

MAX_PARTS = 1_000
"""Fields of a form in parts, each of which costs more to read."""

MAX_NUMBER = 10**15
"""Numbers of items, feeds and groups are below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Names and values in their order: those of the address, then those of the body."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for given, value in self.pairs if given == name)

    def last(self, name: str) -> str | None:
        """Return the last value of a name; None without one."""
        return next((value for given, value in reversed(self.pairs) if given == name), None)

    def has(self, name: str) -> bool:
        return any(given == name for given, _ in self.pairs)

    def number(self, name: str) -> int | None:
        """Return a number of 0 or more; None without one, and for anything else."""
        return parse_number(self.last(name) or "")


async def read_form(request: Request) -> bytes:
    """Read the form of a request and return it escaped: Readrops sends it in parts. Raises InvalidValue."""
    body = await read_body(request, MAX_BODY)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return body
    return urlencode(await read_parts(request.headers, body, most=MAX_PARTS)).encode()


def read_parameters(query: str, body: bytes = b"") -> Parameters:
    """Read an address's query and a form, which apps do not always escape. Raises InvalidValue."""
    try:
        pairs = [
            pair
            for text in (query, body.decode("utf-8", "replace"))
            for pair in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        ]
    except ValueError:
        raise InvalidValue(f"The request has more than {MAX_FIELDS:,} fields.") from None
    return Parameters(pairs=tuple(pairs))


def parse_number(text: str) -> int | None:
    """Parse digits, of which a number below 10^15 is made; None for anything else."""
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
    return number if number is not None and number < MAX_NUMBER else None


def parse_instant(text: str | None) -> int | None:
    """Return the last microsecond since 1970 that a time of an app means; None for 0 or nothing.

    16 digits or more are microseconds, 13 to 15 milliseconds, fewer seconds.
    """
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()) or not int(text[:40]):
        return None
    if len(text) >= 16:
        return int(text[:17])
    unit = SECOND // 1000 if len(text) >= 13 else SECOND
    return int(text) * unit + unit - 1


def parse_time(text: str | None) -> datetime | None:
    """Return the time that an app means, in seconds (or finer, as `parse_instant`); None for 0 or nothing."""
    at = parse_instant(text)
    return None if at is None else split_stamp(at)[0]
