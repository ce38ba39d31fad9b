"""Reading of pages by the profiles of their sites, with the alarms of one run."""

import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from unabridged.bulk.sites.profiles import usable_profile
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.alarms import Watch, alarm_of, watched
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.outcome import Observation
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.model import Article
from unabridged.urls import host

COMPARED = 20
"""One page in so many of a site goes the general way too."""
MOST_PARSED = 500
"""Profiles that are held as records; the others are held as text, which is a tenth of it."""


@dataclass(slots=True)
class _Site:
    """State of a site. pages: read so far."""

    pages: int
    watch: Watch = field(default_factory=Watch)


@dataclass(slots=True)
class SiteReader:
    """Reads the pages of known sites, in the order of their file. texts: host -> profile as JSON.

    by_profile: pages whose article is the profile's. suspect: host -> why its pages go the general way now.
    """

    texts: Mapping[str, str]
    by_profile: int = 0
    suspect: dict[str, str] = field(default_factory=dict)
    _sites: dict[str, _Site] = field(default_factory=dict)
    _profiles: OrderedDict[str, SiteProfile | None] = field(default_factory=OrderedDict)

    @property
    def sites(self) -> int:
        """Sites with a profile of which pages were read."""
        return len(self._sites)

    def trusted(self) -> Iterator[str]:
        """Yield the profiles of these sites as JSON, without those of suspect ones."""
        return (self.texts[site] for site in sorted(self._sites) if site not in self.suspect)

    def read(self, request: ExtractRequest) -> Article | None:
        """Return the article of a page of a known site; None for other sites, and for suspect ones.

        Raises NotAPage, InvalidURL as `extract_part` does.
        """
        site = host(request.url or "")
        if site not in self.texts or site in self.suspect:
            return None
        profile = self._profile(site)
        if profile is None:
            return None
        state = self._sites.get(site)
        if state is None:  # sites begin at different pages, so that those with few pages are compared too
            state = self._sites[site] = _Site(pages=zlib.crc32(site.encode()) % COMPARED)
        state.pages += 1
        known = extract_known(request, profile, compare=state.pages % COMPARED == 0)
        self._observe(site, state, known.seen)
        return known.part.article

    def _observe(self, site: str, state: _Site, seen: Observation) -> None:
        self.by_profile += seen.by_profile
        if seen.agrees:  # a long article, not a redesign: lengths vary more within a site than .3 to 3
            seen = replace(seen, length=0.0)
        state.watch = watched(state.watch, seen)
        if alarm := alarm_of(state.watch):
            self.suspect[site] = alarm

    def _profile(self, site: str) -> SiteProfile | None:
        if site in self._profiles:
            self._profiles.move_to_end(site)
            return self._profiles[site]
        profile = self._profiles[site] = usable_profile(self.texts[site])
        if len(self._profiles) > MOST_PARSED:
            self._profiles.popitem(last=False)
        return profile
