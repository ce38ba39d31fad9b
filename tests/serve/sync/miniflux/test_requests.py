"""Tokens in headers, and fields of JSON bodies with their types."""

import base64

import pytest
from starlette.datastructures import Headers

from tests.serve.running_app import NOW
from unabridged.archive.records.library import Token
from unabridged.serve.sync.callers import BadToken
from unabridged.serve.sync.miniflux.answers import Refusal
from unabridged.serve.sync.miniflux.requests import Fields, caller_of

TOKEN = Token(id=1, user=1, user_name="ada", name="x", scope="read", created=NOW, last_used=None)


def find(secret: str) -> Token | None:
    return TOKEN if secret == "good" else None


def basic(text: str) -> str:
    return "basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [{"x-auth-token": " good "}, {"authorization": basic("ada:good")}, {"authorization": basic(":good")}],
)
def test_a_token_is_found_in_its_header_or_as_password(headers: dict[str, str]) -> None:
    assert caller_of(Headers(headers), find) is TOKEN


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-auth-token": "bad"},
        {"x-auth-token": "bad", "authorization": basic("ada:good")},
        {"authorization": basic("good")},
        {"authorization": "Basic \u00fc"},
        {"authorization": "Bearer good"},
        {"cookie": "x-auth-token=good"},
    ],
)
def test_anything_else_is_no_token(headers: dict[str, str]) -> None:
    with pytest.raises(BadToken):
        caller_of(Headers(headers), find)


def test_fields_are_taken_by_their_types() -> None:
    fields = Fields({"a": "x", "b": 5, "c": True, "d": [1, 1, 2, -3, 10**15], "e": ["x"], "f": None})
    assert (fields.text("a"), fields.number("b"), fields.switch("c")) == ("x", 5, True)
    assert (fields.numbers("d"), fields.texts("e")) == ([1, 2], ["x"])
    assert (fields.text("f"), fields.number("z"), fields.numbers("z"), fields.texts("f")) == (
        None,
        None,
        [],
        [],
    )
    wrong = (lambda: fields.text("b"), lambda: fields.number("c"), lambda: fields.switch("b"))
    for ask in (*wrong, lambda: fields.numbers("e"), lambda: fields.texts("d"), lambda: fields.numbers("a")):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.status == 400
