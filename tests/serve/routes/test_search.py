"""Search in the reader: the page, its feed, what is typed wrong."""

from collections.abc import Callable

import httpx
import pytest

from tests.serve.running_app import Desk, make_article


def test_what_is_found_is_shown_with_the_words_marked(web: httpx.Client) -> None:
    page = web.get("/search", params={"q": "paragraph"}).text
    assert "<mark>paragraph</mark>" in page
    assert "Story number" in page


def test_chinese_is_found_by_any_part_of_a_word_in_either_script(web: httpx.Client) -> None:
    for words in ("陶明远", "陶明遠", "修伞", "伞"):
        assert "<mark>" in web.get("/search", params={"q": words}).text, words


def test_a_search_that_cannot_be_understood_says_what_to_type(web: httpx.Client) -> None:
    answer = web.get("/search", params={"q": '"open <script>alert(1)</script>'})
    assert answer.status_code == 422
    assert "is not closed" in answer.text
    assert "<script>alert" not in answer.text


def test_without_words_the_page_shows_what_may_be_typed(web: httpx.Client) -> None:
    assert "is:unread" in web.get("/search").text


def test_a_search_is_a_feed_of_whole_articles(web: httpx.Client) -> None:
    for name in ("rss", "atom", "json"):
        answer = web.get(f"/search.{name}", params={"q": "paragraph", "raw": ""}, headers={"Accept": "*/*"})
        assert answer.status_code == 200
        assert "The second one, with more words in it." in answer.text
    found = answer.json()
    assert found["feed_url"].endswith("/search.json?q=paragraph")
    assert web.get("/search.pdf", params={"q": "x"}).status_code == 404


HOSTILE = (
    "before:9999",
    "after:0001",
    "after:9000",
    "after:999999d",
    f"after:{'9' * 500}d",
    "whale\x00",
    "paragraph\x1b[2J\x9b\u202e",
    "\x07",
    "(",
    ")",
    "[",
    '"',
    "(" * 300,
    "a " * 200,
    "x" * 1001,
    "feed:99999999999999999999",
    "tag:\x00",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_every_search_is_answered_or_refused_with_words(web: httpx.Client, words: str) -> None:
    for path in ("/search", "/search.rss", "/search.atom", "/search.json"):
        for more in ({}, {"before": "x"}, {"before": "9" * 19 + "_9.999999999e+99"}):
            given: dict[str, str] = {"q": words, "raw": "", **more}
            answer = web.get(path, params=given, headers={"Accept": "*/*"})
            assert answer.status_code < 500, (path, answer.text)
            assert answer.status_code == 200 or answer.text.strip()


def test_a_search_that_cannot_be_understood_is_422_as_a_feed_too(web: httpx.Client) -> None:
    for path in ("/search.rss", "/search.atom", "/search.json"):
        answer = web.get(path, params={"q": "whale)"}, headers={"Accept": "*/*"})
        assert answer.status_code == 422
        assert 'a ")" without a "("' in answer.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("🚢", True),
        ("🚢🌊", True),
        ("🇳🇱", True),
        ("👍", True),
        ("❤", True),
        ("🚢 sails", True),
        ("🛸", False),
        ("-🚢", False),
    ],
)
def test_emoji_are_searched_like_letters(
    desk: Desk, visit: Callable[..., httpx.Client], words: str, found: bool
) -> None:
    text = "The ferry🚢🌊sails again 🇳🇱 with a thumb 👍🏽 and a heart ❤️."
    desk.subscribe([make_article(1, text=text, html=f"<p>{text}</p>")])
    answer = visit(desk).get("/search", params={"q": words})
    assert answer.status_code == 200
    assert ("Story number 1" in answer.text) is found
    assert ("<mark>" in answer.text) is found
