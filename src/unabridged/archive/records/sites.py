"""Records of sites: stored profiles, and pages to learn from."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_PROFILE = 60_000
"""Characters of a stored profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProfile:
    """A site's profile as stored.

    body: its text, "" if nothing was learnt yet. seen: pages read since the site is known. watch: what its
    last pages gave. alarm: why it is suspect, "" if it is not. alarmed: time of the last alarm. pinned: it
    is not learnt again.
    """

    site: str
    body: str = ""
    seen: int = 0
    learnt: datetime | None = None
    watch: str = ""
    alarm: str = ""
    alarmed: datetime | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNews:
    """Results of pages of a site that were read since the last report. watch, alarm: as in StoredProfile."""

    site: str
    pages: int
    watch: str = ""
    alarm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """A raw page of a site."""

    url: str
    html: bytes
    content_type: str | None = None
