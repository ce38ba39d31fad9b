"""The table of calls: what it needs, what it refuses; any parameters, on both databases, without a fault."""

from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.running_app import NOW
from tests.serve.sync.conftest import API, STATE, App
from unabridged.serve.sync.google_reader.ids import long_id
from unabridged.serve.sync.google_reader.routes import CALLS, find_call


def test_a_path_names_a_call_and_a_stream() -> None:
    assert find_call("stream/contents/feed/https://a.example/?x") == (
        CALLS["stream/contents"],
        "feed/https://a.example/?x",
    )
    assert find_call("edit-tag/") == (CALLS["edit-tag"], "")
    assert find_call("stream/contents") == (CALLS["stream/contents"], "")
    assert not find_call("nothing")[0].writes


def test_every_call_needs_a_token(app: App) -> None:
    for call in (*CALLS, "stream/contents/feed/1", "nothing"):
        for method in ("GET", "POST"):
            if method == "GET" and find_call(call)[0].writes:
                continue
            for headers in ({}, {"Authorization": "GoogleLogin auth=owner/wrong"}):
                answer = app.client.request(method, f"{API}/{call}", headers=headers)
                assert answer.status_code == 401, (method, call)
                assert answer.headers["x-reader-google-bad-token"] == "true"


def test_a_token_in_other_headers_or_in_the_address_is_none(app: App) -> None:
    for headers in ({"Authorization": f"Bearer {app.secret}"}, {"X-Auth-Token": app.secret}):
        assert app.client.get(f"{API}/user-info", headers=headers).status_code == 401
    assert app.client.get(f"{API}/user-info?token={app.secret}").status_code == 401


def test_other_formats_than_json_are_said_to_be_none(app: App) -> None:
    assert app.get("subscription/list", output="xml").status_code == 501
    for output in ("", "json", "anything"):
        assert app.get("subscription/list", output=output).status_code == 200
    assert app.client.get(f"{API}/subscription/list", headers=app.headers).json()["subscriptions"]


def test_a_body_larger_than_any_form_is_refused(app: App) -> None:
    answer = app.client.post(f"{API}/edit-tag", content=b"i=1&" * 1_100_000, headers=app.headers)
    assert answer.status_code == 400


def test_nobody_reads_or_writes_what_is_anothers(app: App) -> None:
    bo = app.desk.archive.accounts.add("Bo", now=NOW)
    other = App(app.client, app.desk, app.desk.archive.library(bo.id).tokens.add("x", now=NOW).secret, "Bo")
    app.post("edit-tag", i="1", a="user/-/label/Secret")
    before = app.marks()
    library = app.desk.archive.library()
    held = [(one.feed.id, one.title, one.folder) for one in library.subscriptions.all()]
    streams = ("feed/1", "feed/https://news.example/0.xml", "user/-/label/Reading", "user/-/label/Secret")
    for stream in (*streams, f"{STATE}/reading-list", f"{STATE}/starred", "user/1/state/com.google/read"):
        assert other.ids(stream) == [], stream
        assert other.items(stream) == [], stream
        assert "<entry" not in app.client.get(f"/reader/atom/{stream}", headers=other.headers).text
        other.post("mark-all-as-read", s=stream)
    assert other.post("stream/items/contents", i=["1", "2", long_id(3)]).json()["items"] == []
    assert other.post("edit-tag", i=["1", "2"], a=[f"{STATE}/read", "user/-/label/Mine"]).text == "OK"
    for form in (
        {"ac": "unsubscribe", "s": "feed/1"},
        {"ac": "edit", "s": "feed/1", "t": "Taken"},
        {"ac": "edit", "s": "feed/1", "a": "user/-/label/Taken"},
    ):
        assert other.post("subscription/edit", **form).status_code == 404
    for call in ("rename-tag", "disable-tag"):
        for label in ("Reading", "Secret"):
            form = {"s": f"user/-/label/{label}", "dest": "user/-/label/x"}
            assert other.post(call, **form).status_code == 404
    told = [
        other.get(call).text
        for call in ("subscription/list", "tag/list", "unread-count", "subscription/export")
    ]
    assert not any("News" in text or "Secret" in text or "news.example" in text for text in told)
    assert other.fever(items="", with_ids="1,2")["items"] == []
    found = other.fever(items="", feeds="", groups="", unread_item_ids="", saved_item_ids="", favicons="")
    assert (found["items"], found["feeds"], found["groups"], found["unread_item_ids"]) == ([], [], [], "")
    other.fever(mark="item", **{"as": "saved"}, id="1")
    other.fever(mark="feed", **{"as": "read"}, id="1")
    other.fever(mark="group", **{"as": "read"}, id="1")
    assert app.marks() == before
    assert [(one.feed.id, one.title, one.folder) for one in library.subscriptions.all()] == held
    assert [one.name for one in library.tags.all()] == ["Secret"]
    # T of another person does not write for this one
    form = {"i": "1", "a": f"{STATE}/read", "T": other.auth}
    assert app.client.post(f"{API}/edit-tag", data=form, headers=app.headers).status_code == 401


