"""Times at which a site is learnt: after its first pages, then weekly, or on an alarm."""

from datetime import datetime, timedelta

STEPS = (2, 3, 5, 10, 20)
"""Pages held at which a site is learnt; the first gives only the lines that both pages have."""
NEWEST = 20
"""Pages that a site is learnt from."""
AFTER_ALARM = 5
"""Pages after which a site that was learnt on an alarm is learnt again, from more pages of the new design."""
AGAIN = timedelta(days=7)


def next_step(pages: int) -> int | None:
    """Return the number of pages at which a site is learnt next, None if it was learnt at the last step."""
    return next((step for step in STEPS if step > pages), None)


def learnt_again_at(now: datetime) -> datetime:
    """Return when a site is learnt again at the latest, if it has new pages then."""
    return now + AGAIN
