"""Addresses: normal form, identity, wrappers."""

import pytest

from unabridged.errors import InvalidURL, UnabridgedError, without_login
from unabridged.urls import (
    absolute,
    identity,
    is_share_link,
    normalise,
    readable,
    registrable_domain,
    strip_trackers,
    unwrap,
)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("example.org/feed", "https://example.org/feed"),
        ("  HTTP://Example.ORG:80/a b\n", "http://example.org/a%20b"),
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("//example.org/x", "https://example.org/x"),
        ("localhost:8000/feed.xml", "https://localhost:8000/feed.xml"),
        ("https://example.org/中国", "https://example.org/%E4%B8%AD%E5%9B%BD"),
        ("https://example.org/%e4%b8%ad%E5%9B%BD", "https://example.org/%E4%B8%AD%E5%9B%BD"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a#part", "https://example.org/a"),
    ],
)
def test_an_address_has_one_normal_form(given: str, wanted: str) -> None:
    assert normalise(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "mailto:a@example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://[::1",
        "https://example.org:0/",
        "x" * 9000,
    ],
)
def test_what_cannot_be_fetched_is_refused_with_a_reason(given: str) -> None:
    with pytest.raises(InvalidURL):
        normalise(given)


def test_a_readable_and_an_encoded_link_are_one_article() -> None:
    readable_form = "http://www.example.org//cn/中国/20240201-开班"
    encoded = "https://example.org/cn/%E4%B8%AD%E5%9B%BD/20240201-%E5%BC%80%E7%8F%AD/?utm_source=rss#top"
    assert identity(readable_form) == identity(encoded)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.org/a/story?fbclid=x&b=2&a=1",
        "https://amp.example.org/a/story/?a=1&b=2",
        "https://example.org/a/story/amp?b=2&a=1&ref=rss",
        "https://www.google.com/amp/s/example.org/a/story%3Fa=1&b=2".replace("%3F", "?"),
        "https://example-org.cdn.ampproject.org/c/s/example.org/a/story?a=1&b=2",
        "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fexample.org%2Fa%2Fstory%3Fa%3D1%26b%3D2",
    ],
)
def test_ways_to_an_article_share_its_identity(other: str) -> None:
    assert identity(other) == identity("http://example.org/a/story?a=1&b=2")


def test_different_documents_keep_different_identities() -> None:
    assert identity("https://example.org/story?id=1") != identity("https://example.org/story?id=2")
    assert identity("https://example.org/ref?source=ada") != identity("https://example.org/ref")


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://www.facebook.com/dialog/share?app_id=1&href=https%3A%2F%2Fexample.org%2Fa",
        "whatsapp://send?text=Title%20-%20https%3A%2F%2Fexample.org%2Fa",
        "https://web.whatsapp.com/send?text=Title+-+https%3A%2F%2Fexample.org%2Fa",
        "https://x.com/intent/tweet?url=https%3A%2F%2Fexample.org%2Fa&via=X",
        "https://www.google.com/url?rct=j&url=https://example.org/a&ct=ga",
        "https://service.weibo.com/share/share.php?title=x&url=https%3A%2F%2Fexample.org%2Fa",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fexample.org%252Fa",
    ],
)
def test_share_and_redirect_links_are_unwrapped(wrapped: str) -> None:
    assert unwrap(wrapped) == "https://example.org/a"


def test_only_share_links_count_as_sharing() -> None:
    assert is_share_link("https://www.facebook.com/sharer.php?u=https%3A%2F%2Fexample.org%2F")
    assert is_share_link("whatsapp://send?text=x")
    assert not is_share_link("https://www.facebook.com/somebody/posts/1")
    assert not is_share_link("https://www.google.com/url?q=https://example.org/")
    assert not is_share_link("http://[broken")


def test_trackers_go_and_the_rest_stays_byte_for_byte() -> None:
    url = "https://example.org/a?utm_source=x&q=%e4&gclid=1#frag"
    assert strip_trackers(url) == "https://example.org/a?q=%e4#frag"
    assert strip_trackers("https://example.org/a?fbclid=1") == "https://example.org/a"


