"""Times that a client gives."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.errors import InvalidValue
from unabridged.mcp_server.text.times import parse_moment

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-19", datetime(2026, 3, 19, tzinfo=UTC)),
        ("2026-03-19T14:30:00+01:00", datetime(2026, 3, 19, 13, 30, tzinfo=UTC)),
        ("2026-03-19T14:30:00Z", datetime(2026, 3, 19, 14, 30, tzinfo=UTC)),
        ("2026-03-19 14:30", datetime(2026, 3, 19, 14, 30, tzinfo=UTC)),
        ("36h", NOW - timedelta(hours=36)),
        ("2w", NOW - timedelta(weeks=2)),
    ],
)
def test_a_day_a_time_and_an_age_are_read(text: str, found: datetime) -> None:
    assert parse_moment(text, now=NOW) == found


def test_a_day_can_stand_for_its_end() -> None:
    end = parse_moment("2026-03-19", now=NOW, end_of_day=True)
    assert end == datetime(2026, 3, 20, tzinfo=UTC) - timedelta(microseconds=1)


@given(
    st.one_of(
        st.text(max_size=40), st.from_regex(r"\d{1,9}[smhdwy]", fullmatch=True), st.datetimes().map(str)
    )
)
def test_anything_else_says_what_to_write(text: str) -> None:
    try:
        assert parse_moment(text, now=NOW).tzinfo is UTC
    except InvalidValue as exc:
        assert "2026-03-19" in str(exc)
