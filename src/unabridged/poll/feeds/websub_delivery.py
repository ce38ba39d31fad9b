"""Process a signed WebSub delivery like a poll response."""

import asyncio

from unabridged.archive.records.core import LeasedFeed
from unabridged.archive.records.polling import HubSubscription, PollOutcome
from unabridged.errors import ExtractError, FeedError, LeaseLost
from unabridged.model import Page
from unabridged.poll.context import PollContext
from unabridged.poll.feeds.poll_feed import isolate_faults, save_document
from unabridged.poll.reports import PollReport

LEASE = 120.0
TRIES, PAUSE = 15, 2.0
"""Tries for the lease of a feed that is being polled or has another delivery, and seconds between them."""


async def process_delivery(
    subscription: HubSubscription, body: bytes, content_type: str | None, context: PollContext
) -> PollReport | None:
    """Save the document of a delivery. Return None if the feed stays leased or the document is unreadable.

    After an unreadable or empty delivery the feed is due immediately.
    """
    leased = await _claimed(subscription.feed_id, context)
    if leased is None:
        return None
    feed, now = leased.feed, context.clock()
    page = Page(
        url=feed.url,
        final_url=feed.url,
        status=200,
        headers={"content-type": content_type} if content_type else {},
        body=body,
        fetched=now,
    )
    try:
        parsed = await context.reader.read(page, now)
        articles = await context.extractor.entries(parsed)
        outcome = PollOutcome(polled=now, next_poll_at=feed.next_poll_at, postponed=True)
        report = await isolate_faults(
            leased, context, save_document(leased, parsed, articles, outcome, context)
        )
    except LeaseLost:
        return None
    except (FeedError, ExtractError):
        # A ping without a document, or a document whose error a poll will report.
        due = PollOutcome(polled=now, next_poll_at=now, postponed=True)
        await asyncio.to_thread(context.archive.schedule.record_poll, feed.id, due, token=leased.token)
        return None
    await asyncio.to_thread(context.archive.websub.record_delivery, feed.id, now)
    return report


async def _claimed(feed_id: int, context: PollContext) -> LeasedFeed | None:
    """Lease a feed, waiting for another one's lease to end; None if it does not."""
    for turn in range(TRIES):
        if turn:
            await asyncio.sleep(PAUSE)
        leased = await asyncio.to_thread(
            context.archive.schedule.claim_feed, feed_id, context.clock(), lease=LEASE
        )
        if leased is not None:
            return leased
    return None
