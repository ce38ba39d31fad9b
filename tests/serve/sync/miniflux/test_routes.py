"""The table of calls: tokens, scopes, errors, anybody else's numbers; any parameters without a fault."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.running_app import NOW
from tests.serve.sync.conftest import App, filled
from tests.serve.sync.miniflux.conftest import Api
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.accounts import Device
from unabridged.serve.app import create_app
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.routes import CALLS, find_call

FETCHING = ("fetch-content", "refresh", "discover", "POST feeds")
"""Calls that ask other sites."""


def paths(number: int | str = 1) -> list[tuple[str, str]]:
    """Return all calls: (method, path) with a number in the place of each name."""
    names = ("user?", "user", "key", "category", "feed", "entry", "enclosure")
    found = []
    for method, pattern, _ in CALLS:
        path = pattern
        for name in names:
            path = path.replace("{" + name + "}", str(number))
        found.append((method, path))
    return found


def test_a_path_names_a_call_and_its_numbers() -> None:
    found = find_call("GET", "feeds/7/entries/9")
    assert found is not None
    assert (dict(found.numbers), found.is_wrong) == ({"feed": 7, "entry": 9}, False)
    named = find_call("GET", "users/ada")
    assert named is not None
    assert (dict(named.numbers), named.text, named.is_wrong) == ({}, "ada", False)
    for path in ("feeds/abc", "feeds/0", "feeds/-1", f"feeds/{10**18}1", "feeds/١"):
        wrong = find_call("GET", path)
        assert wrong is not None and wrong.is_wrong, path
    assert find_call("GET", "nothing") is None
    assert find_call("POST", "me") is None
    assert find_call("GET", "feeds/1/") is None


def test_every_call_needs_a_token(app: App) -> None:
    basic = base64.b64encode(b"owner:wrong").decode()
    for method, path in paths():
        for headers in (
            {},
            {"X-Auth-Token": "wrong"},
            {"Authorization": f"Basic {basic}"},
            {"X-Auth-Token": ""},
        ):
            answer = app.client.request(method, f"/v1/{path}", headers=headers)
            assert answer.status_code == 401, (method, path)
            assert answer.json() == {"error_message": "access unauthorized"}
            assert ("www-authenticate" in answer.headers) == ("X-Auth-Token" not in headers)


def test_a_token_is_sent_in_its_header_or_as_password(app: App) -> None:
    good = base64.b64encode(f"any name:{app.secret}".encode()).decode()
    assert app.client.get("/v1/me", headers={"Authorization": f"Basic {good}"}).json()["id"] == 1
    assert app.client.get("/v1/me", headers={"X-Auth-Token": app.secret}).json()["id"] == 1
    both = {"Authorization": f"Basic {good}", "X-Auth-Token": "wrong"}
    assert app.client.get("/v1/me", headers=both).status_code == 401
    for headers in ({"Authorization": "Basic %%%"}, {"Authorization": f"Bearer {app.secret}"}):
        assert app.client.get("/v1/me", headers=headers).status_code == 401
    assert app.client.get(f"/v1/me?token={app.secret}").status_code == 401


def test_no_cookie_is_a_token(app: App) -> None:
    archive = app.desk.archive
    session = archive.accounts.open_session(1, Device(), now=NOW).secret
    answer = app.client.get("/v1/me", headers={"Cookie": f"unabridged-session={session}"})
    assert answer.status_code == 401


def test_a_token_that_may_only_read_changes_nothing(read_only: Api) -> None:
    before = state(read_only)
    for method, path in paths():
        if method != "GET" and path != "discover":
            assert "scope write" in read_only.refused(403, method, path, {})
    assert state(read_only) == before
    assert read_only.refused(400, "POST", "discover", {}) == "Invalid site URL."
    assert read_only.ids()


def state(api: Api) -> object:
    """Everything of the owner's that an app could change."""
    library = api.library
    return (
        api.app.marks(),
        [(one.feed, one.title, one.folder) for one in library.subscriptions.all()],
        library.subscriptions.folder_names(),
        [(one.id, one.name) for one in library.tokens.all()],
        [library.positions.of_article(number) for number in api.app.desk.articles],
        library.preferences.get(["miniflux_flushed"]),
        api.app.desk.archive.accounts.all(),
    )


def test_nobody_reads_or_writes_what_is_anothers(api: Api) -> None:
    bo = api.app.desk.archive.accounts.add("Bo", now=NOW)
    made = api.app.desk.archive.library(bo.id).tokens.add("x", now=NOW)
    other = Api(App(api.app.client, api.app.desk, made.secret, "Bo"))
    enclosure = api.get("entries/1")["enclosures"][0]["id"]
    token, before = api.library.tokens.all()[0].id, state(api)
    for number in (1, 2, token, enclosure, OTHER_FEED):
        for method, path in paths(number):
            own = path == f"api-keys/{made.token.id}"
            if own or any(one in f"{method} {path}" for one in FETCHING):
                continue
            body = {"entry_ids": [1, 2, 3], "status": "read", "title": "x", "media_progression": 5}
            body |= {"category_id": 1, "url": "https://news.example/story-0", "starred": True}
            answer = other.send(method, path, None if path == "import" else body)
            assert answer.status_code < 500, (method, path, answer.text)
            assert "story" not in answer.text.lower() or path.endswith("import"), (method, path)
            if path not in ("users/1", "users/2"):
                assert "Reading" not in answer.text, (method, path)
            assert state(api) == before, (method, path)
    assert other.get("entries", search="story")["total"] <= 1  # the one that Bo imported


