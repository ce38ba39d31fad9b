"""Preferences of people."""

import pytest

from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.library.preferences import MAX_NAME, MAX_PREFERENCES, MAX_VALUE
from unabridged.errors import InvalidValue


def test_preferences_are_set_changed_and_removed(archive: Archive) -> None:
    mine = archive.library().preferences
    mine.set({"theme": "dark", "order /feeds/1": "oldest"})
    mine.set({"theme": "light", "font": None})
    assert mine.get(["theme", "font", "order /feeds/1"]) == {"theme": "light", "order /feeds/1": "oldest"}
    mine.set({"theme": None})
    assert mine.get(["theme"]) == {}
    assert archive.library(add_user(archive, "bo")).preferences.get(["order /feeds/1"]) == {}


def test_preferences_are_bounded(archive: Archive) -> None:
    mine = archive.library().preferences
    for wrong in ({"x" * (MAX_NAME + 1): "1"}, {"x": "1" * (MAX_VALUE + 1)}):
        with pytest.raises(InvalidValue):
            mine.set(dict(wrong))
    mine.set({str(number): "1" for number in range(MAX_PREFERENCES)})
    with pytest.raises(InvalidValue):
        mine.set({"more": "1"})
    mine.set({"1": "2"})
    assert mine.get(["1", "more"]) == {"1": "2"}
