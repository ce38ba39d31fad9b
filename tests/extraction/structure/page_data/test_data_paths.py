"""Paths in a page's data lead back to the text from which they were taken."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.extraction.structure.page_data.data_articles import candidates
from unabridged.extraction.structure.page_data.data_paths import (
    MOST_STEPS,
    common_path,
    path_of,
    step_of,
    texts_at,
)
from unabridged.extraction.structure.page_data.page_data import DataHolder, HeldValue

HOLDER = DataHolder("variable", "window.__x")
BODY = "<p>" + "The lamp on the point turned every night of the winter. " * 8 + "</p>"
KEYS = st.text(min_size=1, max_size=12)
OTHERS = st.dictionaries(KEYS, st.one_of(st.integers(), st.text(max_size=20), st.none()), max_size=3)


def held(value: object) -> list[HeldValue]:
    return [(HOLDER, value)]


def test_small_parts_of_the_data_are_not_written_and_large_ones_are() -> None:
    paragraph = {"type": "paragraph", "text": "The lamp on the point turned every night of the winter."}
    short, long = [paragraph] * 3, [paragraph] * 8
    assert not list(candidates(held({"story": {"blocks": short}}), 450))
    assert [one.key for one in candidates(held({"story": {"blocks": long}}), 450)] == ["blocks"]
    many = [{"type": "paragraph", "text": "The lamp turned every night."}] * 40
    assert [one.key for one in candidates(held({"story": {"blocks": many}}), 450)] == ["blocks"]


STEPS = st.tuples(st.sampled_from(["data", "post", "Article:12", "props", "items"]), st.booleans(), OTHERS)


@given(st.lists(STEPS, max_size=18), st.sampled_from(["body", "html", "content"]))
@settings(max_examples=40)
def test_a_path_leads_to_its_text(steps: list[tuple[str, bool, dict[str, object]]], key: str) -> None:
    value: object = {key: BODY}
    for step, listed, others in steps:
        value = {**others, step: [{"id": 1}, value] if listed else value}
    found = list(candidates(held(value), 250))
    assert [one.html for one in found] == [BODY]
    path = path_of(found[0])
    if len(steps) + 1 > MOST_STEPS:
        assert path is None
    else:
        assert path is not None and len(path) == len(steps) + 1
        assert BODY in [one.html for one in texts_at(held(value), path)]


VALUES = st.recursive(
    st.none() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=40)
def test_any_value_is_followed_without_an_error(value: object) -> None:
    for path in ((), ("*",), ("a", "*", "b")):
        list(texts_at(held(value), path))


def test_references_and_json_in_strings_are_passed_through() -> None:
    store = {"ROOT_QUERY": {'post({"slug":"a"})': {"__ref": "Post:1"}}, "Post:1": {"html": BODY}}
    path = path_of(next(candidates(held(store), 250)))
    assert path == ("ROOT_QUERY", "post(*", "html")
    other = {"ROOT_QUERY": {'post({"slug":"b"})': {"__ref": "Post:2"}}, "Post:2": {"html": BODY}}
    assert [one.html for one in texts_at(held(other), path)] == [BODY]
    inner = json.dumps({"body": {"html": BODY}})
    assert [one.html for one in texts_at(held({"a": inner}), ("a", "body", "html"))] == [BODY]


def test_a_cycle_of_references_ends() -> None:
    store = {"ROOT_QUERY": {"a": {"__ref": "A"}}, "A": {"__ref": "B"}, "B": {"__ref": "A"}}
    assert list(texts_at(held(store), ("ROOT_QUERY", "a", "body"))) == []


def test_steps_leave_out_what_belongs_to_one_page() -> None:
    assert step_of("Article:812") == "Article:*"
    assert step_of("/news/the-point") == "*"
    assert step_of('{"website_url":"/x"}') == "*"
    assert step_of("body") == "body" and step_of("@graph") == "@graph"
    assert common_path([("data", "story-a", "body"), ("data", "story-b", "body")]) == (
        "data",
        "story-*",
        "body",
    )
    assert common_path([("alpha",), ("alps",)]) == ("*",)
