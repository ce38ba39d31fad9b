"""Images saved for offline reading: queue them, fetch them, check their type by the first bytes."""

import asyncio
from datetime import datetime, timedelta

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import PendingImage
from unabridged.errors import BadStatus, FetchError, FetchRefused, InvalidURL, TooLarge
from unabridged.fetch.client import ACCEPT_IMAGE, Fetcher
from unabridged.image_types import raster_type
from unabridged.model import Page
from unabridged.poll.context import PollContext
from unabridged.poll.failures import NO_IMAGE_STATUSES

AT_ONCE = 16
"""Images fetched concurrently; the fetcher still keeps its pause between requests to one host."""

MAX_TRIES = 4
FIRST_WAIT = timedelta(hours=1)
"""Wait after a failure; four times as long after each further one."""


async def save_images(context: PollContext, which: str) -> int:
    """Queue the wanted images and fetch those that are due. Returns how many were saved.

    which: images of "starred" (and saved) articles, "all" or "none", as in the settings.
    """
    await queue_images(context, which)
    return 0 if which == "none" else await fetch_images(context)


async def queue_images(context: PollContext, which: str) -> None:
    """Queue the wanted images and feed icons without fetching them."""
    if which == "none":
        return
    archive, everything = context.archive, which == "all"
    while await asyncio.to_thread(archive.images.queue, context.clock(), everything=everything):
        pass
    await asyncio.to_thread(archive.images.queue_icons, context.clock())


async def fetch_images(context: PollContext, bucket: int | None = None) -> int:
    """Fetch all queued images that are due, or those of one bucket. Returns how many were saved."""
    archive, saved = context.archive, 0
    while due := await asyncio.to_thread(archive.images.claim, context.clock(), AT_ONCE, bucket=bucket):
        saved += sum(
            await asyncio.gather(
                *(_fetch_image(one, archive, context.fetcher, context.clock()) for one in due)
            )
        )
    return saved


async def _fetch_image(one: PendingImage, archive: Archive, fetcher: Fetcher, now: datetime) -> bool:
    try:
        page = await fetcher.get(one.url, accept=ACCEPT_IMAGE, max_bytes=fetcher.settings.max_image_bytes)
    except (FetchError, InvalidURL) as exc:
        again = _next_try(one, exc, now)
        await asyncio.to_thread(archive.images.record_failure, one.id, str(exc), next_try_at=again)
        return False
    assert isinstance(page, Page), "only a conditional request is answered with NotModified"
    kind = raster_type(page.body)
    if kind is None:
        why = f"{one.url} is not an image of a type that is saved (PNG, JPEG, GIF, WebP, AVIF, BMP, ICO)."
        await asyncio.to_thread(archive.images.record_failure, one.id, why, next_try_at=None)
        return False
    await asyncio.to_thread(archive.images.save, one.id, kind, page.body, now=now)
    return True


def _next_try(one: PendingImage, exc: FetchError | InvalidURL, now: datetime) -> datetime | None:
    status = exc.status if isinstance(exc, BadStatus) else None
    permanent = isinstance(exc, FetchRefused | TooLarge | InvalidURL) or status in NO_IMAGE_STATUSES
    if permanent or one.attempts + 1 >= MAX_TRIES:
        return None
    wait = FIRST_WAIT * 4.0**one.attempts
    asked = exc.retry_after if isinstance(exc, BadStatus) else None
    return now + max(wait, timedelta(seconds=asked or 0))
