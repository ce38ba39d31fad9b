"""Times and addresses of mementos."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.archive.records.core import RevisionLine, RevisionSource
from unabridged.errors import InvalidValue, NotFound
from unabridged.serve.memento.mementos import (
    Memento,
    mementos_of,
    nearest,
    original_url,
    parse_accept_datetime,
    parse_stamp,
)

DAY = datetime(2026, 3, 20, 9, tzinfo=UTC)


def line(number: int, source: RevisionSource, hours: float, *, fetched: bool = True) -> RevisionLine:
    at = DAY + timedelta(hours=hours)
    return RevisionLine(
        number=number,
        source=source,
        saved=at + timedelta(minutes=5),
        fetched=at if fetched else None,
        content_hash="",
        snapshot="aa" if fetched else None,
        title="",
        words=1,
        reason="",
    )


def test_versions_of_the_page_count_in_the_order_of_their_times() -> None:
    lines = [
        line(0, "feed", -1, fetched=False),
        line(1, "page", 0),
        line(2, "replay", 0),
        line(3, "page", 2),
        line(4, "page", 1),
    ]
    assert [one.number for one in mementos_of(lines)] == [2, 4, 3]
    alone = mementos_of([line(0, "feed", 0, fetched=False)])
    assert [(one.number, one.stamp, one.has_page) for one in alone] == [(0, "20260320090500", False)]


def test_the_nearest_is_the_older_one_of_two() -> None:
    mementos = mementos_of([line(1, "page", 0), line(2, "page", 2)])
    times = {-50: 1, 0: 1, 1: 1, 1.01: 2, 2: 2, 99: 2}
    assert {hours: nearest(mementos, DAY + timedelta(hours=hours)).number for hours in times} == times


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://news.example/a?b=1", "https://news.example/a?b=1"),
        ("https:/news.example/a", "https://news.example/a"),
        ("HTTP://news.example/a", "http://news.example/a"),
        ("news.example/a", "http://news.example/a"),
        ("news.example:8080/a", "http://news.example:8080/a"),
    ],
)
def test_an_address_is_read_as_it_was_meant(text: str, url: str) -> None:
    assert original_url(text) == url


@pytest.mark.parametrize("text", ["", "javascript:alert(1)", "//", "x" * 9000])
def test_what_is_no_address_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        original_url(text)


def test_times_of_fewer_digits_begin_at_the_first() -> None:
    assert parse_stamp("2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert parse_stamp("20260320090000") == DAY
    for wrong in ("20261301", "99999999999999", "0000", "202", "2026032009000000", "２０２６"):
        with pytest.raises(InvalidValue):
            parse_stamp(wrong)


def test_accept_datetime_is_a_time_of_http() -> None:
    assert parse_accept_datetime("Fri, 20 Mar 2026 09:00:00 GMT") == DAY
    assert parse_accept_datetime("Fri, 20 Mar 2026 10:00:00 +0100") == DAY
    for wrong in ("", "yesterday", "2026-03-20", "Fri, 31 Feb 2026 09:00:00 GMT"):
        with pytest.raises(InvalidValue):
            parse_accept_datetime(wrong)


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    for parse in (parse_stamp, parse_accept_datetime):
        try:
            assert parse(text).tzinfo is not None
        except InvalidValue as exc:
            assert str(exc)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=9), st.datetimes())
def test_nothing_is_nearer_than_the_nearest(times: list[datetime], at: datetime) -> None:
    mementos = [Memento(number=place, at=one, has_page=False) for place, one in enumerate(times)]
    wanted = at.replace(tzinfo=UTC)
    assert abs(nearest(mementos, wanted).at - wanted) == min(abs(one - wanted) for one in times)
