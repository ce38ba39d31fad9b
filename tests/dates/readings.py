"""Dates as read, in a form to compare."""

from datetime import UTC, datetime, tzinfo

from unabridged.dates.parse import parse_date
from unabridged.model import Clock

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(text: str, language: str | None = None, zone: tzinfo | None = None) -> Clock | None:
    return parse_date(text, kind="published", origin="page", language=language, default_zone=zone, now=NOW)


def written(text: str, language: str | None = None) -> str | None:
    clock = read(text, language)
    if clock is None:
        return None
    if clock.day_only:
        return clock.at.date().isoformat()
    return clock.at.isoformat() if clock.zone_stated else clock.at.replace(tzinfo=None).isoformat()
