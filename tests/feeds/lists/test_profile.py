"""List profiles as JSON."""

from dataclasses import replace

import orjson

from unabridged.feeds.lists.profile import MAX_BYTES, ItemPattern, ListProfile, from_json, to_json

PATTERN = ItemPattern(link="ul.news > li > a", levels=1, date="time@datetime", items=12, dated=12)


def test_a_profile_comes_back_from_its_json_and_another_version_does_not() -> None:
    profile = ListProfile(patterns=(PATTERN, replace(PATTERN, run="after")), chosen_by="example", pages=2)
    assert from_json(to_json(profile)) == profile
    assert from_json(to_json(replace(profile, version=2))) is None
    for text in (
        "",
        "[]",
        "{}",
        '{"version": 1}',
        orjson.dumps({"version": 1, "patterns": [{"x": 1}]}).decode(),
    ):
        assert from_json(text) is None


def test_a_profile_that_is_too_long_loses_its_smallest_lists() -> None:
    long = ListProfile(patterns=tuple(replace(PATTERN, link="a" * 6_000, items=n) for n in (5, 1, 9, 7)))
    kept = from_json(to_json(long))
    assert kept is not None and len(to_json(long)) <= MAX_BYTES
    assert [pattern.items for pattern in kept.patterns] == [5, 9, 7]
