"""Following of events as they are committed, for as long as somebody reads."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from unabridged.archive.records.events import EventPage, EventQuery
from unabridged.errors import ArchiveLocked, ArchiveUnwritable

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks for new events."""
QUIET = 15.0
"""Seconds without an event after which an empty page is given: a sign that the stream still works."""


async def follow(
    read: Callable[[EventQuery], EventPage],
    query: EventQuery,
    *,
    pause: float = PAUSE,
    quiet: float = QUIET,
) -> AsyncGenerator[EventPage, None]:
    """Yield pages of events as they come, from the query's `after` on, and an empty one after a quiet time.

    read: reads one page; an archive that is locked or away is asked again later. Ends with its reader.
    """
    silent_since = asyncio.get_running_loop().time()
    while True:
        try:
            page = await asyncio.to_thread(read, query)
        except (ArchiveLocked, ArchiveUnwritable):
            log.warning("The archive cannot be read; events are looked for again later.")
            page = EventPage(events=(), next=query.after, more=False)
        query = replace(query, after=page.next)
        now = asyncio.get_running_loop().time()
        if page.events or now - silent_since >= quiet:
            yield page
            silent_since = now
        if not page.more:
            await asyncio.sleep(pause)