def test_links_of_a_page_become_absolute_or_nothing() -> None:
    assert absolute("../b#n", "https://example.org/a/c") == "https://example.org/b#n"
    assert absolute("javascript:alert(1)", "https://example.org/") is None
    assert absolute("http://[broken", "https://example.org/") is None


@pytest.mark.parametrize(
    ("link", "base", "address"),
    [
        ("https://ada:hunter2@news.example/a?b#c", None, "https://news.example/a?b#c"),
        ("https://ada@news.example:8443/", None, "https://news.example:8443/"),
        ("/a", "https://ada:hunter2@news.example/b", "https://news.example/a"),
        ("//ada:hunter2@bücher.example/%7Ea", "https://x.example/", "https://xn--bcher-kva.example/~a"),
        ("https://news.example/@ada:x@y", None, "https://news.example/@ada:x@y"),
    ],
)
def test_links_lose_the_login_in_them(link: str, base: str | None, address: str) -> None:
    assert absolute(link, base) == address


def test_what_hides_behind_a_wrapper_loses_its_login() -> None:
    assert (
        unwrap("https://l.facebook.com/l.php?u=https://ada:hunter2@news.example/a")
        == "https://news.example/a"
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://ada:hunter2@news.example/x", "https://news.example/x"),
        ("ada:hunter2@news.example/x", "news.example/x"),
        ("https://ada:hun/ter2@news.example/x", "https://news.example/x"),
        ("https://ada:p@ss@news.example/a@b", "https://news.example/a@b"),
        ("feed://ada:hunter2@news.example", "feed://news.example"),
        ("https://news.example/@user/x", "https://news.example/@user/x"),
        ("https://news.example:8080/@user", "https://news.example:8080/@user"),
        ("https://[::1]:8080/@x", "https://[::1]:8080/@x"),
        ("https://news.example/?mail=a:b@c", "https://news.example/?mail=a:b@c"),
    ],
)
def test_an_address_is_shown_without_its_login(written: str, shown: str) -> None:
    assert without_login(written) == shown


@pytest.mark.parametrize(
    "text", ["a:" * 4_000_000, "/" * 4_000_000 + "@", "http://" + "a:" * 4_000_000 + "@"]
)
def test_a_long_address_is_shown_soon(text: str) -> None:
    with pytest.raises(InvalidURL):
        normalise(text)


def test_no_error_shows_the_login_of_an_address_in_its_words() -> None:
    words = "https://ada:hunter2@news.example/x is no feed; see https://news.example/@ada."
    error = UnabridgedError(words)
    assert str(error) == "https://news.example/x is no feed; see https://news.example/@ada."


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.bbc.co.uk/x", "bbc.co.uk"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
        ("https://co.uk/", "co.uk"),
        ("https://www.blog.kawasaki.jp/", "www.blog.kawasaki.jp"),
        ("https://www.city.kawasaki.jp/", "city.kawasaki.jp"),
        ("https://ann.github.io/", "github.io"),
        ("https://news.example.invented-ending/", "news.example.invented-ending"),
        ("https://www.食狮.公司.cn/", "食狮.公司.cn"),
        ("https://www.xn--85x722f.xn--55qx5d.cn/", "xn--85x722f.xn--55qx5d.cn"),
        ("https://www.example。中国/", "example.中国"),
        ("https://a.xn--\u00fc.org/", "xn--\u00fc.org"),
        ("https://a..b.org/", "a..b.org"),
    ],
)
def test_registrable_domains_follow_the_public_suffix_list(url: str, domain: str) -> None:
    """The official part of the list, in either spelling of international names; without it the host."""
    assert registrable_domain(url) == domain


def test_a_readable_address_shows_its_own_script() -> None:
    assert readable("https://example.org/%E4%B8%AD") == "https://example.org/中"
