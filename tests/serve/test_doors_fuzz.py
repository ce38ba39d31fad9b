"""Hostile requests to every address without a schema: an error in words, or an answer of the right shape."""

import string
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import feedparser
import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.full_text.site import KEY, fill, page
from tests.serve.running_app import Desk, Shelf, in_thread, make_article, serving
from tests.serve.sync.conftest import API, App, app_on, sync_settings
from unabridged.archive.facade.archive import Archive

OF_THE_SITE = (502, 504)
"""Statuses that say that another site failed."""

WAIT = (429, 503)


@dataclass
class Doors:
    """An app with a token of a person, and the site that it may read."""

    app: App
    origin: str

    def ask(self, method: str, address: str, **sent: Any) -> httpx.Response:
        """Send a request as a program with a token. A path with its query is sent as it is written."""
        headers = {"X-Auth-Token": self.app.secret} | sent.pop("headers", {})
        path, mark, query = address.partition("?")
        url = self.app.client.base_url.copy_with(
            raw_path=(quote(path, safe="/%:@!$&'()*+,;=~-._") + mark + quote(query, safe=SAFE)).encode()
        )
        return self.app.client.request(method, url, headers=headers, **sent)


SAFE = string.punctuation.replace("#", "").replace('"', "").replace("<", "").replace(">", "").replace("^", "")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    home = tmp_path_factory.mktemp("doors")
    with ExitStack() as stack:
        shelf = stack.enter_context(in_thread(serving(Shelf())))
        fill(shelf)
        shelf.answers["/broken"] = ("text/html", b"<p>\xff\xfe\x00<a href='x" * 200)
        shelf.answers["/binary"] = ("text/html", bytes(range(256)) * 20)
        shelf.redirects = {"/loop": "/loop", "/inside": "http://10.0.0.1/"}
        options = sync_settings(home)
        archive = stack.enter_context(Archive(options.database))
        desk = Desk(archive=archive, settings=options)
        desk.subscribe([make_article(number) for number in (0, 1, 2)])
        yield Doors(app=stack.enter_context(app_on(desk)), origin=shelf.origin)


PATHS = (
    "feed.xml",
    "story?id=1&x=2",
    "chinese",
    "cards",
    "none",
    "nothing.txt",
    "empty.xml",
    "broken",
    "binary",
    "loop",
    "inside",
)
texts = st.text(max_size=40)
words = st.one_of(
    texts,
    st.sampled_from(
        ["0", "1", "-1", "2", "9" * 400, "true", "no", "rss", "json", "html", "feed", "a[2]", "//a", "div["]
    ),
    st.integers().map(str),
)


def addresses(origin: str) -> st.SearchStrategy[str]:
    """Addresses of the site, refused and impossible ones; no name that must be looked up."""
    known = st.sampled_from(PATHS).map(lambda path: f"{origin}/{path}")
    odd = st.sampled_from(
        [
            *(
                "",
                " ",
                "http://",
                "https://",
                "http:///",
                "//",
                "feed:",
                "ftp://x/",
                "javascript:alert(1)",
                "data:,x",
            ),
            *(
                "http://10.0.0.1/",
                "http://[::1",
                "http://[::1]/",
                "http://127.0.0.1:0/",
                "http://127.0.0.1:99999/",
            ),
            *(
                "http://u:p@127.0.0.1/",
                "http://127.1/",
                "file:///etc/passwd",
                "http:" + "/" * 50,
                "http://%00/",
            ),
            *("\u202e", "http://\ud83d", "http://127.0.0.1/" + "a" * 9000),
        ]
    )
    numbers = texts.map(lambda text: f"http://10.0.0.1/{text}")
    return st.one_of(known, odd, numbers, known.map(lambda url: quote(url, safe="")))


def check(answer: httpx.Response) -> None:
    """Fail for an error of the program, and for an answer that is not what its type says."""
    told = f"{answer.request.method} {answer.request.url} -> {answer.status_code} {answer.text[:300]}"
    allowed = answer.status_code < 500 or answer.status_code in (*OF_THE_SITE, *WAIT)
    assert allowed, told
    assert "Traceback" not in answer.text and "error in the program" not in answer.text, told
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not answer.content:
        return
    if kind == "application/json" or kind.endswith("+json"):
        assert isinstance(orjson.loads(answer.content), dict | list), told
    if kind in ("application/rss+xml", "application/atom+xml") and answer.status_code == 200:
        assert not feedparser.parse(answer.content).bozo, told
    if kind == "text/markdown":
        assert answer.text.startswith("---\n"), told


def fuzz(examples: int) -> settings:
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=quiet
    )


FIVEFILTERS = (
    "url format callback accept html max links exc content summary l lang xss use_extracted_title key hash "
    "key_redirect siteconfig inputhtml item item_title item_url item_desc item_date item_date_format "
    "item_image in_id_or_class url_contains unique_url order guid feed_title"
).split()
GOOGLE = (
    "user-info token tag/list subscription/list unread-count stream/items/ids stream/items/contents "
    "stream/contents/user/-/state/com.google/reading-list stream/contents/feed/1 preference/list "
    "subscription/export edit-tag mark-all-as-read rename-tag disable-tag subscription/edit "
    "subscription/quickadd x/y"
).split()
GOOGLE_FIELDS = "output s n r c xt it ot nt i a r ts T ac t dest quickadd client ck".split()
FEVER_FIELDS = (
    "groups feeds favicons items links unread_item_ids saved_item_ids since_id max_id with_ids mark as id "
    "before"
).split()