def test_errors_of_bodies_are_said(api: Api) -> None:
    for body, told in ((b"{", "no JSON"), (b"[]", "object"), (b"", "no JSON"), (b'"x"', "object")):
        headers = {"X-Auth-Token": api.app.secret, "Content-Type": "application/x-www-form-urlencoded"}
        answer = api.app.client.put("/v1/entries", content=body, headers=headers)
        assert answer.status_code == 400
        assert told in answer.json()["error_message"]
    good = b'{"entry_ids": [1], "status": "read", "unknown": {}}'
    assert api.app.client.put("/v1/entries", content=good, headers=headers).status_code == 204
    large = b'{"entry_ids": [' + b"1," * 3_000_000 + b"1]}"
    refused = api.app.client.put("/v1/entries", content=large, headers=headers)
    assert (refused.status_code, "larger than" in refused.text) == (400, True)


async def test_no_body_is_read_of_somebody_unknown(archive: Archive, tmp_path: Path) -> None:
    desk = filled(archive, tmp_path)
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(3):
            read.append(number)
            yield b" "

    transport = httpx.ASGITransport(app=create_app(desk.archive, settings=desk.settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8200") as client:
        for secret, status in (("wrong", 401), (desk.archive.library().tokens.add("x", now=NOW).secret, 400)):
            headers = {"X-Auth-Token": secret}
            answer = await client.post("/v1/import", content=body(), headers=headers)
            assert answer.status_code == status
            assert read == ([] if status == 401 else [0, 1, 2])


def test_apps_in_browsers_may_ask(app: App) -> None:
    foreign = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    asked = app.client.options("/v1/entries", headers=foreign | {"Access-Control-Request-Method": "PUT"})
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "X-Auth-Token" in asked.headers["access-control-allow-headers"]
    assert {"PUT", "DELETE"} <= set(asked.headers["access-control-allow-methods"].split(", "))
    answer = app.client.get("/v1/me", headers=foreign | {"X-Auth-Token": app.secret})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_health_and_version_answer_everybody(app: App) -> None:
    for path in ("/healthcheck", "/liveness", "/readiness"):
        assert app.client.get(path).text == "OK"
    assert app.client.get("/version").text == "2.2.6"


NAMES = st.sampled_from(
    [
        *(
            "status",
            "order",
            "direction",
            "limit",
            "offset",
            "starred",
            "search",
            "category_id",
            "feed_id",
            "tags",
        ),
        *("before", "after", "published_before", "published_after", "changed_before", "changed_after"),
        *("before_entry_id", "after_entry_id", "globally_visible", "counts", "update_content", "x"),
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *(
                "read",
                "unread",
                "removed",
                "id",
                "title",
                "author",
                "changed_at",
                "category_title",
                "asc",
                "desc",
            ),
            *(
                "true",
                "false",
                "0",
                "-1",
                "1",
                "5",
                str(OTHER_FEED),
                "253402300800",
                "999999999999999",
                '"',
                "AND (",
            ),
        ]
    ),
    st.integers().map(str),
    st.text(max_size=30),
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63),
        st.text(max_size=20),
        st.floats(allow_nan=False),
    ),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            *(
                "entry_ids",
                "status",
                "starred",
                "title",
                "content",
                "media_progression",
                "category_id",
                "site_url",
            ),
            *(
                "description",
                "url",
                "published_at",
                "tags",
                "author",
                "username",
                "password",
                "is_admin",
                "crawler",
            ),
            *("disabled", "user_agent", "cookie", "hide_globally", "x"),
        ]
    ),
    st.one_of(JSON, st.sampled_from(["read", "https://news.example/story-9", [1, 2], 1, "x"])),
    max_size=6,
)


def sound(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/json":
        assert list(answer.json()) == ["error_message"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    params=st.lists(st.tuples(NAMES, VALUES), max_size=6),
    path=st.sampled_from(
        [
            "entries",
            "entries/ids",
            "feeds/1/entries",
            f"feeds/{OTHER_FEED}/entries",
            "categories/1/entries",
            "categories",
        ]
    ),
)
def test_no_parameters_are_a_fault(api: Api, params: list[tuple[str, str]], path: str) -> None:
    given: Any = [(name, value.encode("utf-8", "replace").decode()) for name, value in params]
    answer = api.app.client.get(f"/v1/{path}", params=given, headers={"X-Auth-Token": api.app.secret})
    sound(answer)
    assert answer.status_code in (200, 400)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=st.sampled_from(CALLS), number=st.integers(-1, 12) | st.text(max_size=5), fields=FIELDS)
def test_no_body_is_a_fault(
    api: Api, call: tuple[str, str, Any], number: int | str, fields: dict[str, Any]
) -> None:
    method, pattern, _ = call
    if any(one in f"{method} {pattern}" for one in FETCHING) or "api-keys" in pattern:
        return
    for name in ("user?", "user", "category", "feed", "entry", "enclosure"):
        pattern = pattern.replace("{" + name + "}", quote(str(number).encode("utf-8", "replace"), safe=""))
    headers = {"X-Auth-Token": api.app.secret}
    sound(api.app.client.request(method, f"/v1/{pattern}", content=json.dumps(fields), headers=headers))
