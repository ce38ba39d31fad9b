"""What a hub delivers, taken in like a poll's answer: only signed, only for a feed that is free."""

import asyncio

from unabridged.archive.records.polling import HubSubscription, PollOutcome
from unabridged.errors import ExtractError, FeedError, LeaseLost
from unabridged.model import Page
from unabridged.poll.context import PollContext
from unabridged.poll.feeds.poll_feed import isolate_faults, save_document
from unabridged.poll.reports import PollReport

LEASE = 120.0


async def take_delivery(
    subscription: HubSubscription, body: bytes, content_type: str | None, context: PollContext
) -> PollReport | None:
    """Save what a delivery holds; None where the feed is being polled anyway, or holds nothing readable.

    Then, or when the hub sent no document, the feed is due at once.
    """
    leased = await asyncio.to_thread(
        context.archive.schedule.claim_feed, subscription.feed_id, context.clock(), lease=LEASE
    )
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
        # A thin ping, or a document that only a poll's own checks can explain.
        due = PollOutcome(polled=now, next_poll_at=now, postponed=True)
        await asyncio.to_thread(context.archive.schedule.record_poll, feed.id, due, token=leased.token)
        return None
    await asyncio.to_thread(context.archive.websub.record_delivery, feed.id, now)
    return report
