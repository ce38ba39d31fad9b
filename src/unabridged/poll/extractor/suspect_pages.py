"""Alarms of sites, and the pages that were read by an outdated profile: worth extracting again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import ReplaySelection
from unabridged.archive.records.sites import StoredProfile
from unabridged.extraction.sites.alarms import watch_from_json

MOST_COUNTED = 200
"""Articles of one site that are counted."""
BY_PROFILE = "learnt"
"""Provenance of a text that was read by a profile."""


OFFERED_FOR = timedelta(days=60)
"""Time after an alarm in which its site is reported, and its pages are offered to be extracted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectPages:
    """Pages of a site that were fetched between the first sign of a redesign and the end of the alarm.

    pages: how many; by_profile: those whose text was read by the profile that was out of date. more: there
    are more than MOST_COUNTED. replayed: they were extracted again since the site was learnt again.
    """

    site: str
    since: datetime
    until: datetime
    pages: int
    by_profile: int
    more: bool = False
    replayed: bool = False

    @property
    def selection(self) -> ReplaySelection:
        """The pages, for a replay."""
        return ReplaySelection(site=self.site, since=self.since, until=self.until)

    @property
    def options(self) -> str:
        """The options of `unabridged replay` that select them."""
        return f"--site {self.site} --since {self.since.isoformat()} --until {self.until.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlarm:
    """A site whose profile is suspect, or was lately. feeds: numbers of the feeds that show its articles."""

    stored: StoredProfile
    pages: SuspectPages | None = None
    feeds: tuple[int, ...] = ()


def site_alarms(archive: Archive, now: datetime, *, feed: int | None = None) -> tuple[SiteAlarm, ...]:
    """Return the alarms that last or are younger than OFFERED_FOR, by site. Raises ArchiveError.

    feed: only those of sites whose articles this feed shows.
    """
    recent = [
        stored
        for stored in archive.sites.alarms()
        if stored.alarm or (stored.alarmed is not None and now - stored.alarmed < OFFERED_FOR)
    ]
    return tuple(
        SiteAlarm(stored=stored, pages=suspect_pages(archive, stored, now), feeds=feeds)
        for stored in recent
        if feed in (feeds := archive.sites.feeds(stored.site)) or feed is None
    )


def suspect_pages(archive: Archive, stored: StoredProfile, now: datetime) -> SuspectPages | None:
    """Return the pages that a site's profile read while it was out of date; None if it never was.

    Until the site is learnt again they end now. Raises ArchiveError.
    """
    since = first_sign(stored)
    if since is None or stored.alarmed is None:
        return None
    until = now
    if not stored.alarm and stored.learnt is not None:
        until = stored.learnt
    chosen = ReplaySelection(site=stored.site, since=since, until=until)
    found = list(islice(archive.reextraction.sources(chosen), MOST_COUNTED + 1))
    learnt = [one for one in found[:MOST_COUNTED] if one.article.provenance.get("html") == BY_PROFILE]
    pages = SuspectPages(
        site=stored.site,
        since=since,
        until=until,
        pages=min(len(found), MOST_COUNTED),
        by_profile=sum(one.fetched is not None and one.fetched <= stored.alarmed for one in learnt),
        more=len(found) > MOST_COUNTED,
        replayed=any(
            f"--site {stored.site} " in f"{run.asked} "
            and run.undone is None
            and run.finished is not None
            and stored.learnt is not None
            and run.started >= stored.learnt
            for run in archive.reextraction.runs()
        ),
    )
    return pages if pages.pages else None


def first_sign(stored: StoredProfile) -> datetime | None:
    """Return when the last alarm's first sign was seen."""
    try:
        found = datetime.fromisoformat(watch_from_json(stored.watch).suspect_since)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
