"""Who may use the full-text services: keys, hashes of keys, and never a page of another site by a cookie."""

from itertools import product

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.full_text.site import KEY, settings_for
from tests.serve.running_app import HTML, Desk, Shelf, letting_in
from tests.serve.test_access import EMBEDDED, FOREIGN, PERSON
from unabridged.config import load_settings
from unabridged.errors import ConfigError
from unabridged.serve.full_text.admission import GivenKey, find_key, key_hash

URL = "http://news.example/feed"
KEYS = (("plugin", KEY), ("other", "another-secret-of-ours"))
PATHS = ("/makefulltextfeed.php?url={0}", "/extract.php?url={0}", "/parser?url={0}", "/read/{0}")


def test_a_hash_is_that_of_full_text_rss() -> None:
    """`php -r 'echo sha1("secret"."http://x.example/");'`"""
    assert key_hash("secret", "http://x.example/") == "b1d29ac1e890470d00a89f325687b9814723044f"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (GivenKey(url=URL, key=KEY), "1"),
        (GivenKey(url=URL, key="another-secret-of-ours"), "2"),
        (GivenKey(url=URL, key="plugin", hash=key_hash(KEY, URL)), "plugin"),
        (GivenKey(url=URL, key="1", hash=key_hash(KEY, URL)), "plugin"),
        (GivenKey(url=URL, key="2", hash=key_hash("another-secret-of-ours", URL)), "other"),
        (GivenKey(url=URL, key="2", hash=key_hash(KEY, URL)), None),
        (GivenKey(url=URL, key="plugin"), None),
        (GivenKey(url=URL, key="1"), None),
        (GivenKey(url=URL, key=KEY, hash=key_hash(KEY, URL)), None),
        (GivenKey(url=URL, key="plugin", hash=key_hash(KEY, URL + "x")), None),
        (GivenKey(url=URL, key="é\ud800", hash="é\ud800"), None),
    ],
)
def test_a_key_is_a_secret_or_a_name_with_a_hash(given: GivenKey, name: str | None) -> None:
    found = find_key(KEYS, given, [given.url])
    assert (found.name if found else None) == name
    assert find_key((), given, [given.url]) is None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KEYS", "short:secret", "key 1"),
        ("KEYS", f"plugin:{KEY},{KEY}", "key 2"),
        ("KEYS", f"1:{KEY}", "not a number"),
        ("KEYS", f"a:{KEY},a:{KEY}x", "same name"),
        ("OPEN_RATE", "many", "20/minute"),
        ("OPEN_RATE", "0/minute", "20/minute"),
        ("MAX_ITEMS", "500", "1 to 100"),
        ("FRESH", "soon", "fresh"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_the_secret(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        load_settings({f"UNABRIDGED_SERVE_FULL_TEXT_{name}": value})
    assert KEY not in str(caught.value)


def test_settings_are_read_from_a_section_of_their_own() -> None:
    environ = {
        "UNABRIDGED_SERVE_FULL_TEXT_KEYS": f"plugin:{KEY}",
        "UNABRIDGED_SERVE_FULL_TEXT_OPEN_RATE": "9/hour",
    }
    settings = load_settings(environ).full_text
    assert (settings.secrets, settings.rate) == ((("plugin", KEY),), (9, 3600))
    assert KEY not in repr(settings)


def test_a_page_elsewhere_reads_nothing_by_a_persons_cookie(client: httpx.Client, shelf: Shelf) -> None:
    asked = len(shelf.asked)
    for way, path in product(EMBEDDED, PATHS):
        answer = client.get(
            path.format(f"{shelf.origin}/story"), headers={"Sec-Fetch-Site": "cross-site"} | EMBEDDED[way]
        )
        assert answer.status_code == 403, (way, path)
    for headers, path in product(FOREIGN, PATHS):
        assert client.get(path.format(f"{shelf.origin}/story"), headers=headers).status_code == 403
    for headers, path in product((*FOREIGN, PERSON), ("/", "/parser", "/extract.php", "/parse-html")):
        answer = client.post(path, data={"url": f"{shelf.origin}/story"}, headers=headers)
        assert (answer.status_code, "another site" in answer.text) == (403, True), (path, headers)
    assert len(shelf.asked) == asked


def test_a_page_elsewhere_may_use_a_key_and_read_the_answer(stranger: httpx.Client, shelf: Shelf) -> None:
    url = f"{shelf.origin}/story"
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    params = {"url": url, "key": "1", "hash": key_hash(KEY, url), "callback": "show"}
    answer = stranger.get("/extract.php", params=params, headers=script)
    assert (answer.status_code, answer.text[:9]) == (200, "/**/show(")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_what_a_login_opens_is_for_no_other_page_and_no_shared_cache(
    client: httpx.Client, shelf: Shelf
) -> None:
    answer = client.get("/parser", params={"url": f"{shelf.origin}/story"})
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


def test_a_link_that_a_person_follows_opens_a_page(client: httpx.Client, shelf: Shelf) -> None:
    path = f"/read/{shelf.origin}/story"
    assert client.get(path, headers={"Accept": HTML} | PERSON).status_code == 200
    by_itself = {name: value for name, value in PERSON.items() if name != "Sec-Fetch-User"}
    answer = client.get(path, headers={"Accept": HTML} | by_itself)
    assert answer.status_code == 403 and f'href="{path}"' in answer.text


def test_a_wrong_key_is_refused_even_where_everybody_may_ask(desk: Desk, shelf: Shelf, visit: Visit) -> None:
    client = visit(desk, settings=letting_in(settings_for(desk, open_rate="100/minute"), "127.0.0.1"))
    url = f"{shelf.origin}/story"
    assert client.get("/extract.php", params={"url": url}).status_code == 200
    assert client.get("/extract.php", params={"url": url, "key": "guess"}).status_code == 403


def test_a_large_body_is_read_only_from_senders_that_are_known(
    stranger: httpx.Client, client: httpx.Client
) -> None:
    large = {"url": "http://sent.example/", "inputhtml": "<p>word " * 10_000}
    refused = stranger.post("/extract.php", data=large)
    assert (refused.status_code, "X-Api-Key" in refused.text) == (422, True)
    assert stranger.post("/extract.php", data=large, headers={"X-Api-Key": "wrong"}).status_code == 403
    for known, headers in ((client, {}), (stranger, {"X-Api-Key": KEY})):
        assert known.post("/extract.php", data=large, headers=headers).status_code in (200, 422)
        assert known.post("/extract.php", content=b"x" * 10_000_001, headers=headers).status_code == 422
