"""Lookup of site profiles while pages are read."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.archive.facade.archive import Archive
from unabridged.extraction.sites.alarms import after_learning, watch_from_json, watch_to_json
from unabridged.extraction.sites.outcome import Observation
from unabridged.poll.extractor.child import _profile
from unabridged.poll.extractor.known_sites import COMPARED, MOST_CACHED, KnownSite, KnownSites
from unabridged.poll.extractor.suspect_pages import first_sign

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


async def test_after_a_disagreement_every_page_is_compared_until_both_agree(known: KnownSites) -> None:
    await known.observe(URL, Observation(length=1.0, agrees=False))
    for _ in range(2):
        assert await known.find(URL) == KnownSite(body="{}", compare=True)
        await known.observe(URL, Observation(length=1.0))
    await known.observe(URL, Observation(length=1.0, agrees=True))
    assert await known.find(URL) == KnownSite(body="{}")


async def test_memory_holds_a_fixed_number_of_profiles_however_many_sites_there_are(
    known: KnownSites, archive: Archive
) -> None:
    for number in range(MOST_CACHED + 20):
        await known.find(f"https://site-{number}.example/1")
    assert len(known._cache) == MOST_CACHED
    assert _profile.cache_info().maxsize == 100  # of the children, which parse what they are given


async def test_the_time_of_the_first_sign_is_stored_with_an_alarm_and_kept_after_learning(
    known: KnownSites, archive: Archive
) -> None:
    for hour in range(3):
        await known.observe(URL, MISSED, NOW + timedelta(hours=hour))
    await known.flush(NOW + timedelta(hours=3))
    [alarm] = archive.sites.alarms()
    assert first_sign(alarm) == NOW
    watch = watch_to_json(after_learning(watch_from_json(alarm.watch), changed=True))
    archive.sites.save_learnt("post.example", "{2}", watch=watch, learn_at=None, again=NOW, now=NOW)
    assert first_sign(archive.sites.alarms()[0]) == NOW


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
