"""Names of streams, and requests for a part of one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.archive.records.items import StreamPart
from unabridged.errors import InvalidValue
from unabridged.serve.sync.google_reader.streams import (
    OVERLAP,
    STATE_PARTS,
    Parts,
    StreamName,
    item_stream,
    label_of,
    parse_stream,
)
from unabridged.serve.sync.parameters import read_parameters


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("feed/1", "feed", "1"),
        ("feed%2F1", "feed", "1"),
        ("feed/https://a.example/x?y=1", "feed", "https://a.example/x?y=1"),
        ("feed/https:/a.example/x", "feed", "https://a.example/x"),
        ("feed%2Fhttp%3A%2F%2Fa.example%2Fx", "feed", "http://a.example/x"),
        ("user/-/state/com.google/read", "state", "read"),
        ("user/17/state/com.google/reading-list", "state", "reading-list"),
        ("user/name/state/com.google/tracking-kept-unread", "state", "tracking-kept-unread"),
        ("user/-/label/A / b/c ü", "label", "A / b/c ü"),
        ("user/-/label/100%", "label", "100%"),
        ("user%2F-%2Flabel%2FA%20b", "label", "A b"),
    ],
)
def test_a_name_is_a_feed_a_state_or_a_label(text: str, kind: str, value: str) -> None:
    found = parse_stream(text)
    assert found is not None and (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize("text", ["", "feed/", "user/-/label/", "user/-/state/com.google/", "label/x", "x"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_stream(text) is None


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    assert parse_stream(text) is None or parse_stream(text)
    assert label_of(f"user/-/label/{text}") == (text or None)


def resolve(name: StreamName) -> Parts:
    kind = STATE_PARTS.get(name.value)
    return (StreamPart(kind=kind),) if kind else ()


def test_a_request_has_filters_bounds_and_a_place() -> None:
    state = "user/-/state/com.google"
    asked = read_parameters(
        f"it={state}/starred&xt={state}/read&xt={state}/like&ot=1000&nt=2000&n=7&c=99&r=o"
    )
    stream = item_stream([f"{state}/reading-list"], asked, resolve, default=20, most=50)
    assert stream.parts == (StreamPart(kind="all"),)
    assert stream.only == (StreamPart(kind="starred"),)
    assert stream.without == (StreamPart(kind="read"),)
    assert stream.since == datetime.fromtimestamp(1000, UTC) - OVERLAP
    assert stream.until == datetime.fromtimestamp(2001, UTC)
    assert (stream.place, stream.oldest, stream.limit) == (99, True, 7)


@pytest.mark.parametrize(("n", "limit"), [("", 20), ("n=x", 20), ("n=0", 50), ("n=51", 50), ("n=50", 50)])
def test_a_request_gets_a_bounded_number(n: str, limit: int) -> None:
    assert item_stream([], read_parameters(n), resolve, default=20, most=50).limit == limit


def test_a_continuation_of_another_server_is_refused() -> None:
    with pytest.raises(InvalidValue, match="not a continuation"):
        item_stream([], read_parameters("c=CKje"), resolve, default=20, most=50)
