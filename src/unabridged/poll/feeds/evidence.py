"""Evidence for the diagnosis of a person's feeds, read from the archive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import Subscription
from unabridged.poll.extractor.suspect_pages import site_alarms
from unabridged.poll.feeds.diagnostics import Evidence, RuleUse
from unabridged.poll.feeds.same_feeds import SameFeed, feeds_of_one_site, same_feeds


def collect_evidence(
    archive: Archive, library: Library, now: datetime, *, rules: Sequence[RuleUse] = ()
) -> Evidence:
    """Read what `diagnose` needs about the feeds of a person. pages: of all people; see `only_own_pages`."""
    subscriptions = library.subscriptions.all()
    return Evidence(
        subscriptions=subscriptions,
        moves=archive.feeds.moves(),
        hubs={one.feed_id: one for one in archive.websub.all()},
        quarantined=archive.feeds.quarantined_feeds(),
        pages=archive.schedule.failing_pages(),
        rules=rules,
        waiting=archive.schedule.backlog(now),
        lengths=library.health.lengths(now=now),
        same=find_same_feeds(library, subscriptions),
        sites=site_alarms(archive, now),
    )


def find_same_feeds(library: Library, subscriptions: Sequence[Subscription]) -> tuple[SameFeed, ...]:
    """Find the feeds of a person that are the same as another one."""
    compared = [one.id for group in feeds_of_one_site(subscriptions) for one in group]
    return same_feeds(subscriptions, library.health.recent_titles(compared))


def only_own_pages(evidence: Evidence) -> Evidence:
    """Return the evidence without pages and sites of feeds that the person does not subscribe to."""
    mine = {one.feed.id for one in evidence.subscriptions}
    return replace(
        evidence,
        pages=[page for page in evidence.pages if page.feed_id in mine],
        sites=[site for site in evidence.sites if mine.intersection(site.feeds)],
    )
