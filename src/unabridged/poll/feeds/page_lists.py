"""Pages that serve as feeds: their lists, read by what is stored, and chosen by headlines."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from unabridged.archive.records.core import StoredFeed
from unabridged.archive.records.polling import StoredList
from unabridged.errors import ConfigError, NotAFeed
from unabridged.feeds.lists.profile import (
    NO_ITEMS,
    NOTHING_KNOWN,
    KnownItem,
    ListReading,
    ListState,
    checked_examples,
    from_json,
    to_json,
)
from unabridged.model import Page
from unabridged.poll.context import PollContext
from unabridged.poll.feeds.discovery import fetch_feed

LIST_PREFIX = "list:"
"""Prefix of the stored hash if a page's list of articles serves as the feed."""


def is_page(feed: StoredFeed) -> bool:
    """Say whether the list of a page serves as a feed."""
    return (feed.validators.body_sha256 or "").startswith(LIST_PREFIX)


def state_of(stored: StoredList | None) -> ListState:
    """Return what is stored about a list in the form in which it is read."""
    if stored is None:
        return NOTHING_KNOWN
    return ListState(
        profile=from_json(stored.profile) if stored.profile else None,
        examples=stored.examples,
        known=tuple(KnownItem(url=url, title=title) for url, title in stored.known),
        pages=stored.pages,
    )


def stored_of(reading: ListReading, before: StoredList | None, now: datetime) -> StoredList | None:
    """Return what is to be stored after a reading, None if nothing changed."""
    state = reading.state
    after = StoredList(
        profile=to_json(state.profile) if state.profile is not None else "",
        examples=state.examples,
        known=tuple((item.url, item.title) for item in state.known),
        pages=state.pages,
        learnt=now if reading.learnt or before is None else before.learnt,
    )
    return None if after == before else after


def first_stored(reading: ListReading | None, now: datetime) -> StoredList | None:
    """Return what is to be stored of the first reading of a page, None for a feed that is no page."""
    return None if reading is None else stored_of(reading, None, now)


async def read_stored_list(
    feed: StoredFeed, page: Page, context: PollContext
) -> tuple[ListReading, StoredList | None]:
    """Read the list of a page that serves as a feed; return what is to be stored then, too.

    Raises NotAFeed if it has none, HeadlineNotFound, ListVanished, ExtractError.
    """
    stored = await asyncio.to_thread(context.archive.feeds.page_list, feed.id)
    now = context.clock()
    reading = await context.extractor.article_list(page, state_of(stored), now=now)
    if reading is None:
        raise NotAFeed(feed.url, NO_ITEMS)
    return reading, stored_of(reading, stored, now)


async def choose_list(feed: StoredFeed, examples: Sequence[str], context: PollContext) -> ListReading:
    """Fetch a page that serves as a feed, and choose its list by headlines; () for the list found by itself.

    The choice is stored, and the feed is due at once. Raises FetchError, ConfigError, and what
    `read_stored_list` raises; nothing is stored then.
    """
    if not is_page(feed):
        raise ConfigError(f"{feed.url} is a feed, and no page that is read as one: it has no list to choose.")
    kept, now = checked_examples(examples), context.clock()
    own = await asyncio.to_thread(context.archive.feeds.settings, feed.id)
    page = await fetch_feed(feed.url, context.fetcher, own)
    reading = await context.extractor.article_list(page, ListState(examples=kept), now=now)
    if reading is None:
        raise NotAFeed(feed.url, NO_ITEMS)
    stored = stored_of(reading, None, now)
    assert stored is not None
    await asyncio.to_thread(context.archive.feeds.choose_list, feed.id, stored, marker=LIST_PREFIX, now=now)
    return reading
