"""Mercury's and Readability's addresses, asked as plugins of tt-rss and FreshRSS ask."""

from typing import Any

import httpx
import pytest

from tests.serve.full_text.site import CHINESE, FURNITURE, KEY, LAST, STORY, page
from tests.serve.running_app import Desk, Shelf
from unabridged.serve.full_text.parsers import NO_MERCURY_URL, SEND_JSON

MERCURY = {
    *("title", "author", "date_published", "dek", "lead_image_url", "content", "next_page_url", "url"),
    *("domain", "excerpt", "word_count", "direction", "total_pages", "rendered_pages"),
}


def test_mercury_answers_with_all_its_keys(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story?id=1"
    answer = client.get("/parser", params={"url": url})
    made = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert set(made) == MERCURY
    assert (made["title"], made["author"], made["url"]) == ("A frozen harbour", "Ada Quay", url)
    assert made["date_published"] == "2026-03-18T07:00:00.000Z"
    assert made["lead_image_url"] == "https://img.example/ice.jpg"
    assert (made["domain"], made["direction"], made["next_page_url"]) == ("127.0.0.1", "ltr", None)
    assert (made["total_pages"], made["rendered_pages"]) == (1, 1)
    assert made["word_count"] == pytest.approx(sum(len(part.split()) for part in STORY), abs=12)
    assert LAST in made["content"] and FURNITURE not in made["content"]


@pytest.mark.parametrize(
    ("content_type", "there"), [("markdown", "[tables of the tide]("), ("text", "tables of the")]
)
def test_mercury_gives_the_content_as_asked_for(
    client: httpx.Client, shelf: Shelf, content_type: str, there: str
) -> None:
    params = {"url": f"{shelf.origin}/story", "contentType": content_type}
    content = client.get("/parser", params=params).json()["content"]
    assert there in content and "<p>" not in content


def test_words_of_a_chinese_text_are_its_letters(client: httpx.Client, shelf: Shelf) -> None:
    made = client.get("/parser", params={"url": f"{shelf.origin}/chinese"}).json()
    assert made["word_count"] > len(CHINESE) * 0.8


def test_plugins_that_do_not_escape_the_address_read_the_right_page(
    client: httpx.Client, shelf: Shelf
) -> None:
    """mercury_fulltext of tt-rss and Readable of FreshRSS send `"/parser?url=" . $link`."""
    link = f"{shelf.origin}/story?id=1&page=2&lang=en"
    made = client.get(f"/parser?url={link}", headers={"Accept": "*/*", "Accept-Encoding": "UTF-8"})
    assert made.status_code == 200
    assert made.json()["url"] == link and made.json()["content"]


@pytest.mark.parametrize("path", ["/parser", "/parse-html"])
def test_html_that_is_sent_is_parsed_and_nothing_fetched(
    client: httpx.Client, shelf: Shelf, path: str
) -> None:
    html = page("Sent", "".join(f"<p>{part}</p>" for part in STORY)).decode()
    asked = len(shelf.asked)
    made = client.post(path, json={"url": "https://sent.example/a", "html": html}).json()
    assert (made["title"], made["domain"]) == ("Sent", "sent.example")
    assert LAST in made["content"]
    assert len(shelf.asked) == asked


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("", 400, NO_MERCURY_URL),
        ("?url=", 400, NO_MERCURY_URL),
        ("?url=ftp://x.example/", 400, NO_MERCURY_URL),
        ("?url=http://10.0.0.1/", 403, "10.0.0.1"),
        ("?url={origin}/none", 404, "404"),
    ],
)
def test_mercury_says_what_failed_with_a_true_status(
    client: httpx.Client, shelf: Shelf, query: str, status: int, text: str
) -> None:
    answer = client.get("/parser" + query.replace("{origin}", shelf.origin))
    assert answer.status_code == status
    assert answer.json()["error"] is True and text in answer.json()["message"]


