"""Who sent a request: the header of Google Reader, and the field T of forms."""

import pytest

from tests.serve.running_app import NOW
from unabridged.archive.records.library import Token
from unabridged.serve.sync.callers import BadToken, auth_token, caller_of, header_secret


def token(user: int) -> Token:
    return Token(id=user, user=user, user_name=f"name{user}", name="app", scope="write", created=NOW)


KNOWN = {"one": token(1), "two": token(2)}


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("GoogleLogin auth=me/abc", "abc"),
        ("googlelogin  AUTH=me/abc", "abc"),
        ('GoogleLogin auth="me/abc"', "abc"),
        ("GoogleLogin auth=a%2Fb/abc", "abc"),
        ("GoogleLogin auth=abc", None),
        ("GoogleLogin auth=me/", None),
        ("GoogleLogin", None),
        ("GoogleLogin me/abc", None),
        ("Bearer abc", None),
        ("Basic bWU6YWJj", None),
        ("", None),
    ],
)
def test_a_header_holds_a_secret_after_the_last_slash(header: str, secret: str | None) -> None:
    assert header_secret(header) == secret


@pytest.mark.parametrize(
    ("header", "action", "user"),
    [
        ("GoogleLogin auth=x/one", None, 1),
        ("GoogleLogin auth=x/one", "", 1),
        ("GoogleLogin auth=x/one", "x", 1),
        ("GoogleLogin auth=x/one", "name/one", 1),
        (None, "name/two", 2),
        ("", "name/two", 2),
    ],
)
def test_the_header_or_t_says_who_it_is(header: str | None, action: str | None, user: int) -> None:
    assert caller_of(header, action, KNOWN.get).user == user


@pytest.mark.parametrize(
    ("header", "action"),
    [
        (None, None),
        (None, ""),
        (None, "x"),
        (None, "one"),
        ("GoogleLogin auth=x/none", None),
        ("GoogleLogin auth=x/none", "name/one"),
        ("GoogleLogin auth=x/one", "wrong"),
        ("GoogleLogin auth=x/one", "name/two"),
        ("Bearer one", None),
    ],
)
def test_anything_else_is_refused(header: str | None, action: str | None) -> None:
    with pytest.raises(BadToken):
        caller_of(header, action, KNOWN.get)


def test_a_token_has_one_slash_and_no_equals_sign() -> None:
    assert auth_token("a/b = ü", "s") == "a%2Fb%20%3D%20%C3%BC/s"
