"""Events of feeds that follow from polls: failed, recovered, silent. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.records.events import NewEvent
from unabridged.archive.records.polling import FAILED_AFTER, PollOutcome, silent_from


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """State of a feed before a poll; as in StoredFeed."""

    feed_id: int
    failures: int
    failing_since: datetime | None
    last_ok: datetime | None
    last_post: datetime | None
    usual_gap: int | None


def failures_after(state: FeedState, outcome: PollOutcome) -> int:
    """Return the number of failures in a row after a failed poll; a feed that ended has enough of them."""
    return max(state.failures + 1, FAILED_AFTER if outcome.status == "gone" else 0)


def feed_events(state: FeedState, outcome: PollOutcome) -> Iterator[NewEvent]:
    """Yield the events of a poll: each change of a feed's state gives one, however often it is polled."""
    if outcome.postponed:
        return
    had_failed = state.failures >= FAILED_AFTER
    if outcome.failure is not None:
        if not had_failed and failures_after(state, outcome) >= FAILED_AFTER:
            why = {"failure": outcome.failure.kind, "reason": outcome.failure.message}
            yield NewEvent(kind="feed.failed", at=outcome.polled, feed=state.feed_id, details=why)
        return
    if had_failed:
        yield NewEvent(kind="feed.recovered", at=outcome.polled, feed=state.feed_id)
    if _becomes_silent(state, outcome):
        yield NewEvent(kind="feed.silent", at=outcome.polled, feed=state.feed_id)


def _becomes_silent(state: FeedState, outcome: PollOutcome) -> bool:
    """Say whether a feed is silent at this poll, and was not at the last one that got an answer."""
    last_post = outcome.last_post or state.last_post
    if last_post is None or state.last_ok is None:
        return False
    gap = state.usual_gap if outcome.last_post is None else outcome.usual_gap
    return state.last_ok <= silent_from(last_post, gap) < outcome.polled