def test_readability_answers_what_freshrss_reads(client: httpx.Client, shelf: Shelf) -> None:
    """Readable of FreshRSS posts `{"url": "…"}` to the address of the server alone, and reads `content`."""
    url = f"{shelf.origin}/story"
    answer = client.post("/", content=f'{{"url": "{url}"}}', headers={"Content-Type": "application/json"})
    made = answer.json()
    assert answer.status_code == 200
    assert (made["url"], made["title"], made["byline"]) == (url, "A frozen harbour", "Ada Quay")
    assert (made["siteName"], made["dir"], made["lang"]) == ("Harbour Post", "ltr", "en")
    assert made["length"] == len(made["textContent"]) > 500
    assert LAST in made["content"] and made["excerpt"] == "Ice, and no tug."


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, SEND_JSON),
        (b"{}", 400, SEND_JSON),
        (b'{"url": 1e999}', 422, SEND_JSON),
        (b"{", 422, SEND_JSON),
        (b"[]", 422, SEND_JSON),
        (b'{"url": "ftp://x.example/"}', 400, "ftp"),
        (b'{"url": "http://10.0.0.1/"}', 403, "10.0.0.1"),
    ],
)
def test_readability_says_what_to_send(client: httpx.Client, body: bytes, status: int, error: str) -> None:
    answer = client.post("/", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert error in answer.json()["error"]


def test_the_page_of_the_reader_stays_where_it_was(client: httpx.Client) -> None:
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 200 and "<!doctype html>" in answer.text.lower()


def test_without_a_login_only_a_key_opens(stranger: httpx.Client, shared: Desk, shelf: Shelf) -> None:
    url, asked = f"{shelf.origin}/story", len(shelf.asked)
    refused: list[httpx.Response] = [
        stranger.get("/parser", params={"url": url}),
        stranger.post("/parser", json={"url": url}),
        stranger.post("/", json={"url": url}),
    ]
    assert [answer.status_code for answer in refused] == [401] * 3
    assert all(answer.json()["error"] for answer in refused)
    assert refused[0].headers["www-authenticate"].startswith("Basic")
    assert len(shelf.asked) == asked
    key: dict[str, Any] = {"X-Api-Key": KEY}
    assert stranger.get("/parser", params={"url": url}, headers=key).status_code == 200
    assert stranger.post("/", json={"url": url}, headers=key).status_code == 200
    assert stranger.post("/", json={"url": url, "key": KEY}).status_code == 200
    assert stranger.get("/parser", params={"url": url, "key": KEY}).status_code == 200


@pytest.mark.parametrize("path", ["//parser", "///extract.php", "/full-text-rss/extract.php"])
def test_addresses_as_plugins_put_them_together_are_known(
    client: httpx.Client, shelf: Shelf, path: str
) -> None:
    """`$host."/parser?url="`, where people typed a slash at the end of the host."""
    url = client.base_url.copy_with(raw_path=f"{path}?url={shelf.origin}/story".encode())
    assert LAST in client.get(url).json()["content"]


@pytest.mark.parametrize("path", ["//a/3", "//read/https://x.example/", "/x/parser", "//parser/x"])
def test_no_other_address_is_changed(client: httpx.Client, path: str) -> None:
    assert client.get(client.base_url.copy_with(raw_path=path.encode())).status_code == 404


def test_without_a_login_these_addresses_are_closed_too(stranger: httpx.Client, shelf: Shelf) -> None:
    url = stranger.base_url.copy_with(raw_path=f"//parser?url={shelf.origin}/story".encode())
    assert stranger.get(url).status_code == 401


def test_a_large_body_is_read_of_those_alone_who_have_a_valid_key(
    stranger: httpx.Client, shelf: Shelf
) -> None:
    page = {"url": f"{shelf.origin}/story", "html": f"<p>{'Words of a story. ' * 5_000}</p>"}
    for path, headers, status in (
        ("/parser", {}, 422),
        ("/parser", {"X-Api-Key": "wrong"}, 403),
        ("/parser?key=wrong", {}, 403),
    ):
        assert stranger.post(path, json=page, headers=headers).status_code == status
    endless = (b"x" * 50_000 for _ in range(100_000))  # 5 GB: answered before it was sent
    answer = stranger.post("/parser", content=endless, headers={"X-Api-Key": "wrong"})
    assert answer.status_code == 403
    assert stranger.post("/parser", json=page, headers={"X-Api-Key": KEY}).status_code == 200
    assert stranger.post("/parser", params={"key": KEY}, json=page).status_code == 200


@pytest.mark.parametrize("path", ["/parser", "/extract.php", "/accounts/ClientLogin"])
def test_a_form_in_parts_without_its_boundary_is_wrong_and_no_fault(client: httpx.Client, path: str) -> None:
    answer = client.post(path, content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert answer.status_code in (400, 401, 403, 422)
