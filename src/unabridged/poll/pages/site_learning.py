"""Learning of sites in the background, from the newest raw pages that the archive holds."""

import asyncio
import logging
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.sites import StoredProfile
from unabridged.errors import ExtractError
from unabridged.extraction.sites.alarms import (
    AFTER_ALARM,
    NEWEST,
    after_learning,
    learnt_again_at,
    next_step,
    watch_from_json,
    watch_to_json,
)
from unabridged.poll.extractor.known_sites import KnownSites
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.extractor.suspect_pages import first_sign

log = logging.getLogger(__name__)

AT_A_TIME = 4
"""Sites that are learnt between two rounds of pages; learning one takes half a second at most."""


async def learn_due_sites(sites: KnownSites, extractor: Extractor, now: datetime) -> int:
    """Store what pages gave since the last time, and learn the sites that are due; return how many.

    Raises ArchiveError.
    """
    if not sites.learns:
        return 0
    await sites.flush(now)
    due = await asyncio.to_thread(sites.archive.sites.claim_due, now, AT_A_TIME)
    for stored in due:
        await learn_site(sites.archive, extractor, stored, now)
    if due:
        sites.refresh()
    return len(due)


async def learn_site(archive: Archive, extractor: Extractor, stored: StoredProfile, now: datetime) -> str:
    """Learn a site from its newest pages and store the result; return its text, "" if nothing was learnt.

    After a redesign only pages of the new design teach, if they are enough.
    """
    redesigned = first_sign(stored)
    body = await _learnt(archive, extractor, stored.site, redesigned, now)
    if not body and redesigned is not None:
        body = await _learnt(archive, extractor, stored.site, None, now)
    learn_at = stored.seen + AFTER_ALARM if stored.alarm else next_step(stored.seen)
    await asyncio.to_thread(
        archive.sites.save_learnt,
        stored.site,
        body,
        watch=watch_to_json(after_learning(watch_from_json(stored.watch), changed=body != stored.body)),
        learn_at=learn_at,
        again=learnt_again_at(now),
        now=now,
    )
    return body


async def _learnt(
    archive: Archive, extractor: Extractor, site: str, since: datetime | None, now: datetime
) -> str:
    """Return what is learnt from the newest pages of a site that were fetched since then."""
    pages = await asyncio.to_thread(archive.sites.newest_pages, site, NEWEST, since=since)
    try:
        return await extractor.learn(site, pages, now=now)
    except ExtractError as exc:
        log.warning("The site %s could not be learnt: %s", site, exc)
        return ""
