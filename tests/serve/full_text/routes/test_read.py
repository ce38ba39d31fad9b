"""/read and the documents of articles, asked as scripts and browsers ask."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from tests.serve.conftest import Visit
from tests.serve.full_text.site import FURNITURE, KEY, LAST, STORY
from tests.serve.running_app import HTML, NOW, Desk, Shelf, letting_in, make_article
from unabridged.serve.full_text.admission import key_hash
from unabridged.serve.full_text.routes.read import read_target


def front_matter(text: str) -> dict[str, Any]:
    head, _, _ = text.removeprefix("---\n").partition("---\n")
    return {name: orjson.loads(value) for name, value in (line.split(": ", 1) for line in head.splitlines())}


@pytest.mark.parametrize(
    ("path", "query", "url", "form"),
    [
        ("/read/https://x.org/a", "", "https://x.org/a", ""),
        ("/read/https:/x.org/a", "", "https://x.org/a", ""),
        ("/read/x.org/a/b", "q=1&r=2", "x.org/a/b?q=1&r=2", ""),
        ("/read/https://x.org/a%20b%3F", "q=%26", "https://x.org/a%20b%3F?q=%26", ""),
        ("/read/https://x.org/a", "format=json", "https://x.org/a", "json"),
        ("/read/https://x.org/a", "b=1&format=json&c=2", "https://x.org/a?b=1&c=2", "json"),
        ("/read/https://x.org/a", "format=pdf&key=1", "https://x.org/a?format=pdf&key=1", ""),
        ("/read/https%3A%2F%2Fx.org%2Fa%3Fformat%3Dpdf", "format=json", "https://x.org/a?format=pdf", "json"),
        ("/read/x.org%2Fa%2520b", "", "x.org/a%20b", ""),
        ("/read/", "", "", ""),
    ],
)
def test_the_rest_of_the_path_is_the_address(path: str, query: str, url: str, form: str) -> None:
    target = read_target(path, query)
    assert (target.url, target.fields.get("format")) == (url, form)


def test_a_script_gets_markdown_with_the_facts_before_it(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story?id=1&page=2"
    answer = client.get(f"/read/{url}")
    facts = front_matter(answer.text)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    assert (facts["title"], facts["author"], facts["url"]) == ("A frozen harbour", "Ada Quay", url)
    assert (facts["date"], facts["site"], facts["language"]) == (
        "2026-03-18T08:00:00+01:00",
        "Harbour Post",
        "en",
    )
    assert (facts["verdict"], facts["source"]) == ("full", "page")
    assert facts["words"] == pytest.approx(sum(len(part.split()) for part in STORY), abs=12)
    assert "\n# A frozen harbour\n" in answer.text
    assert LAST in answer.text and FURNITURE not in answer.text


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        ("*/*", "", "text/markdown"),
        ("text/markdown", "", "text/markdown"),
        ("application/json", "", "application/json"),
        ("text/plain", "", "text/plain"),
        ("text/html", "", "text/html"),
        (HTML, "", "text/html"),
        ("text/html;q=0.5, text/markdown", "", "text/markdown"),
        ("application/json;q=0", "", "text/markdown"),
        (HTML, "?format=md", "text/markdown"),
        ("*/*", "?format=json", "application/json"),
        ("*/*", "?format=html", "text/html"),
        ("*/*", "?format=txt", "text/plain"),
    ],
)
def test_the_form_is_the_one_asked_for(
    client: httpx.Client, shelf: Shelf, accept: str, query: str, kind: str
) -> None:
    answer = client.get(f"/read/{shelf.origin}/story{query}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert LAST in answer.text and FURNITURE not in answer.text


def test_escaped_and_bare_addresses_are_read_too(client: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story?id=1"
    for path in (quote(url, safe=""), url.removeprefix("http://"), url.replace("://", ":/")):
        answer = client.get(f"/read/{path}", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["url"]) == (200, url), path


def test_a_person_reads_the_page_in_the_reader(client: httpx.Client, shelf: Shelf) -> None:
    html = client.get(f"/read/{shelf.origin}/story", headers={"Accept": HTML}).text
    assert LAST in html and "/static/reader.css" in html
    assert f'name="url" value="{shelf.origin}/story"' in html


@pytest.mark.parametrize(
    ("url", "status", "reason"),
    [
        ("{origin}/none", 404, "404"),
        ("http://10.0.0.1/x", 403, "10.0.0.1"),
        ("ftp://x.example/", 400, "ftp"),
        ("", 400, "empty"),
    ],
)
def test_a_failing_page_says_why_in_the_form_that_was_asked_for(
    client: httpx.Client, shelf: Shelf, url: str, status: int, reason: str
) -> None:
    path = "/read/" + url.replace("{origin}", shelf.origin)
    as_json = client.get(path, headers={"Accept": "application/json"})
    assert (as_json.status_code, as_json.json()["status"]) == (status, status)
    assert reason in as_json.json()["error"]
    facts = front_matter(client.get(path).text)
    assert (facts["status"], facts["error"]) == (status, as_json.json()["error"])
    page = client.get(path, headers={"Accept": HTML})
    assert (page.status_code, "<!doctype html>" in page.text.lower()) == (status, True)


def test_an_unknown_form_is_refused(client: httpx.Client, shelf: Shelf) -> None:
    answer = client.get(f"/read/{quote(shelf.origin, safe='')}?format=pdf")
    assert answer.status_code == 422 and "markdown" in answer.text


def test_without_a_login_only_a_key_opens(stranger: httpx.Client, shelf: Shelf) -> None:
    url, asked = f"{shelf.origin}/story", len(shelf.asked)
    refused = stranger.get(f"/read/{url}")
    assert refused.status_code == 401 and "key" in front_matter(refused.text)["error"]
    to_login = stranger.get(f"/read/{url}", headers={"Accept": HTML})
    assert (to_login.status_code, to_login.headers["location"][:13]) == (303, "/login?next=%")
    assert len(shelf.asked) == asked
    assert stranger.get(f"/read/{url}", headers={"X-Api-Key": KEY}).status_code == 200
    hashed = {"key": "plugin", "hash": key_hash(KEY, url)}
    assert stranger.get(f"/read/{quote(url, safe='')}", params=hashed).status_code == 200


@pytest.fixture
def kept(full: Desk, shelf: Shelf) -> str:
    """The address of an article in the archive, whose page on the site says something else."""
    url = f"{shelf.origin}/story"
    article = make_article(
        7, url=url, title="The archive's own", html="<p>Kept words.</p>", text="Kept words."
    )
    full.subscribe([article], title="Harbour Post")
    return url


def test_a_fresh_copy_in_the_archive_answers_and_says_so(
    full: Desk, shelf: Shelf, visit: Visit, kept: str
) -> None:
    client, asked = visit(full, settings=letting_in(full.settings, "127.0.0.1")), len(shelf.asked)
    answer = client.get(f"/read/{kept}", headers={"Accept": "text/markdown"})
    facts = front_matter(answer.text)
    assert (facts["source"], facts["title"], facts["version"]) == ("archive", "The archive's own", 1)
    assert facts["archive_url"].endswith(f"/a/{facts['article']}")
    assert facts["fetched"] == NOW.isoformat()
    assert answer.headers["cache-control"] == "private, no-cache"
    assert len(shelf.asked) == asked
    now = client.get(f"/read/{kept}", headers={"Accept": "text/markdown", "Cache-Control": "no-cache"})
    assert front_matter(now.text)["source"] == "page" and LAST in now.text
    page = client.get(f"/read/{kept}")
    assert (page.status_code, page.headers["location"]) == (303, f"/a/{facts['article']}")


def test_an_old_copy_answers_only_when_the_site_fails(
    full: Desk, shelf: Shelf, visit: Visit, kept: str
) -> None:
    settings = letting_in(full.settings, "127.0.0.1")
    client = visit(full, settings=settings, clock=lambda: NOW + timedelta(hours=5))
    headers = {"Accept": "application/json"}
    assert client.get(f"/read/{kept}", headers=headers).json()["source"] == "page"
    gone = shelf.answers.pop("/story")
    try:
        answer = client.get(f"/read/{kept}", headers=headers).json()
    finally:
        shelf.answers["/story"] = gone
    assert (answer["source"], answer["title"]) == ("archive", "The archive's own")
    assert "404" in answer["problem"]


def test_a_key_of_a_program_never_opens_the_archive(
    full: Desk, shelf: Shelf, visit: Visit, kept: str
) -> None:
    settings = letting_in(full.settings, "127.0.0.1")
    settings = replace(settings, full_text=replace(settings.full_text, keys=(f"plugin:{KEY}",)))
    client = visit(full, settings=settings)
    answer = client.get(f"/read/{kept}", headers={"Accept": "application/json", "X-Api-Key": KEY}).json()
    assert answer["source"] == "page"


@pytest.mark.parametrize("path", ["/a/3", "/a/3/v/1", "/a/3/v/0"])
def test_an_article_is_a_document_for_whoever_accepts_one(web: httpx.Client, path: str) -> None:
    as_markdown = web.get(path, headers={"Accept": "text/markdown"})
    facts = front_matter(as_markdown.text)
    assert as_markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert (facts["source"], facts["article"]) == ("archive", 3)
    assert facts["version"] == (int(path[-1]) if "/v/" in path else 2)
    as_json = web.get(path, params={"format": "json"})
    assert as_json.json()["title"] == facts["title"]
    assert "Accept" in as_json.headers["vary"]
    for accept in (HTML, "*/*"):
        page = web.get(path, headers={"Accept": accept})
        assert page.headers["content-type"].startswith("text/html")
        assert "Accept" in page.headers["vary"].replace("Accept-Language", "").split(", ")
    assert web.get(path, params={"format": "pdf"}).status_code == 422


def test_a_page_is_markdown_under_the_address_of_feeds_too(client: httpx.Client, shelf: Shelf) -> None:
    headers = {"Accept": "text/markdown"}
    page = client.get("/feed", params={"url": f"{shelf.origin}/story"}, headers=headers)
    assert page.headers["content-type"] == "text/markdown; charset=utf-8"
    assert front_matter(page.text)["title"] == "A frozen harbour" and LAST in page.text
    feed = client.get("/feed", params={"url": f"{shelf.origin}/feed.xml"}, headers=headers)
    assert feed.text.count("\nverdict: ") == 3
    missing = client.get("/feed", params={"url": f"{shelf.origin}/none"}, headers=headers)
    assert (missing.status_code, front_matter(missing.text)["status"]) == (404, 404)


def test_under_the_sub_path_of_a_proxy_every_address_and_redirect_has_it(
    desk: Desk, shelf: Shelf, visit: Visit
) -> None:
    settings = letting_in(desk.settings, "127.0.0.1")
    settings = replace(
        settings,
        serve=replace(settings.serve, base_url="http://127.0.0.1:8200/news"),
        full_text=replace(settings.full_text, keys=(f"plugin:{KEY}",)),
    )
    client = visit(desk, settings=settings)
    client.headers["Accept"] = "application/json"
    url = f"{shelf.origin}/story?id=1"
    for path in (f"/news/read/{url}", f"/news/read/{quote(url, safe='')}", f"/read/{url}"):
        assert client.get(path).json()["url"] == url, path
    shelf.answers["/海"] = shelf.answers["/story"]
    assert client.get(f"/news/read/{shelf.origin}/海").status_code == 200
    moved = client.get("/news/makefulltextfeed.php", params={"url": f"{shelf.origin}/feed.xml", "key": KEY})
    assert moved.headers["location"].startswith("/news/makefulltextfeed.php?")
    feed = client.get(moved.headers["location"])
    assert "http://127.0.0.1:8200/news/makefulltextfeed.php?" in feed.text


def test_an_error_of_the_archive_has_the_form_that_was_asked_for(web: httpx.Client) -> None:
    for path, status in (
        ("/a/999999", 404),
        ("/a/3/v/99", 404),
        ("/feeds/77", 404),
        ("/feed?url=ftp://x/", 400),
    ):
        made = web.get(path, headers={"Accept": "application/json"})
        assert (made.status_code, made.json()["status"], made.json()["url"]) == (status, status, path)
        facts = front_matter(web.get(path, headers={"Accept": "text/markdown"}).text)
        assert facts["error"] == made.json()["error"] or path.startswith("/feed?")
        assert web.get(path, headers={"Accept": "*/*"}).headers["content-type"].startswith("text/plain")
