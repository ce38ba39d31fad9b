"""Durations in text form: "90d", "6h", "30m"."""

import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}
MAX_SECONDS = 1000 * SECONDS["y"]

_DURATION = re.compile(r"(\d{1,9})\s*(s|m|h|d|w|y)", re.IGNORECASE | re.ASCII)


def parse_duration(text: str) -> int:
    """Return the seconds of a duration: a whole number and s, m, h, d, w or y. Raises ValueError."""
    found = _DURATION.fullmatch(text.strip())
    seconds = int(found[1]) * SECONDS[found[2].lower()] if found else 0
    if not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"{text[:40]!r} is not a duration. Write a number and a unit: 30m, 6h, 90d, 2w, 1y.")
    return seconds


def format_duration(seconds: int) -> str:
    """Return a duration in the largest unit that divides it: 7776000 is "90d"."""
    for unit in ("y", "d", "h", "m"):
        if seconds % SECONDS[unit] == 0:
            return f"{seconds // SECONDS[unit]}{unit}"
    return f"{seconds}s"
