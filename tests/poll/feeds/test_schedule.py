"""Times of the next poll of a feed, of retries and of rechecks."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import present
from unabridged.archive.records.core import PendingRedirect
from unabridged.config import PollSettings
from unabridged.model import Redirect
from unabridged.poll.feeds.schedule import (
    DAYS,
    PostingRate,
    PublisherHints,
    after_failure,
    confirm_redirect,
    next_check,
    next_open_hour,
    page_retry,
    permanent_target,
    posting_rate,
    recheck_at,
)

NOW = datetime(2024, 3, 6, 12, 30, tzinfo=UTC)  # a Wednesday
SETTINGS = PollSettings()


def minutes(moment: datetime) -> float:
    return (moment - NOW).total_seconds() / 60


def posts(*hours_ago: float) -> list[datetime]:
    return [NOW - timedelta(hours=hours) for hours in hours_ago]


def check(posts: Sequence[datetime] = (), **arguments: Any) -> float:
    return minutes(next_check(NOW, rate=posting_rate(posts, NOW), settings=SETTINGS, jitter=0.0, **arguments))


def test_an_unknown_feed_is_asked_hourly() -> None:
    assert check() == 60


def test_a_feed_is_asked_at_half_its_rhythm() -> None:
    assert check(posts=posts(1, 7, 13, 19)) == 180


def test_a_burst_of_posts_is_one_sitting_and_not_a_rhythm() -> None:
    daily_dozen = [NOW - timedelta(days=day, seconds=30 * part) for day in (1, 2, 3) for part in range(12)]
    assert 600 < check(posts=daily_dozen) <= 720


def test_a_busy_feed_is_not_asked_oftener_than_hourly_unless_it_says_so() -> None:
    busy = posts(0.1, 0.4, 0.7, 1.0)
    assert check(posts=busy) == 60
    assert check(posts=busy, hints=PublisherHints(ttl=1800)) == 30
    assert check(posts=busy, hints=PublisherHints(fresh=60)) == 15
    assert check(posts=busy, hints=PublisherHints(fresh=0)) == 60


def test_the_longest_wish_counts() -> None:
    assert check(hints=PublisherHints(ttl=7200, fresh=10800)) == 180
    assert check(hints=PublisherHints(ttl=600, fresh=10800)) == 180


def test_nothing_is_asked_less_than_daily() -> None:
    assert check(hints=PublisherHints(fresh=31536000)) == 24 * 60
    assert check(posts=posts(24 * 365)) == 24 * 60


def test_posts_from_the_future_make_no_rhythm() -> None:
    assert check(posts=posts(-5, -10)) == 60


@settings(deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.lists(st.integers(0, 10**7), max_size=30), st.integers(0, 10**9))
def test_the_next_check_stays_within_floor_and_ceiling(luck: float, ages: list[int], fresh: int) -> None:
    moment = next_check(
        NOW,
        rate=posting_rate([NOW - timedelta(seconds=age) for age in ages], NOW),
        hints=PublisherHints(fresh=fresh),
        settings=SETTINGS,
        jitter=luck,
    )
    assert SETTINGS.floor <= (moment - NOW).total_seconds() <= SETTINGS.ceiling


def test_skipped_hours_and_days_lead_to_the_first_open_hour() -> None:
    assert next_open_hour(NOW, (12, 13), ()) == datetime(2024, 3, 6, 14, tzinfo=UTC)
    assert next_open_hour(NOW, (), ("Wednesday",)) == datetime(2024, 3, 7, tzinfo=UTC)
    assert next_open_hour(NOW, (0, 1), ("Wednesday", "Thursday")) == datetime(2024, 3, 8, 2, tzinfo=UTC)
    assert next_open_hour(NOW, (3,), ("Sunday",)) == NOW


@pytest.mark.parametrize(("hours", "days"), [(range(24), ()), ((), DAYS)])
def test_a_publisher_who_is_never_open_is_taken_to_be_mistaken(
    hours: Collection[int], days: Collection[str]
) -> None:
    assert next_open_hour(NOW, hours, days) == NOW


def failed(failures: int, kind: str = "status", retry_after: int | None = None, jitter: float = 0.0) -> float:
    return minutes(
        after_failure(NOW, failures, kind=kind, retry_after=retry_after, settings=SETTINGS, jitter=jitter)
    )


def test_failures_double_the_wait_up_to_a_day() -> None:
    assert [failed(n) for n in (1, 2, 3, 4, 5, 6, 60)] == [60, 120, 240, 480, 960, 1440, 1440]
    assert [failed(n, "timeout") for n in (1, 2, 3)] == [15, 30, 60]


def test_retry_after_is_obeyed_in_full_and_never_shortens_the_wait() -> None:
    assert failed(1, retry_after=4 * 3600) == 240
    assert failed(3, retry_after=5) == 240
    assert failed(1, retry_after=4 * 3600, jitter=0.9) >= 240


def page(
    attempts: int, kind: str = "status", status: int | None = 500, retry_after: int | None = None
) -> float | None:
    moment = page_retry(
        NOW, attempts, kind=kind, status=status, retry_after=retry_after, settings=SETTINGS, jitter=0.0
    )
    return None if moment is None else minutes(moment)


def test_a_failed_page_is_tried_again_later_and_later_and_then_left() -> None:
    assert [page(n) for n in range(1, 9)] == [15, 60, 240, 960, 1440, 1440, 1440, None]


def test_a_hopeless_page_is_not_tried_again() -> None:
    assert page(1, status=410) is None
    assert page(1, kind="not-a-page", status=None) is None
    assert page(1, kind="refused", status=None) is None
    assert [page(n, status=404) for n in (1, 2, 3)] == [15, 60, None]


def test_a_page_waits_as_long_as_its_site_asks() -> None:
    assert page(1, status=429, retry_after=7200) == 120


def hops(*statuses: int) -> list[Redirect]:
    return [Redirect(url=f"http://a.example/{n}", status=status) for n, status in enumerate(statuses)]


@pytest.mark.parametrize(
    ("statuses", "target"),
    [
        ((), None),
        ((302,), None),
        ((302, 301), None),
        ((301,), "http://a.example/end"),
        ((301, 308), "http://a.example/end"),
        ((301, 302), "http://a.example/1"),
        ((308, 301, 307), "http://a.example/2"),
    ],
)
def test_only_the_permanent_beginning_of_a_chain_moves_a_feed(
    statuses: tuple[int, ...], target: str | None
) -> None:
    assert permanent_target(hops(*statuses), "http://a.example/end") == target


def test_a_feed_moves_after_three_hits_in_a_row_over_two_days() -> None:
    there = "http://new.example/feed"
    first, moved = confirm_redirect(None, there, NOW)
    assert (first, moved) == (PendingRedirect(to=there, hits=1, since=NOW), None)
    second, moved = confirm_redirect(first, there, NOW + timedelta(days=1))
    assert moved is None
    third, moved = confirm_redirect(second, there, NOW + timedelta(days=1, hours=23))
    assert (present(third).hits, moved) == (3, None)
    assert confirm_redirect(third, there, NOW + timedelta(days=2)) == (None, there)


def test_a_quick_row_of_hits_or_a_slow_pair_moves_nothing() -> None:
    there = "http://new.example/feed"
    pair = PendingRedirect(to=there, hits=1, since=NOW)
    assert confirm_redirect(pair, there, NOW + timedelta(days=9))[1] is None


def test_another_target_or_a_poll_without_redirect_starts_again() -> None:
    pending = PendingRedirect(to="http://new.example/", hits=2, since=NOW)
    later = NOW + timedelta(days=3)
    assert present(confirm_redirect(pending, "http://other.example/", later)[0]).hits == 1
    assert confirm_redirect(pending, None, later) == (None, None)


OUT = datetime(2024, 5, 6, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_next_age_that_is_still_to_come_counts() -> None:
    ages = ("1d", "1h", "6h")
    assert recheck_at(OUT, OUT, ages, 0.0) == OUT + HOUR
    assert recheck_at(OUT, OUT + HOUR, ages, 0.0) == OUT + 6 * HOUR
    assert recheck_at(OUT, OUT + 20 * HOUR, ages, 0.0) == OUT + 24 * HOUR
    assert recheck_at(OUT, OUT + 24 * HOUR, ages, 0.0) is None
    assert recheck_at(OUT, OUT, (), 0.0) is None


def test_looks_drift_apart_by_a_tenth_at_most() -> None:
    assert present(recheck_at(OUT, OUT, ("10h",), 0.999)) <= OUT + 11 * HOUR
    assert present(recheck_at(OUT, OUT, ("10h",), 0.5)) > present(recheck_at(OUT, OUT, ("10h",), 0.1))


@pytest.mark.parametrize(
    ("chosen", "ttl", "expected"),
    [(900, None, 900), (900, 7200, 7200), (86_400, None, 86_400), (10_800, 60, 10_800), (60, None, 900)],
)
def test_a_chosen_interval_replaces_the_posting_rate_but_no_hint_of_the_publisher(
    chosen: int, ttl: int | None, expected: int
) -> None:
    rate = PostingRate(last_post=NOW - timedelta(days=9), usual_gap=3 * 86_400)
    again = next_check(
        NOW,
        rate=rate,
        chosen=chosen,
        hints=PublisherHints(ttl=ttl),
        settings=PollSettings(),
        jitter=0.0,
    )
    assert again == NOW + timedelta(seconds=expected)
