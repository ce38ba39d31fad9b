"""Cursors of lists without times."""

import pytest

from unabridged.errors import InvalidValue
from unabridged.serve.api.route import number_of


@pytest.mark.parametrize(("cursor", "number"), [(None, None), ("0", 0), ("17", 17)])
def test_a_cursor_stands_for_a_number(cursor: str | None, number: int | None) -> None:
    assert number_of(cursor) == number


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.0", "٣", "9" * 16, " 1"])
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidValue):
        number_of(cursor)
