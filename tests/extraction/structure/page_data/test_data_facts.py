"""Dates and by-lines beside an article in a page's data."""

from dataclasses import replace

import pytest

from unabridged.extraction.structure.page_data.data_articles import Candidate, Owner
from unabridged.extraction.structure.page_data.data_facts import facts_beside
from unabridged.extraction.structure.page_data.page_data import DataHolder


@pytest.mark.parametrize(
    "value", [None, True, -1, 1e300, 10**30, float("nan"), "x" * 1000, [[]], {"name": 3}, []]
)
def test_any_value_beside_a_text_is_looked_at_without_an_error(value: object) -> None:
    owner = Owner({"date": value, "authors": value, "body": "x"}, None, "")
    found = Candidate(html="<p>x</p>", letters="x", owner=owner, key="body", holder=DataHolder("stream"))
    assert facts_beside(found) == ()
    at = Owner({"date": 1_767_225_600_000}, owner, "post")
    assert facts_beside(replace(found, owner=at))[0].text == "2026-01-01T00:00:00+00:00"


def test_the_nearest_facts_come_first_with_the_way_to_them() -> None:
    post = {"date": "2026-01-02", "by_line": [{"name": "Ann Lee"}, "Bo Li"], "other": "x"}
    owner = Owner({"html": "x"}, Owner(post, Owner({"publishedAt": "2026-01-01"}, None, ""), "post"), "body")
    found = Candidate(html="<p>x</p>", letters="x", owner=owner, key="html", holder=DataHolder("stream"))
    assert [(fact.name, fact.text) for fact in facts_beside(found)] == [
        ("../date", "2026-01-02"),
        ("../by_line", "Ann Lee; Bo Li"),
        ("../../publishedAt", "2026-01-01"),
    ]