@fuzz(60)
@given(data=st.data())
def test_full_text_rss_and_feed_creator_answer_anything(doors: Doors, data: st.DataObject) -> None:
    fields = data.draw(st.dictionaries(st.sampled_from(FIVEFILTERS), words, max_size=6))
    fields |= {"url": data.draw(addresses(doors.origin))}
    path = data.draw(st.sampled_from(["/makefulltextfeed.php", "/extract.php"]))
    check(
        doors.ask(
            "GET",
            path
            + "?"
            + "&".join(f"{name}={quote(value, errors='replace')}" for name, value in fields.items()),
        )
    )
    raw = data.draw(texts)
    check(doors.ask("GET", f"{path}?url={doors.origin}/story&{raw}"))
    check(
        doors.ask(
            "POST",
            "/extract.php",
            data={name: value.encode("utf-8", "replace") for name, value in fields.items()},
        )
    )


bodies = st.one_of(
    st.binary(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.floats() | texts,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["url", "html", "key", "x"]), inner, max_size=4)
        ),
        max_leaves=6,
    ).map(lambda value: orjson.dumps(_plain(value))),
    texts.map(lambda text: page(text, f"<p>{text}</p>" * 30)),
)
types = st.sampled_from(
    [
        "",
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/html",
        "é",
    ]
)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


@fuzz(60)
@given(data=st.data())
def test_mercury_and_readability_answer_anything_with_json(doors: Doors, data: st.DataObject) -> None:
    url = data.draw(addresses(doors.origin))
    form = quote(data.draw(words), errors="replace")
    answers = [doors.ask("GET", f"/parser?url={quote(url, errors='replace')}&contentType={form}")]
    path = data.draw(st.sampled_from(["/", "/parser", "/parse-html", "/extract.php"]))
    kind = data.draw(types).encode("utf-8")
    answers.append(doors.ask("POST", path, content=data.draw(bodies), headers={"Content-Type": kind}))
    answers.append(
        doors.ask(
            "POST",
            path,
            json={
                "url": url.encode("utf-8", "replace").decode(),
                "html": data.draw(texts).encode("utf-8", "replace").decode(),
            },
        )
    )
    for answer in answers:
        check(answer)
        if answer.request.url.path != "/extract.php":
            assert isinstance(answer.json(), dict)


@fuzz(60)
@given(data=st.data())
def test_read_and_feed_answer_any_address_in_any_form(doors: Doors, data: st.DataObject) -> None:
    accept = data.draw(
        st.one_of(
            st.sampled_from(["*/*", "text/markdown", "application/json", "text/html", "text/plain;q=0.2"]),
            st.text(string.ascii_letters + "*/,;=. 0123456789", max_size=30).map(str.strip),
        )
    )
    url = data.draw(addresses(doors.origin))
    escaped = quote(url, safe="", errors="replace")
    form = quote(data.draw(words), errors="replace")
    for address in (
        f"/read/{url.encode('utf-8', 'replace').decode()}",
        f"/read/{escaped}?format={form}",
        f"/feed?url={escaped}",
        f"/feed?url={escaped}&format={form}&limit={form}",
        f"/a/1?format={form}",
    ):
        check(doors.ask("GET", address, headers={"Accept": accept}))


@fuzz(60)
@given(data=st.data())
def test_the_apis_of_apps_answer_anything(doors: Doors, data: st.DataObject) -> None:
    app = doors.app
    names = st.sampled_from(GOOGLE_FIELDS)
    streams = st.sampled_from(
        ["feed/1", "user/-/state/com.google/read", "user/-/label/x", "tag:google.com,2005:reader/item/1"]
    )
    fields = data.draw(st.dictionaries(names, words | streams, max_size=6))
    sent = {name: value.encode("utf-8", "replace") for name, value in fields.items()}
    call = data.draw(
        st.sampled_from(GOOGLE) | texts.map(lambda text: f"stream/contents/{quote(text, errors='replace')}")
    )
    query = "&".join(f"{name}={quote(value)}" for name, value in sent.items())
    check(app.client.get(f"{API}/{call}?{query}", headers=app.headers))
    check(app.client.post(f"{API}/{call}", data=sent, headers=app.headers))
    asked = data.draw(st.dictionaries(st.sampled_from(FEVER_FIELDS), words, max_size=8))
    known = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    assert isinstance(app.fever(**known), dict)
    check(app.client.get(f"/fever/?api&{quote(data.draw(texts), errors='replace')}"))


def test_a_key_is_needed_before_anything_is_read(doors: Doors) -> None:
    """Without the token of these requests nothing of the above is answered."""
    client = doors.app.client
    for path in ("/makefulltextfeed.php", "/extract.php", "/parser", f"/read/{doors.origin}/story"):
        assert client.get(path, params={"url": f"{doors.origin}/story", "key": f"{KEY}x"}).status_code in (
            401,
            403,
        )
