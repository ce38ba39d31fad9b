"""When an article is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.config import PollSettings
from unabridged.durations import parse_span, span_words
from unabridged.errors import ConfigError
from unabridged.poll.feeds.schedule import recheck_at

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
    assert recheck_at(OUT, OUT, ("10h",), 0.999) <= OUT + 11 * HOUR
    assert recheck_at(OUT, OUT, ("10h",), 0.5) > recheck_at(OUT, OUT, ("10h",), 0.1)


@pytest.mark.parametrize("text", ["", "1", "h", "1 hour", "-1h", "0d", "1.5h", "99999999y"])
def test_what_is_no_span_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="no span of time"):
        parse_span(text)
    with pytest.raises(ConfigError, match=r"\[poll\] recheck"):
        PollSettings(recheck=(text,))


@pytest.mark.parametrize("text", ["30m", "6h", "90d", "1y", "59s"])
def test_a_span_is_said_as_it_was_written(text: str) -> None:
    assert span_words(parse_span(text)) == text
