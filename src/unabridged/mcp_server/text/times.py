"""Times that a client gives: a day, a time of ISO 8601, or an age. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from unabridged.durations import parse_duration
from unabridged.errors import InvalidValue

FORMS = "a day (2026-03-19, in UTC), a time of ISO 8601 (2026-03-19T14:30:00+01:00) or an age (36h, 7d, 2w)"


def parse_moment(text: str, *, now: datetime, end_of_day: bool = False) -> datetime:
    """Return the time that a text names, in UTC. end_of_day: a day is its last moment, else its first.

    Raises InvalidValue, which says what to write.
    """
    try:
        if len(text) == len("2026-03-19"):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max if end_of_day else time.min, UTC)
        if text[:1].isdigit() and text[-1:].isalpha() and text[-1:] != "Z" and "-" not in text:
            return now.astimezone(UTC) - timedelta(seconds=parse_duration(text))
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue(f"{text[:40]!r} is no time. Write {FORMS}.") from None
