"""Lookup of site profiles while pages are read."""

from datetime import UTC, datetime

import pytest

from unabridged.archive.facade.archive import Archive
from unabridged.extraction.sites.outcome import Observation
from unabridged.poll.extractor.known_sites import COMPARED, KnownSite, KnownSites

NOW = datetime(2026, 5, 1, tzinfo=UTC)
URL = "https://post.example/1"
MISSED = Observation(missed=True)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def known(archive: Archive) -> KnownSites:
    archive.sites.save_learnt("post.example", "{}", learn_at=None, again=NOW, now=NOW)
    return KnownSites(archive)


async def test_a_profile_is_found_by_the_host_of_a_page(known: KnownSites) -> None:
    assert await known.find(URL) == KnownSite(body="{}")
    assert await known.find("https://other.example/") is None
    assert await known.find("not an address") is None


async def test_one_page_in_twenty_is_compared(known: KnownSites) -> None:
    compared = 0
    for _ in range(2 * COMPARED):
        found = await known.find(URL)
        compared += found is not None and found.compare
        await known.observe(URL, Observation(length=1.0, by_profile=True))
    assert compared == 2


async def test_a_profile_with_an_alarm_is_not_used_from_that_page_on(
    known: KnownSites, archive: Archive
) -> None:
    for _ in range(3):
        assert await known.find(URL) is not None
        await known.observe(URL, MISSED)
    assert await known.find(URL) is None
    await known.flush(NOW)
    [alarm] = archive.sites.alarms()
    assert (alarm.seen, alarm.alarm) == (3, "the body matched nothing on 3 of the last 3 pages")
    assert await known.find(URL) is None


async def test_without_learning_only_pinned_profiles_are_used(known: KnownSites, archive: Archive) -> None:
    off = KnownSites(archive, learn=False)
    assert await off.find(URL) is None
    archive.sites.pin("post.example")
    off.refresh()
    assert await off.find(URL) == KnownSite(body="{}")
    await off.observe(URL, MISSED)
    await off.flush(NOW)
    assert archive.sites.profiles()[0].seen == 0