NAMES = st.sampled_from(
    ["s", "i", "a", "r", "n", "c", "ot", "nt", "xt", "it", "ts", "t", "T", "ac", "dest", "output", "quickadd"]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("feed/1", "feed/0", "feed/99999999999999999999", "feed/https://news.example/0.xml"),
            *(f"{STATE}/reading-list", f"{STATE}/read", f"{STATE}/starred", f"{STATE}/kept-unread"),
            *("user/-/label/Reading", "user/-/label/", "user/-/label/\x00", "user/-/label/ü/..", "edit"),
            *(long_id(1), "1", "-1", "0", "9" * 18, "9" * 400, "1e9", "x", "o", "subscribe", "unsubscribe"),
        ]
    ),
    st.integers().map(str),
    st.text(max_size=40),
)
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
PATHS = st.one_of(
    st.sampled_from([name for name in CALLS if "quickadd" not in name]),
    st.text(max_size=30).map(lambda text: f"stream/contents/{quote(text, safe='')}"),
    VALUES.map(lambda text: f"stream/contents/{quote(text, safe='/:')}"),
    st.text(max_size=20).map(lambda text: quote(text, safe="")),
)
FEVER = st.dictionaries(
    st.sampled_from(
        [
            *("items", "since_id", "max_id", "with_ids", "feed_ids", "group_ids", "mark", "as", "id"),
            *("before", "groups", "feeds", "favicons", "links", "unread_item_ids", "saved_item_ids", "api"),
        ]
    ),
    st.one_of(VALUES, st.sampled_from(["item", "feed", "group", "read", "saved", "1,2,3", ",", "1,,x"])),
    max_size=8,
)


def sound(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, form=FORMS)
def test_no_parameters_of_google_reader_are_a_fault(app: App, path: str, form: list[tuple[str, str]]) -> None:
    form = [(name, value) for name, value in form if (name, value) != ("ac", "subscribe")]
    params: list[tuple[str, str | int | float | bool | None]] = [
        (name, value.encode("utf-8", "replace").decode()) for name, value in form
    ]
    sound(app.client.get(f"{API}/{path}", params=params, headers=app.headers))
    body = "&".join(f"{name}={quote(value.encode('utf-8', 'replace'))}" for name, value in form)
    sound(app.client.post(f"{API}/{path}", content=body, headers=app.headers))
    sound(app.client.get(f"/reader/atom/{path}", params=params, headers=app.headers))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=FEVER)
def test_no_parameters_of_fever_are_a_fault(app: App, form: dict[str, str]) -> None:
    found = app.fever(**{name: value.encode("utf-8", "replace").decode() for name, value in form.items()})
    assert (found["api_version"], found["auth"]) == (3, 1)
    assert all(isinstance(one["id"], int) for one in found.get("items", []))
