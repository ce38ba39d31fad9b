"""Context that polling feeds and pages shares: the archive, the fetcher, settings, clock."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from unabridged.archive.facade.archive import Archive
from unabridged.config import PollSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import BadStatus, UnabridgedError
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import Fetcher
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.failures import BACK_OFF_STATUSES
from unabridged.poll.last_documents import LastDocuments
from unabridged.poll.outcome_writer import OutcomeWriter
from unabridged.poll.robots import Robots
from unabridged.poll.websub import WebSubClient
from unabridged.urls import host

MAX_VALIDATOR = 1000
"""Longest ETag or Last-Modified that is stored, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollContext:
    """Everything that a poll works with.

    outcomes: writes poll results in batches. documents: those that were saved last. robots: None if
    robots.txt is not obeyed. hubs: None if no hub can reach us. clock: the current time. jitter: a random
    number in [0, 1) that spreads requests.
    """

    archive: Archive
    fetcher: Fetcher
    reader: FeedReader
    extractor: Extractor
    settings: PollSettings
    outcomes: OutcomeWriter
    documents: LastDocuments = field(default_factory=LastDocuments)
    robots: Robots | None = None
    hubs: WebSubClient | None = None
    clock: Callable[[], datetime] = utc_now
    jitter: Callable[[], float] = random.random


async def record_retry_after(exc: UnabridgedError, context: PollContext) -> None:
    """Store a host's Retry-After, so that it holds after a restart."""
    if isinstance(exc, BadStatus) and exc.status in BACK_OFF_STATUSES and exc.retry_after:
        until = context.clock() + timedelta(seconds=exc.retry_after)
        await asyncio.to_thread(context.archive.feeds.block_host, host(exc.url), until)


def storable_validator(validator: str | None) -> str | None:
    """Return a validator that can be sent back byte for byte, None for any other."""
    if validator and len(validator) <= MAX_VALIDATOR and validator.isascii() and validator.isprintable():
        return validator
    return None
