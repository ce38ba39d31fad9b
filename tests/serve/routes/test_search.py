"""Search in the reader: the page, its feed, what is typed wrong."""

import httpx


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
    assert "never closed" in answer.text
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
