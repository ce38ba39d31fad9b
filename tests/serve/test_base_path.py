"""The reader under a sub-path of a proxy: every address that it gives leads through the proxy again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serve.running_app import HTML, NOW, Desk, copied, running, token_of
from unabridged.config import ServeSettings
from unabridged.errors import ConfigError
from unabridged.serve.app import create_app
from unabridged.serve.base_path import base_path_of, own_host, own_origin, with_base_path
from unabridged.serve.context import PACKAGE_DIR

PUBLIC = "https://example.org/news"
ADDRESSES = re.compile(r'\b(?:href|src|action|formaction)="([^"]*)"')
NOT_ASKED = ("/news/media?", "/news/stream?", "/news/feed?")
"""Addresses that make the app fetch from other sites."""


@pytest.fixture(scope="module")
def under(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the app under /news on the full archive."""
    desk = copied(templates / "full", tmp_path_factory.mktemp("under"))
    settings = replace(desk.settings, serve=replace(desk.settings.serve, base_url=PUBLIC, allow_open=True))
    desk.archive.library().tags.add([1], ["Ferries"], now=NOW)
    with (
        desk.archive,
        running(desk, settings) as address,
        httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120) as client,
    ):
        yield client


def linked(page: httpx.Response) -> set[str]:
    """The addresses in a page that are none of another site, without their fragments."""
    found = {unescape(one).partition("#")[0] for one in ADDRESSES.findall(page.text)}
    return {one for one in found if one and not urlsplit(one).netloc and not one.startswith("javascript:")}


def test_every_link_form_and_picture_of_every_page_stays_under_the_sub_path(under: httpx.Client) -> None:
    waiting, seen = ["/news/", "/news/search?q=story", "/news/nothing-here", "/news/muted"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = under.get(path)
        assert page.status_code in (200, 303, 404, 405), (path, page.status_code)
        assert page.headers.get("location", "/news/").startswith("/news/"), path
        if page.headers.get("content-type", "").startswith("text/html"):
            found = linked(page)
            assert {one for one in found if not one.startswith("/news/")} == set(), path
            waiting += [one for one in found if not one.startswith(NOT_ASKED)]
    patterns = (
        *("/news/a/1", "/news/a/1/versions", r"/news/a/\d+/diff/\d+\.\.\d+", r"/news/a/\d+/v/\d+"),
        *(r"/news/tags/\d+", r"/news/folders/Reading", r"/news/feeds/1", r"/news/feeds/1\.rss"),
        *(r"/news/static/reader\.css\?.*", r"/news/sources\.opml", r"/news/a/1/star", r"/news/a/1\?list=.*"),
    )
    assert [one for one in patterns if not any(re.fullmatch(one, path) for path in seen)] == []


def test_a_form_leads_back_to_where_it_was_sent_from(under: httpx.Client) -> None:
    page = under.get("/news/feeds/1?show=unread")
    following = re.findall(r'name="next" value="([^"]*)"', page.text)
    token = token_of(under)
    for target in (unescape(following[0]), "/feeds/1?show=unread"):
        form = {"csrf": token, "value": "1", "next": target}
        answer = under.post("/news/a/2/read", data=form, headers={"Origin": "https://example.org"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/news/feeds/1?show=unread")


def test_a_form_of_another_name_than_the_public_one_is_refused(under: httpx.Client) -> None:
    form = {"csrf": token_of(under), "value": "1"}
    for origin in ("http://example.org", "https://example.net", "https://example.org:444"):
        answer = under.post("/news/a/2/read", data=form, headers={"Origin": origin})
        assert (answer.status_code, "base_url" in answer.text) == (403, True), origin


def test_a_path_is_found_with_and_without_the_sub_path_and_no_other(under: httpx.Client) -> None:
    for path in ("/news", "/news/", "/", "/healthz", "/news/healthz"):
        assert under.get(path).status_code == 200, path
    for path in ("/newsx/healthz", "/news/news/healthz", "/New/"):
        assert under.get(path).status_code == 404, path


def test_the_routers_own_redirects_stay_under_the_sub_path(under: httpx.Client) -> None:
    assert under.get("/news/sources/").headers["location"] == "/news/sources"
    assert under.get("/news/feeds/all").headers["location"] == "/news/"


def test_feeds_name_themselves_by_their_public_address(under: httpx.Client) -> None:
    assert f'href="{PUBLIC}/feeds/1.atom"' in under.get("/news/feeds/1.atom?raw").text
    folder = under.get("/news/folders/Reading.json?raw").json()
    assert folder["feed_url"] == f"{PUBLIC}/folders/Reading.json"
    assert folder["home_page_url"] == f"{PUBLIC}/folders/Reading"


def test_the_app_is_installed_with_its_sub_path(under: httpx.Client) -> None:
    manifest = under.get("/news/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"]) == ("/news/", "/news/")
    for icon in manifest["icons"]:
        assert under.get(icon["src"]).status_code == 200


def test_the_public_name_needs_no_other_setting(under: httpx.Client) -> None:
    assert under.get("/news/", headers={"Host": "example.org"}).status_code == 200
    assert under.get("/news/", headers={"Host": "example.net"}).status_code == 421


def test_scripts_and_templates_have_no_address_without_the_sub_path() -> None:
    for path in (PACKAGE_DIR / "templates").rglob("*.html"):
        assert re.findall(r'\b(?:href|src|action|formaction)="/', path.read_text()) == [], path.name
    for path in (PACKAGE_DIR / "static").glob("*.js"):
        if path.name == "sw.js":
            continue  # it compares paths from which it took the sub-path
        given = re.sub(r'visit\(["`][^"`]*["`]\)', "", path.read_text())  # puts the sub-path in front
        assert re.findall(r'["\'`]/[a-z][^"\'`]*["\'`]', given) == [], path.name


def test_a_sub_path_that_is_a_page_of_the_reader_is_refused(desk: Desk) -> None:
    for path in ("feeds", "a", "static/x", "sources"):
        serve = ServeSettings(base_url=f"https://example.org/{path}")
        with pytest.raises(ConfigError, match="base_url"):
            create_app(desk.archive, settings=replace(desk.settings, serve=serve))


@pytest.mark.parametrize(
    "text", ["example.org", "ftp://example.org", "https://x.org/?a=1", "https://u:p@x.org"]
)
def test_a_base_url_that_is_no_address_of_a_site_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="base_url"):
        ServeSettings(base_url=text)


def test_parts_of_a_base_url() -> None:
    assert [base_path_of(one) for one in (None, "https://x.org", "https://x.org/", "https://x.org/a/b/")] == [
        *("", "", "", "/a/b")
    ]
    assert own_origin("https://News.Example.org:443/news") == "https://news.example.org"
    assert own_host("http://[::1]:8200/") == ("::1",)
    assert own_host("https://bücher.example") == ("xn--bcher-kva.example",)
    assert with_base_path("/a/3", "/news") == "/news/a/3"
    assert with_base_path("//evil.example/", "/news") == "//evil.example/"
    assert with_base_path("https://x.org/", "/news") == "https://x.org/"
