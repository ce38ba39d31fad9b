"""Links wrapped in other links."""

from base64 import urlsafe_b64encode

import pytest

from unabridged.urls import identity
from unabridged.wrapped_urls import unwrap

ADDRESS = "https://paper.example/a?b=1"


def bare(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


NEWS = bare(b"\x08\x13\x22" + bytes([len(ADDRESS)]) + ADDRESS.encode() + b"\xd2\x01\x00")
UNREADABLE = bare(b"\x08\x13\x22\x40AU_yqLPx7vQm3nS0tZ2w")


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://news.google.com/rss/articles/{NEWS}?oc=5",
        f"https://news.google.com/articles/{NEWS}",
        f"https://news.google.com/__i/rss/rd/articles/{NEWS}?oc=5",
        "https://www.google.de/url?sa=t&url=https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1&ved=x",
        f"https://www.bing.com/ck/a?!&&p=1&u=a1{bare(ADDRESS.encode())}&ntb=1",
        "https://urldefense.com/v3/__https://paper.example/a?b=1__;!!x$",
        "https://urldefense.com/v3/__https:/paper.example/a?b=1__;!!x$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__paper.example_a-3Fb-3D1&d=x",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1&data=05",
        "https://secure-web.cisco.com/1abc/https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1",
        "https://href.li/?https://paper.example/a?b=1",
        "http://us.rd.yahoo.com/dailynews/rss/world/*https%3A//paper.example/a%3Fb%3D1",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RU=https%3a%2f%2fpaper.example%2fa%3fb%3d1/RK=2/RS=x",
        "https://www.linkedin.com/safety/go?url=https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1",
        "https://l.threads.com/?u=https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1&e=x",
        "https://exit.sc/?url=https%3A%2F%2Fpaper.example%2Fa%3Fb%3D1",
    ],
)
def test_redirectors_lose_their_wrapping(wrapped: str) -> None:
    assert unwrap(wrapped) == ADDRESS
    assert identity(wrapped) == identity(ADDRESS)


@pytest.mark.parametrize(
    "url",
    [
        f"https://news.google.com/rss/articles/{UNREADABLE}?oc=5",
        "https://news.google.com/rss/articles/%%%",
        "https://paper.example/url?q=https://other.example/",
        "https://google.paper.example/url?q=https://other.example/",
        "https://urldefense.com/v3/nothing",
    ],
)
def test_links_that_cannot_be_opened_stay_as_they_are(url: str) -> None:
    assert unwrap(url) == url
