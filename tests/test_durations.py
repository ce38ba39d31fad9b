"""Durations such as "90d" and "6h"."""

import pytest

from unabridged.config import PollSettings
from unabridged.durations import format_duration, parse_duration
from unabridged.errors import ConfigError


@pytest.mark.parametrize("text", ["", "1", "h", "1 hour", "-1h", "0d", "1.5h", "99999999y"])
def test_what_is_no_span_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)
    with pytest.raises(ConfigError, match=r"\[poll\] recheck"):
        PollSettings(recheck=(text,))


@pytest.mark.parametrize("text", ["30m", "6h", "90d", "1y", "59s"])
def test_a_span_is_said_as_it_was_written(text: str) -> None:
    assert format_duration(parse_duration(text)) == text
