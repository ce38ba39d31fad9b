"""Cursors of answers in several parts: opaque to clients, bound to the call that they continue. Pure."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from unabridged.errors import InvalidValue

LONGEST = 1000
"""Characters of a cursor."""

_WRONG = (
    "This cursor does not continue this call. Repeat the call with exactly the same arguments and the "
    "next_cursor of its last answer, or start without a cursor."
)


def make_cursor(call: str, arguments: Mapping[str, Any], place: str) -> str:
    """Return the cursor that continues a call at a place. arguments: those of the call, as JSON values."""
    data = orjson.dumps([_digest(call, arguments), place])
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read_cursor(call: str, arguments: Mapping[str, Any], cursor: str | None) -> str | None:
    """Return the place of a cursor; None without one. Raises InvalidValue for one of another call."""
    if cursor is None:
        return None
    try:
        padded = cursor[:LONGEST] + "=" * (-len(cursor) % 4)
        digest, place = orjson.loads(base64.b64decode(padded, altchars="-_", validate=True))
    except (binascii.Error, ValueError, TypeError):  # also of no JSON, and of characters beyond ASCII
        raise InvalidValue(_WRONG) from None
    if digest != _digest(call, arguments) or not isinstance(place, str):
        raise InvalidValue(_WRONG)
    return place


def read_offset(place: str | None) -> int:
    """Return a place that is a number, 0 without one. Raises InvalidValue."""
    if place is None:
        return 0
    if not (place.isascii() and place.isdecimal() and len(place) < 10):
        raise InvalidValue(_WRONG)
    return int(place)


def _digest(call: str, arguments: Mapping[str, Any]) -> str:
    told = {name: value for name, value in arguments.items() if name != "cursor"}
    return hashlib.sha256(orjson.dumps([call, told], option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
