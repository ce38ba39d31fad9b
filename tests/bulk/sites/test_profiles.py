"""Files of site profiles."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bulk.sites.test_form import PROFILE, TEMPLATE
from unabridged.bulk.sites.profiles import (
    LONGEST_LINE,
    merged,
    read_profiles,
    usable_profile,
    write_profiles,
)
from unabridged.errors import ExportError
from unabridged.extraction.sites.written import to_json


def text(site: str, pages: int = 3) -> str:
    return to_json(replace(PROFILE, site=site, pages=pages))


def changed(**given: object) -> bytes:
    return orjson.dumps({**orjson.loads(text("quay.example")), **given})


def test_profiles_that_were_written_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new/sites.jsonl"
    assert write_profiles(path, [text("a.example"), text("b.example")]) == 2
    found = read_profiles(path)
    assert (set(found.texts), found.unusable) == ({"a.example", "b.example"}, 0)
    assert usable_profile(found.texts["a.example"]) == replace(PROFILE, site="a.example")


def test_lines_that_are_no_profile_of_this_version_are_counted_and_not_used(tmp_path: Path) -> None:
    bad_selector = changed(templates=[{**orjson.loads(text("x"))["templates"][0], "body": ["[["]}])
    lines = [
        text("a.example").encode(),
        changed(version=0),
        changed(version=99),
        changed(site=7),
        changed(site=""),
        changed(templates=[{"body": "article"}]),
        bad_selector,
        b"\xff\xfe",
        b"no JSON",
        b"[" * 5000,
        b"{}",
        b"",
    ]
    path = tmp_path / "sites.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = read_profiles(path)
    assert (list(found.texts), found.unusable) == (["a.example"], 10)


def test_a_line_without_an_end_is_no_profile_and_costs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "sites.jsonl"
    path.write_bytes(b"x" * (3 * LONGEST_LINE) + b"\n" + text("a.example").encode())
    assert list(read_profiles(path).texts) == ["a.example"]


@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(orjson.dumps)
)
def test_no_text_breaks_the_check(line: bytes) -> None:
    assert usable_profile(line) is None


@given(st.data())
def test_a_profile_with_one_foreign_value_is_no_profile_or_a_whole_one(data: st.DataObject) -> None:
    whole = orjson.loads(text("quay.example"))
    record = data.draw(st.sampled_from([whole, whole["templates"][0], whole["templates"][0]["fields"][0]]))
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(
        st.none() | st.integers(-5, 5) | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)
    )
    found = usable_profile(orjson.dumps(whole))
    assert found is None or all(type(one) is type(TEMPLATE) for one in found.templates)


def test_of_two_profiles_of_a_site_the_one_of_more_pages_counts(tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    write_profiles(one, [text("a.example", 5), text("b.example", 9), text("c.example", 4)])
    write_profiles(
        two,
        [
            text("a.example", 8),
            text(
                "b.example",
                9,
            ),
            text("d.example", 3),
        ],
    )
    kept = merged({"d.example": text("d.example", 1)}, [one, two], frozenset({"c.example"}))
    assert [(site, orjson.loads(body)["pages"]) for site, body in kept.items()] == [
        ("a.example", 8),
        ("b.example", 9),
        ("d.example", 1),
    ]


def test_a_digest_changes_with_the_content(tmp_path: Path) -> None:
    path = tmp_path / "sites.jsonl"
    write_profiles(path, [text("a.example")])
    before = read_profiles(path).digest
    write_profiles(path, [text("b.example"), text("c.example")])
    assert read_profiles(path).digest != before


def test_a_file_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        read_profiles(tmp_path / "none.jsonl")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="cannot be written"):
        write_profiles(tmp_path / "file/sites.jsonl", [])
