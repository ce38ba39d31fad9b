"""Who may ask, what a browser may do with the answer, what may change."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from starlette.datastructures import Headers

from tests.serve.app_routes import POSTS, fingerprint
from tests.serve.running_app import Desk, make_article, token_of
from unabridged.errors import ConfigError
from unabridged.serve.access import RouteKind, kind_of
from unabridged.serve.security import (
    ForeignRequest,
    OwnOrigins,
    Signer,
    check_same_origin,
    client_address,
    host_allowed,
    safe_next,
)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "192.168.1.5", "a b", "[::2]"],
)
def test_a_name_that_is_not_ours_gets_nothing(web: httpx.Client, host: str) -> None:
    for path in ("/", "/feeds/1.rss", "/static/reader.css", "/healthz"):
        answer = web.get(path, headers={"Host": host})
        assert answer.status_code in (400, 421)
        assert "Story" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "LOCALHOST:80", "[::1]:9", "127.0.0.2"])
def test_the_names_of_this_machine_are_ours(web: httpx.Client, host: str) -> None:
    assert web.get("/", headers={"Host": host}).status_code == 200


def test_a_name_from_the_settings_is_ours(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, allow_hosts=("News.Lan",)))
    client = visit(full, settings=settings)
    assert client.get("/", headers={"Host": "news.lan:8200"}).status_code == 200
    assert client.get("/", headers={"Host": "other.lan"}).status_code == 421


def test_host_headers_are_compared_by_name_alone() -> None:
    assert host_allowed("Example.org:8200".lower(), {"example.org"})
    assert not host_allowed("example.org.evil", {"example.org"})
    assert not host_allowed("example.org/evil", {"example.org"})


def test_a_post_from_elsewhere_changes_nothing(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client, before = visit(full), fingerprint(full)
    for path in POSTS:
        if kind_of("POST", path) is not RouteKind.SYNC:  # which no cookie and no page of ours opens
            refuse_from_elsewhere(client, path)
    assert fingerprint(full) == before


def refuse_from_elsewhere(client: httpx.Client, path: str) -> None:
    token = token_of(client)
    good = {"csrf": token, "value": "1", "url": "https://news.example/other"}
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": str(client.base_url) + "0"},
    ]
    for headers in foreign:
        assert client.post(path, data=good, headers=headers).status_code == 403
    if kind_of("POST", path) in (RouteKind.KEYED, RouteKind.HUB):
        return  # programs send no token of a form
    for data in ({**good, "csrf": "0" * 40}, {"value": "1"}, {**good, "csrf": ""}):
        assert client.post(path, data=data).status_code == 403
    assert client.post(path, content=b"x" * 20_000).status_code == 403
    assert client.post(path, content=b"&".join([b"a=1"] * 100)).status_code == 403


def test_a_post_of_our_own_page_marks_and_goes_back(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    headers = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    data = {"csrf": token_of(client), "value": "1", "next": "/?show=unread"}
    answer = client.post("/a/1/star", data=data, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?show=unread")
    assert full.archive.library().articles.get(1).starred
    client.post("/a/1/star", data={**data, "value": "0"}, headers=headers)
    assert not full.archive.library().articles.get(1).starred


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "https://evil.example",
        "/\t/evil",
        "",
        "evil",
        "/%2f/x",
    ],
)
def test_the_way_back_stays_on_this_site(target: str) -> None:
    assert safe_next(target) == "/"


def test_a_form_does_not_lead_away(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    for target in ("//evil.example", "/\\evil.example", "https://evil.example"):
        answer = client.post("/a/1/read", data={"csrf": token_of(client), "value": "1", "next": target})
        assert answer.headers["location"] == "/"


def test_the_way_back_keeps_a_path_with_its_query() -> None:
    assert safe_next("/feeds/3?show=unread&before=1_2") == "/feeds/3?show=unread&before=1_2"


def test_an_origin_is_compared_with_the_host_that_was_asked() -> None:
    loopback, lan = (
        OwnOrigins(scheme="http", host="127.0.0.1:8200"),
        OwnOrigins(scheme="http", host="news.lan"),
    )
    check_same_origin(Headers({"origin": "http://127.0.0.1:8200"}), loopback)
    check_same_origin(Headers({"origin": "https://news.lan"}), lan)
    check_same_origin(Headers({"origin": "null", "sec-fetch-site": "same-origin"}), lan)
    for origin in (
        "http://127.0.0.1:9",
        "null",
        "https://evil.example",
        "http://127.0.0.1:8200.evil.example",
    ):
        with pytest.raises(ForeignRequest):
            check_same_origin(Headers({"origin": origin}), loopback)


def test_an_origin_may_be_the_public_one_behind_a_proxy_and_is_compared_whole() -> None:
    own = OwnOrigins(scheme="http", host="127.0.0.1:8200", public="https://news.example.org")
    assert own.include("https://news.example.org") and own.include("https://News.example.org/a/3?x=1")
    for other in (
        "http://news.example.org",
        "https://news.example.org:444",
        "https://news.example.org.evil.example",
        "https://evil.example/https://news.example.org",
        "https://user@news.example.org",
        "https://[",
    ):
        assert not own.include(other), other


def test_only_a_request_whose_browser_calls_it_foreign_is_refused_without_naming_the_setting() -> None:
    own = OwnOrigins(scheme="http", host="127.0.0.1:8200")
    for headers, names_it in (
        ({"origin": "https://news.example.org"}, True),
        ({"origin": "https://news.example.org", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, False),
    ):
        with pytest.raises(ForeignRequest) as refusal:
            check_same_origin(Headers(headers), own)
        assert ("base_url" in refusal.value.reason) is names_it
        assert "evil" not in refusal.value.reason


def test_signatures_hold_for_one_purpose_and_one_text() -> None:
    signer = Signer(b"0123456789abcdef")
    signature = signer.sign("media", "https://a/")
    assert signer.accepts(signature, "media", "https://a/")
    for purpose, text in (("form", "https://a/"), ("media", "https://b/"), ("mediahttps", "://a/")):
        assert not signer.accepts(signature, purpose, text)
    assert not signer.accepts("é", "media", "https://a/")
    with pytest.raises(ConfigError):
        Signer(b"short")


EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'\u202e{{7*7}}"


def test_hostile_names_are_text_on_every_page(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    article = make_article(
        1,
        title=EVIL,
        authors=(EVIL,),
        summary=EVIL,
        tags=(EVIL,),
        site_name=EVIL,
        section=EVIL,
        warnings=(EVIL,),
    )
    feed = desk.subscribe([article], title=EVIL, folder=EVIL)
    desk.fail(desk.articles[0], EVIL, None)
    client = visit(desk)
    pages = ("/", "/sources", f"/feeds/{feed}", "/a/1", "/a/1/versions", "/a/1/v/0", "/a/1/diff/0..1")
    for path in pages:
        html = client.get(path).text
        assert "<script>alert" not in html
        assert "onerror=alert(1)>" not in html
        assert "49" not in html or "{{7*7}}" in html
    assert "&lt;script&gt;" in client.get("/a/1").text


@pytest.mark.parametrize(
    ("client", "forwarded", "expected"),
    [
        ("192.0.2.9", "198.51.100.1", "192.0.2.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_the_address_of_a_browser_behind_proxies(client: str, forwarded: str, expected: str) -> None:
    scope = {
        "type": "http",
        "client": (client, 1),
        "headers": [(b"x-forwarded-for", forwarded.encode())] if forwarded else [],
    }
    assert client_address(scope, ("10.0.0.0/8",)) == expected
