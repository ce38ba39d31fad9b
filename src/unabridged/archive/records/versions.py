"""Time from which a version counts, and the version that was current at a time. Pure."""

from collections.abc import Sequence
from datetime import datetime

from unabridged.archive.records.core import RevisionLine


def seen_at(line: RevisionLine) -> datetime:
    """Return when the text of a version was seen: its page was fetched, or else it was saved.

    A page that was read again later, or that a web archive had, counts from its fetch or capture.
    """
    return line.fetched or line.saved


def version_at(lines: Sequence[RevisionLine], first_seen: datetime, at: datetime) -> RevisionLine | None:
    """Return the version that was current at a time; None before the first.

    lines: of all versions, oldest first. The first one counts from when the article was first seen, which an
    import may say.
    """

    def seen(line: RevisionLine) -> datetime:
        return min(seen_at(line), first_seen) if line is lines[0] else seen_at(line)

    past = [line for line in lines if seen(line) <= at]
    return max(past, key=lambda line: (seen(line), line.number), default=None)
