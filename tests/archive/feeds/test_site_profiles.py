"""Site profiles as stored, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.archive.sample_feeds import LONG, a_page, an_article, filled
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.sites import LONGEST_PROFILE, SiteNews
from unabridged.errors import InvalidValue, NotFound

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
SITE = "post.example"


def news(pages: int = 1, alarm: str = "", watch: str = "") -> list[SiteNews]:
    return [SiteNews(site=SITE, pages=pages, watch=watch, alarm=alarm)]


def learnt(archive: Archive, body: str = "{}", learn_at: int | None = None) -> None:
    archive.sites.save_learnt(SITE, body, learn_at=learn_at, again=NOW + timedelta(days=7), now=NOW)


def test_a_site_is_due_after_its_first_page_and_claimed_once(archive: Archive) -> None:
    assert archive.sites.claim_due(NOW, 5) == ()
    archive.sites.record(news(), now=NOW)
    [claimed] = archive.sites.claim_due(NOW, 5)
    assert (claimed.site, claimed.seen, claimed.body) == (SITE, 1, "")
    assert archive.sites.claim_due(NOW, 5) == ()


def test_a_claim_of_a_dead_process_ends(archive: Archive) -> None:
    archive.sites.record(news(2), now=NOW)
    archive.sites.claim_due(NOW, 5)
    assert len(archive.sites.claim_due(NOW + timedelta(minutes=11), 5)) == 1


def test_it_is_learnt_again_at_the_next_number_of_pages(archive: Archive) -> None:
    archive.sites.record(news(3), now=NOW)
    learnt(archive, learn_at=5)
    assert archive.sites.claim_due(NOW, 5) == ()
    archive.sites.record(news(2), now=NOW)
    assert [one.seen for one in archive.sites.claim_due(NOW, 5)] == [5]


def test_it_is_learnt_again_after_a_week_if_it_has_new_pages(archive: Archive) -> None:
    archive.sites.record(news(30), now=NOW)
    learnt(archive)
    assert archive.sites.claim_due(LATER, 5) == ()
    archive.sites.record(news(), now=NOW)
    assert archive.sites.claim_due(NOW, 5) == ()
    assert len(archive.sites.claim_due(LATER, 5)) == 1


def test_an_alarm_is_stored_with_its_first_time_and_makes_the_site_due(archive: Archive) -> None:
    archive.sites.record(news(30), now=NOW)
    learnt(archive)
    archive.sites.record(news(alarm="the body matched nothing", watch="{}"), now=NOW)
    archive.sites.record(news(alarm="it still does"), now=LATER)
    [alarm] = archive.sites.alarms()
    assert (alarm.alarm, alarm.alarmed, alarm.watch) == ("the body matched nothing", NOW, "{}")
    assert archive.sites.counts() == (1, 1)
    assert len(archive.sites.claim_due(NOW, 5)) == 1
    learnt(archive, body="new")
    profile = archive.sites.profile(SITE)
    assert profile is not None
    assert (profile.alarm, profile.alarmed, profile.watch, profile.body) == ("", NOW, "", "new")


def test_an_alarm_lasts_while_nothing_new_is_learnt(archive: Archive) -> None:
    archive.sites.record(news(30), now=NOW)
    archive.sites.record(news(alarm="the body matched nothing"), now=NOW)
    learnt(archive, body="")
    assert [one.alarm for one in archive.sites.alarms()] == ["the body matched nothing"]


def test_a_pinned_profile_is_not_learnt_again(archive: Archive) -> None:
    archive.sites.record(news(2), now=NOW)
    learnt(archive, body="mine")
    archive.sites.pin(SITE)
    archive.sites.record(news(50), now=NOW)
    assert archive.sites.claim_due(LATER, 5) == ()
    learnt(archive, body="theirs")
    profile = archive.sites.profile(SITE)
    assert profile is not None and profile.body == "mine" and profile.pinned
    archive.sites.pin(SITE, pinned=False)
    assert len(archive.sites.claim_due(LATER, 5)) == 1


def test_a_written_profile_is_pinned_and_has_a_longest_length(archive: Archive) -> None:
    archive.sites.write(SITE, "{}", now=NOW)
    assert [(one.site, one.pinned) for one in archive.sites.profiles()] == [(SITE, True)]
    with pytest.raises(InvalidValue):
        archive.sites.write(SITE, "x" * (LONGEST_PROFILE + 1), now=NOW)


def test_the_newest_pages_are_those_of_feeds_one_for_each_address(archive: Archive) -> None:
    [first, second, third] = filled(archive, 1, 2, 3)
    for minutes, (number, body) in enumerate(((1, b"old"), (2, b"two"), (1, b"new"))):
        url, at = f"https://news.example/{number}", NOW + timedelta(minutes=minutes)
        text = f"{LONG}\n\n{body.decode()} end of the story."
        archive.ingest.save_page(
            {1: first, 2: second}[number], an_article(url, text=text), a_page(url, body, at), now=at
        )
    url, later = "https://news.example/made-up", NOW + timedelta(days=1)
    archive.library().articles.save(an_article(url), a_page(url, b"made up", later), now=NOW)
    assert [page.html for page in archive.sites.newest_pages("news.example", 5)] == [b"new", b"two"]
    assert [page.html for page in archive.sites.newest_pages("news.example", 1)] == [b"new"]
    assert archive.sites.newest_pages("other.example", 5) == []
    assert third


def test_a_forgotten_site_is_unknown(archive: Archive) -> None:
    learnt(archive)
    archive.sites.forget(SITE)
    assert archive.sites.profile(SITE) is None
    for act in (archive.sites.forget, archive.sites.pin):
        with pytest.raises(NotFound):
            act(SITE)
