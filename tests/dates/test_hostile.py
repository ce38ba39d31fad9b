"""No text makes the reader of dates raise, and none makes it slow."""

import sys
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from unabridged.dates.parse import LONGEST, parse_date

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PIECES = ["2024", "13", "1", ":", "/", "-", ".", " ", "Feb", "mar", "年", "月", "日", "T", "Z",
          "+99:99", "PM", "오후", "(",
          "น.", "٢", "²", "½", "Ⅻ", "\u0000", "\ud800", "ß", "İ", "tháng",
          "بهمن", "令和", "元", "十", "UTC", "-0000"]  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example("²⁰²⁴-01-01")
@example("元年1月1日")
@example("2024-02-01T16:28:00+23:59")
@example("1" * 1000)
def test_any_text_gives_a_clock_or_none(text: str) -> None:
    clock = parse_date(text, kind="feed", origin="feed", now=NOW)
    if clock is not None:
        assert clock.at.tzinfo is not None
        assert datetime(1990, 1, 1, tzinfo=UTC) <= clock.at


def work_of(text: str) -> int:
    """Lines of Python run while reading a text."""
    lines = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal lines
        lines += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        parse_date(text, kind="feed", origin="feed", now=NOW)
    finally:
        sys.settrace(before)
    return lines


def test_a_long_text_costs_no_more_than_one_at_the_cap() -> None:
    for piece in ("1/", "mar 1 ", "0:00 ", "(", "1 Feb "):
        work_of(piece)  # compiles the patterns
        work_of(piece * LONGEST)
        assert work_of(piece * 100_000) <= work_of(piece * LONGEST) + 50
