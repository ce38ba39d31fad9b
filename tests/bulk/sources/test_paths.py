"""Paths inside an input, made fit for people, addresses and output files."""

import os
from pathlib import Path

import pytest

from unabridged.bulk.sources.paths import (
    MAX_NAME,
    TargetPaths,
    address,
    clean_name,
    file_address,
    inner_path,
    path_of_address,
    shown,
)

LATIN = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b.html", "a/b.html"),
        ("./a//b.html", "a/b.html"),
        ("a\\b.html", "a/b.html"),
        ("/etc/passwd", None),
        ("../b.html", None),
        ("a/../../b.html", None),
        ("a\\..\\b.html", None),
        ("C:\\b.html", None),
        ("./", None),
        ("", None),
    ],
)
def test_a_members_path_stays_in_its_archive(name: str, path: str | None) -> None:
    assert inner_path(name) == path


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("潮.html", "潮.html"),
        ("a\nb\x1b[2J", "a%0Ab%1B[2J"),
        (LATIN, "caf%E9"),
        ("a\u202eb", "a%E2%80%AEb"),
        ("a/b", "a%2Fb"),
    ],
)
def test_a_name_of_an_output_has_no_controls_and_is_utf_8(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_long_names_are_cut_and_stay_different() -> None:
    one, two = (clean_name("潮" * 90 + end) for end in "ab")
    assert one != two
    assert len(one.encode()) <= MAX_NAME


def test_each_output_is_given_once() -> None:
    targets = TargetPaths()
    given = [targets.add(name) for name in ("a/x.htm", "a/x.html", "a/X.html", "a/x.html", "b/x.html")]
    assert given == ["a/x", "a/x.html", "a/X.html-2", "a/x.html-3", "b/x"]


def test_addresses_quote_what_they_cannot_hold() -> None:
    assert (
        address("https://e.example/s/", f"a b/{LATIN}?.html.gz") == "https://e.example/s/a%20b/caf%E9%3F.html"
    )
    assert address("", "a.html") == ""
    assert file_address(Path("/d/a.zip"), "x y.html") == "file:///d/a.zip#x%20y.html"


def test_the_path_of_an_address_is_host_and_path() -> None:
    assert path_of_address("https://e.example/a/../b?q=1") == "e.example/a/b?q=1"
    assert path_of_address("https://e.example/") == "e.example"
    assert path_of_address("http://[") == "http:%2F%2F["
    assert path_of_address("") == "page"


def test_a_shown_path_has_escapes_for_bytes_and_an_end() -> None:
    assert shown(LATIN) == "caf\\xe9"
    assert len(shown("a" * 10_000)) < 600
