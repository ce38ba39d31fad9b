"""Schedules that a jump of the clock upset."""

from datetime import datetime, timedelta

from tests.archive.sample_feeds import NOW, fine
from unabridged.archive import (
    Archive,
    Plan,
)


def test_a_schedule_that_a_jump_of_the_clock_upset_is_planned_anew(archive: Archive) -> None:
    feeds = [
        archive.library().subscriptions.add(f"https://{name}.example/feed", now=NOW).feed for name in "abc"
    ]
    archive.schedule.record_poll(feeds[0].id, fine(NOW))
    archive.schedule.record_poll(feeds[1].id, fine(NOW + timedelta(days=9)))
    archive.schedule.claim_feed(feeds[2].id, NOW + timedelta(days=9), lease=60)

    asked: list[int] = []

    def replan(plan: Plan) -> datetime:
        asked.append(plan.feed_id)
        return NOW + timedelta(minutes=5)

    mended = archive.schedule.repair(NOW, overdue_before=NOW - timedelta(days=30), lease=900, replan=replan)

    assert (mended, asked) == (1, [feeds[1].id])
    assert archive.library().subscriptions.feed(feeds[1].id).next_poll_at == NOW + timedelta(minutes=5)
    assert [one.feed.id for one in archive.schedule.claim_feeds(NOW, 10)] == [feeds[2].id]
