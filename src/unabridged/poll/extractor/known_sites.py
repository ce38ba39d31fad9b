"""Profiles of sites while pages are read: lookup by host, and what the pages gave, for the alarms."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.sites import SiteNews, StoredProfile
from unabridged.extraction.sites.alarms import (
    Watch,
    alarm_of,
    is_doubted,
    watch_from_json,
    watch_to_json,
    watched,
)
from unabridged.extraction.sites.outcome import Observation
from unabridged.urls import host

COMPARED = 20
"""One page of so many goes the general way too, and every one after a disagreement, until both agree."""
MOST_CACHED = 500
"""Sites whose profile is kept in memory; the others are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSite:
    """The profile to read a page with. body: its text. compare: extract the page the general way too."""

    body: str
    compare: bool = False


class KnownSites:
    """The site profiles of an archive. `refresh` forgets what was read, `flush` stores what pages gave.

    learn: nothing is noted if it is False, and only pinned profiles are used.
    """

    def __init__(self, archive: Archive, *, learn: bool = True) -> None:
        self.archive = archive
        self.learns = learn
        self._cache: OrderedDict[str, StoredProfile] = OrderedDict()
        self._news: dict[str, SiteNews] = {}

    def refresh(self) -> None:
        """Read the profiles again when they are needed: others may have changed them."""
        self._cache.clear()

    async def find(self, url: str) -> KnownSite | None:
        """Return the profile of a page's site; None if there is none, or it is suspect."""
        site = host(url)
        if not site:
            return None
        stored = await self._stored(site)
        if not stored.body or not (stored.pinned or (self.learns and not stored.alarm)):
            return None
        seen = stored.seen + (self._news[site].pages if site in self._news else 0)
        doubted = is_doubted(self._watch(site, stored))
        return KnownSite(body=stored.body, compare=doubted or (seen + 1) % COMPARED == 0)

    async def _stored(self, site: str) -> StoredProfile:
        known = self._cache.get(site)
        if known is None:
            known = await asyncio.to_thread(self.archive.sites.profile, site) or StoredProfile(site=site)
            self._cache[site] = known
            if len(self._cache) > MOST_CACHED:
                self._cache.popitem(last=False)
        return known

    async def observe(self, url: str, seen: Observation | None, at: datetime | None = None) -> None:
        """Note what a newly fetched page gave. seen: None if it was read without a profile. at: when
        fetched."""
        site = host(url)
        if not site or not self.learns:
            return
        news = self._news.get(site, SiteNews(site=site, pages=0))
        news = replace(news, pages=news.pages + 1)
        if seen is not None:
            stored = await self._stored(site)
            watch = watched(self._watch(site, stored), seen, at)
            alarm = alarm_of(watch)
            news = replace(news, watch=watch_to_json(watch), alarm=alarm)
            if alarm and not stored.alarm:
                self._cache[site] = replace(stored, alarm=alarm)
        self._news[site] = news

    def _watch(self, site: str, stored: StoredProfile) -> Watch:
        news = self._news.get(site)
        return watch_from_json((news.watch if news is not None else "") or stored.watch)

    async def flush(self, now: datetime) -> None:
        """Store what pages gave since the last time. Raises ArchiveError."""
        news, self._news = self._news, {}
        if news:
            await asyncio.to_thread(self.archive.sites.record, tuple(news.values()), now=now)
            self.refresh()
