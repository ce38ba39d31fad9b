"""Addresses that saving programs leave in pages."""

import pytest

from unabridged.extraction.html.stated_address import stated_address


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (
            "<!doctype html>\n<!-- saved from url=(0027)https://e.example/story?a=1 -->",
            "https://e.example/story?a=1",
        ),
        (
            "<html><!--\n Page saved with SingleFile \n url: https://e.example/s \n saved date: Mon -->",
            "https://e.example/s",
        ),
        (
            "<!-- Saved from https://e.example/s at 2024-03-05T06:07:08Z using monolith v2.8.1 -->",
            "https://e.example/s",
        ),
        (
            "<!-- Mirrored from e.example/a/b.html by HTTrack Website Copier/3.x -->",
            "http://e.example/a/b.html",
        ),
        ("<!-- saved from url=(0027)https://e.example/?a=1&amp;b=2 -->", "https://e.example/?a=1&b=2"),
        ("<!-- saved from url=(0027)https://ada:secret@e.example/ -->", "https://e.example/"),
        ("<!-- saved from url=(0014)about:internet -->", ""),
        ("<!-- saved from url=(0014)file:///etc/passwd -->", ""),
        ("<!-- saved from url=(0014)https://[ -->", ""),
        (f"<!-- saved from url=(0014)https://e.example/{'a' * 3000} -->", ""),
        ("<p>saved from url=(0014)https://e.example/", ""),
    ],
)
def test_the_address_is_read_from_the_comment_of_the_program(page: str, address: str) -> None:
    assert stated_address(page.encode()) == address
