"""HTTP caching: how long a response is fresh, and whether its ETag is the stored one."""

import re
from collections.abc import Mapping
from datetime import datetime

from unabridged.fetch.response_headers import http_date


def fresh_for(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return the seconds for which a response declares itself fresh, None if it does not.

    max-age less Age, else Expires less Date; no-cache and no-store say nothing about how often to poll.
    """
    control = headers.get("cache-control", "").lower()
    stated = re.search(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", control)
    if stated is not None:
        age = headers.get("age", "").strip()
        return max(0, int(stated[1]) - (int(age) if re.fullmatch(r"\d{1,10}", age, re.ASCII) else 0))
    expires = http_date(headers.get("expires", ""))
    if expires is None or "no-cache" in control or "no-store" in control:
        return None
    return max(0, int((expires - (http_date(headers.get("date", "")) or now)).total_seconds()))


def same_validator(ours: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether a response has the stored ETag (a 200 that should have been a 304)."""
    return bool(ours) and headers.get("etag") == ours
