"""Robots.txt of sites: cached in the archive for a day, obeyed for article pages.

RFC 9309: without a file there are no rules; of two matching rules the longer one counts. If the file
cannot be fetched, the cached copy counts; without one, the page fails with that error and is retried.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from unabridged.archive.records.polling import RobotsFile
from unabridged.config import FeedSettings
from unabridged.errors import BadStatus, FetchError, InvalidURL, RobotsRefused, TooLarge
from unabridged.fetch.client import Fetcher
from unabridged.model import Page

if TYPE_CHECKING:
    from unabridged.archive.facade.archive import Archive

CACHE_TIME = timedelta(days=1)
"""RFC 9309 §2.4: a cached copy should not be used for longer."""

MAX_BYTES = 500_000
"""RFC 9309 §2.5 asks to parse at least 500 KiB. A larger file counts as a missing one."""

MAX_CRAWL_DELAY = 20.0
"""Upper bound of Crawl-delay in seconds. It is not a standard, and some files ask for hours; with this bound
the pages that are claimed together are done before their lease ends."""

MAX_PARSED = 200
"""Parsed files held in memory."""

ACCEPT = "text/plain, */*;q=0.1"


class Robots:
    """Checks URLs against robots.txt. Concurrent checks of a site share one request."""

    def __init__(self, archive: "Archive", fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._parsed: OrderedDict[tuple[str, datetime], Protego] = OrderedDict()

    async def check(self, url: str, own: FeedSettings | None = None) -> None:
        """Raise RobotsRefused if robots.txt disallows the URL, FetchError if the file cannot be fetched.

        A Crawl-delay is applied to later requests to the site.
        """
        asked = own or FeedSettings()
        origin = origin_of(url)
        lock = self._locks.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                file = await self._file(origin, asked)
        finally:
            if not lock.locked():
                self._locks.pop(origin, None)
        rules = await self._rules(file)
        agent = (asked.user_agent or self._fetcher.settings.user_agent).partition("/")[0]
        if not rules.can_fetch(url, agent):
            words = f"{url} is not read: the robots.txt of {origin} asks programs like this one not to."
            raise RobotsRefused(url, words)
        delay = rules.crawl_delay(agent) or 0.0
        if delay > 0:  # false for "nan", which parses as a number
            self._fetcher.pace(url, min(delay, MAX_CRAWL_DELAY))

    async def _file(self, origin: str, own: FeedSettings) -> RobotsFile:
        known = await asyncio.to_thread(self._archive.feeds.robots, origin)
        now = self._clock()
        if known is not None and known.fetched <= now < known.expires:
            return known
        try:
            file = await self._fetch(origin, own.without_secrets())
        except FetchError:
            if known is None:
                raise
            return known
        await asyncio.to_thread(self._archive.feeds.save_robots, file)
        return file

    async def _fetch(self, origin: str, own: FeedSettings) -> RobotsFile:
        now = self._clock()
        status, body = 200, ""
        try:
            page = await self._fetcher.get(
                f"{origin}/robots.txt", accept=ACCEPT, max_bytes=MAX_BYTES, own=own
            )
            assert isinstance(page, Page), "only a conditional request is answered with NotModified"
            body = page.body.decode("utf-8", "replace").removeprefix("\ufeff")
        except BadStatus as exc:
            if not 400 <= exc.status < 500 or exc.status == 429:
                raise
            status = exc.status
        except TooLarge:
            status = 413  # not a robots.txt but some other document
        return RobotsFile(origin=origin, fetched=now, expires=now + CACHE_TIME, status=status, body=body)

    async def _rules(self, file: RobotsFile) -> Protego:
        key = (file.origin, file.fetched)
        found = self._parsed.get(key)
        if found is None:
            found = await asyncio.to_thread(Protego.parse, file.body)
            self._parsed[key] = found
            while len(self._parsed) > MAX_PARSED:
                self._parsed.popitem(last=False)
        self._parsed.move_to_end(key)
        return found


def origin_of(url: str) -> str:
    """Return the origin whose robots.txt applies to a URL. Raises InvalidURL."""
    try:
        parts = urlsplit(url)
    except ValueError as exc:
        raise InvalidURL(url, str(exc)) from exc
    return f"{parts.scheme}://{parts.netloc}"
