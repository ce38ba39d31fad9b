"""Deletion of what is kept for a set time: articles beyond the retention of their folders, old events."""

import asyncio
import logging
from datetime import timedelta

from unabridged.poll.context import PollContext

log = logging.getLogger(__name__)


async def delete_expired(context: PollContext, keep_events: timedelta) -> int:
    """Delete articles beyond the retention of their folders, and old events. Returns how many articles.

    Nothing is deleted while the clock may be ahead: after a jump of weeks, or if the servers that were
    asked send earlier dates.
    """
    now, maintenance = context.clock(), context.archive.maintenance
    if not await asyncio.to_thread(context.archive.schedule.trusts_clock, now):
        log.warning("No expired articles are deleted: the clock jumped. It is trusted again after a day.")
        return 0
    if context.fetcher.is_ahead(now):
        log.warning("No expired articles are deleted: this clock is ahead of the dates that servers send.")
        return 0
    await asyncio.to_thread(maintenance.delete_old_events, now - keep_events)
    return await asyncio.to_thread(maintenance.delete_expired, now)
