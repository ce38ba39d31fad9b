"""Sites with several workers on one PostgreSQL: profiles are shared, and one worker learns a site."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.archive.sample_feeds import NOW
from tests.extraction.sites.site_pages import store_pages
from unabridged.archive.facade.archive import Archive
from unabridged.extraction.sites.outcome import Observation
from unabridged.poll.extractor.known_sites import KnownSite, KnownSites
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.pages.site_learning import learn_due_sites

SITE, URL = "post.example", "https://post.example/9"
MISSED = Observation(missed=True)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def workers(dsn: str) -> Iterator[tuple[KnownSites, KnownSites]]:
    """Two workers, each with connections of its own, on an archive that holds six pages of a site."""
    with Archive(dsn) as first, Archive(dsn) as second:
        store_pages(first, range(6))
        yield KnownSites(first), KnownSites(second)


async def learn_together(workers: tuple[KnownSites, KnownSites]) -> list[int]:
    """Let both workers store what they saw, then look for sites to learn at the same time."""
    for known in workers:
        await known.flush(NOW)
    return sorted(await asyncio.gather(*(learn_due_sites(one, ThreadExtractor(), NOW) for one in workers)))


async def test_a_site_is_learnt_by_one_worker_and_used_by_both(
    workers: tuple[KnownSites, KnownSites],
) -> None:
    for known in workers:
        for _ in range(3):
            await known.observe(URL, None)
    assert await learn_together(workers) == [0, 1]
    first, second = [await known.find(URL) for known in workers]
    assert isinstance(first, KnownSite) and first == second and "story-text" in first.body
    [stored] = workers[0].archive.sites.profiles()
    assert stored.seen == 6


async def test_an_alarm_of_one_worker_is_seen_by_the_other_and_ended_by_one_learning(
    workers: tuple[KnownSites, KnownSites],
) -> None:
    await test_a_site_is_learnt_by_one_worker_and_used_by_both(workers)
    first, second = workers
    for _ in range(3):
        await first.observe(URL, MISSED, NOW)
    await first.flush(NOW)
    second.refresh()
    assert await second.find(URL) is None
    assert await learn_together(workers) == [0, 1]
    for known in workers:  # as a poller does before each round
        known.refresh()
    again = await first.find(URL)
    assert again is not None and again == await second.find(URL)
