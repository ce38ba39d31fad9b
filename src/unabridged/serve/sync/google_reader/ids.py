"""Ids of items in the Google Reader API: long, hexadecimal and decimal forms of item numbers."""

import re
from collections.abc import Iterable

from unabridged.serve.sync.parameters import MAX_NUMBER

PREFIX = "tag:google.com,2005:reader/item/"

_HEX = re.compile(r"[0-9A-Fa-f]{1,16}")
_DECIMAL = re.compile(r"-?[0-9]{1,20}")
_WRAP = 1 << 64
"""Negative decimals are the two's complement of the hexadecimal form."""


def long_id(number: int) -> str:
    return f"{PREFIX}{number:016x}"


def parse_item_id(text: str) -> int | None:
    """Return the item number that an id means; None for what cannot be one of ours.

    16 digits that begin with 0 or have a letter are hexadecimal: ours always begin with 0.
    """
    text = text.strip()
    if text.startswith(PREFIX):
        digits = text.removeprefix(PREFIX)
        number = int(digits, 16) if _HEX.fullmatch(digits) else 0
    elif len(text) == 16 and _HEX.fullmatch(text) and (text[0] == "0" or not text.isdigit()):
        number = int(text, 16)
    else:
        number = int(text) if _DECIMAL.fullmatch(text) else 0
        number += _WRAP if number < 0 else 0
    return number if 0 < number < MAX_NUMBER else None


def parse_item_ids(texts: Iterable[str]) -> list[int]:
    """Return the numbers of ids in their order, each once; what cannot be an id is left out."""
    found = dict.fromkeys(map(parse_item_id, texts))
    return [number for number in found if number is not None]
