"""When a young article's page is looked at again: publishers edit in silence, most of all at first. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from unabridged.durations import parse_duration

JITTER = 0.1
"""Looks come up to so much of their span later, so that articles of one hour drift apart."""


FUTURE = timedelta(days=2)
"""By so much a publisher's clock and ours may differ."""


def recheck_at(published: datetime, now: datetime, spans: Iterable[str], luck: float) -> datetime | None:
    """Return when an article read now is looked at again, None when it is old enough.

    published: when it came out. spans: ages at which to look, in any order ("1h"). A look that fell due
    while nobody was there is not made up for: the next age counts. A date in the future tells no age.
    """
    if published > now + FUTURE:
        return None
    for seconds in sorted(map(parse_duration, spans)):
        at = published + timedelta(seconds=seconds * (1 + JITTER * luck))
        if at > now:
            return at
    return None
