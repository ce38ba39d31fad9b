"""Fields of requests: escaped or not, of the address or of the body."""

import pytest

from unabridged.errors import InvalidURL, InvalidValue
from unabridged.serve.full_text.request_fields import read_query, service_url, url_spellings

OWN = frozenset({"url", "format", "key"})


@pytest.mark.parametrize(
    ("query", "url", "others"),
    [
        (
            "url=https%3A%2F%2Fx.org%2Fa%3Fb%3D1%26c%3D2&format=json",
            "https://x.org/a?b=1&c=2",
            {"format": "json"},
        ),
        ("url=https://x.org/a?b=1&c=2&format=json", "https://x.org/a?b=1&c=2", {"format": "json"}),
        ("format=json&url=https://x.org/a?b=1&c=2", "https://x.org/a?b=1&c=2", {"format": "json"}),
        ("url=https://x.org/a&key=k", "https://x.org/a", {"key": "k"}),
        ("url=https://x.org/a%20b", "https://x.org/a b", {}),
        ("url=https://x.org/a?b=%26&c=%2F", "https://x.org/a?b=%26&c=%2F", {}),
        ("url=x.org/a&c=1", "x.org/a", {"c": "1"}),
        ("url=", "", {}),
        ("url=1&url=2", "2", {}),
    ],
)
def test_an_address_that_was_not_escaped_keeps_its_parameters(
    query: str, url: str, others: dict[str, str]
) -> None:
    fields = read_query(query, OWN)
    assert fields.get("url") == url
    assert {name: value for name, value in fields.values.items() if name != "url"} == others


def test_a_request_has_a_bounded_number_of_fields() -> None:
    with pytest.raises(InvalidValue, match="100 fields"):
        read_query("&".join(f"a{n}=1" for n in range(101)), OWN)


def test_a_switch_is_on_unless_it_says_otherwise() -> None:
    fields = read_query("a=1&b=0&c=&d=no&e=yes&f=%20", OWN)
    assert [fields.is_on(name) for name in "abcdefg"] == [True, False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("x.org/a", "http://x.org/a"),
        ("x.org:8080/a", "http://x.org:8080/a"),
        ("feed://x.org/a", "http://x.org/a"),
        ("feed:https://x.org/a", "https://x.org/a"),
        ("HTTPS://x.org", "https://x.org"),
        (" //x.org/a ", "http://x.org/a"),
    ],
)
def test_an_address_without_a_scheme_is_http(text: str, url: str) -> None:
    assert service_url(text) == url


@pytest.mark.parametrize(
    "text", ["", " ", "ftp://x.org/", "javascript:alert(1)", "mailto:a@x.org", "http://"]
)
def test_what_is_no_address_of_the_web_is_refused(text: str) -> None:
    with pytest.raises(InvalidURL):
        service_url(text)
    assert url_spellings(text)[0] == text
