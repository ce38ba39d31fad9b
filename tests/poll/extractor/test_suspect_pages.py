"""Pages that came while a site's profile was out of date: counted, offered, and not offered again."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import NOW
from tests.extraction.sites.site_pages import store_pages
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.sites import SiteNews
from unabridged.extraction.sites.alarms import Watch, watch_to_json
from unabridged.poll.extractor.suspect_pages import OFFERED_FOR, SiteAlarm, site_alarms

SITE, HOUR = "post.example", timedelta(hours=1)


@pytest.fixture
def alarmed(archive: Archive) -> Archive:
    """An archive with four pages, and an alarm whose first sign came an hour before them."""
    store_pages(archive, range(4))
    watch = watch_to_json(Watch(suspect_since=(NOW - HOUR).isoformat()))
    archive.sites.record([SiteNews(site=SITE, pages=4, watch=watch, alarm="lost")], now=NOW + HOUR)
    return archive


def learn(archive: Archive) -> None:
    watch = watch_to_json(Watch(suspect_since=(NOW - HOUR).isoformat()))
    archive.sites.save_learnt(SITE, "{}", watch=watch, learn_at=None, again=NOW, now=NOW + 2 * HOUR)


def alarm(archive: Archive, hours: int = 3) -> SiteAlarm:
    [found] = site_alarms(archive, NOW + hours * HOUR)
    return found


def test_pages_between_the_first_sign_and_the_new_learning_are_counted(alarmed: Archive) -> None:
    found = alarm(alarmed)
    assert found.feeds == (1,) and found.pages is not None
    assert (found.pages.pages, found.pages.by_profile, found.pages.until) == (4, 0, NOW + 3 * HOUR)
    learn(alarmed)
    after = alarm(alarmed, hours=50)
    assert after.stored.alarm == "" and after.pages is not None
    assert (after.pages.pages, after.pages.until, after.pages.replayed) == (4, NOW + 2 * HOUR, False)
    assert after.pages.options == (
        f"--site {SITE} --since {(NOW - HOUR).isoformat()} --until {(NOW + 2 * HOUR).isoformat()}"
    )


def test_a_replay_of_them_ends_the_offer_unless_it_is_undone(alarmed: Archive) -> None:
    learn(alarmed)
    pages = alarm(alarmed).pages
    assert pages is not None
    run = alarmed.reextraction.begin(pages.options, now=NOW + 3 * HOUR)
    assert alarm(alarmed, hours=4).pages == pages  # it is not finished
    alarmed.reextraction.finish(run, now=NOW + 3 * HOUR)
    again = alarm(alarmed, hours=4).pages
    assert again is not None and again.replayed
    alarmed.reextraction.undo(run, now=NOW + 4 * HOUR)
    assert alarm(alarmed, hours=5).pages == pages


def test_only_alarms_of_a_feed_and_of_late_are_returned(alarmed: Archive) -> None:
    assert site_alarms(alarmed, NOW, feed=77) == ()
    assert len(site_alarms(alarmed, NOW, feed=1)) == 1
    learn(alarmed)
    assert site_alarms(alarmed, NOW + OFFERED_FOR + 2 * HOUR) == ()


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01T00:00:00"])
def test_a_watch_without_a_readable_first_sign_offers_nothing(archive: Archive, since: str) -> None:
    store_pages(archive, range(2))
    watch = watch_to_json(Watch(suspect_since=since))
    archive.sites.record([SiteNews(site=SITE, pages=1, watch=watch, alarm="lost")], now=NOW)
    assert alarm(archive).pages is None
