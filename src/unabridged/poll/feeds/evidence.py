"""Evidence for the diagnosis of a person's feeds, read from the archive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.poll.feeds.diagnostics import Evidence, RuleUse


def collect_evidence(
    archive: Archive, library: Library, now: datetime, *, rules: Sequence[RuleUse] = ()
) -> Evidence:
    """Read what `diagnose` needs about the feeds of a person. pages: of all people; see `only_own_pages`."""
    return Evidence(
        subscriptions=library.subscriptions.all(),
        moves=archive.feeds.moves(),
        hubs={one.feed_id: one for one in archive.websub.all()},
        quarantined=archive.feeds.quarantined_feeds(),
        pages=archive.schedule.failing_pages(),
        rules=rules,
        waiting=archive.schedule.backlog(now),
        lengths=library.subscriptions.lengths(now=now),
    )


def only_own_pages(evidence: Evidence) -> Evidence:
    """Return the evidence without pages of feeds that the person does not subscribe to."""
    mine = {one.feed.id for one in evidence.subscriptions}
    return replace(evidence, pages=[page for page in evidence.pages if page.feed_id in mine])
