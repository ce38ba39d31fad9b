"""Choices and results of the form that edits several feeds."""

import pytest

from unabridged.serve.views.sources.bulk_edit import edit_groups, edit_result, every_name, result_address


def values(*, is_admin: bool) -> list[str]:
    return [one.value for group in edit_groups(is_admin=is_admin) for one in group.choices]


def test_every_choice_has_a_result_in_words() -> None:
    for value in (*values(is_admin=True), "restore", "none"):
        assert edit_result(value, 2), value
    assert edit_result("explode", 2) == ""
    assert edit_result("move", 1) == "1 feed moved."
    assert edit_result("remove", 1200).startswith("1,200 feeds removed.")


def test_who_is_no_administrator_has_fewer_choices() -> None:
    assert values(is_admin=False) == ["move", "read", "remove"]
    assert set(values(is_admin=False)) < set(values(is_admin=True))


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (900, "every 15 minutes"),
        (60, "every minute"),
        (3600, "every hour"),
        (10_800, "every 3 hours"),
        (86_400, "every day"),
        (172_800, "every 2 days"),
        (5400, "every 90 minutes"),
    ],
)
def test_an_interval_is_told_in_its_largest_unit(seconds: int, name: str) -> None:
    assert every_name(seconds) == name


@pytest.mark.parametrize(
    ("back", "address"),
    [
        ("/sources", "/sources?edited=move&count=2"),
        ("/sources?page=2&q=a%26b", "/sources?page=2&q=a%26b&edited=move&count=2"),
        ("/sources?edited=remove&count=9&folder=3", "/sources?folder=3&edited=move&count=2"),
    ],
)
def test_the_result_replaces_that_of_the_edit_before(back: str, address: str) -> None:
    assert result_address(back, "move", 2) == address
