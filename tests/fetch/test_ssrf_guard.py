"""The address guard: every way to write an inner address that we know of, and what must stay possible."""

from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.errors import ConfigError, FetchRefused
from unabridged.fetch.ip_ranges import not_public, read_any_ipv4
from unabridged.fetch.ssrf_guard import (
    NOTHING_ALLOWED,
    check_addresses,
    check_connection,
    check_url,
    parse_allowance,
    without_credentials,
)

REFUSED = Path(__file__).with_name("refused-urls.txt").read_text(encoding="utf-8").splitlines()

CONTROLS = [
    "",
    " http://news.example/",
    "\thttp://news.example/",
    "http://news.example/\r\nX: y",
    "http://news.example/a b",
    "http://news.exam\tple/",
    "http://127.0.0.1\t/",
    "http://news.example\x00/",
    "http://\u202enews.example/",
    "http://news.example\u2028/",
    "http://\ud800.example/",
    "http://news.example/\ud800",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 127 + "example/",
    "http://news.example/" + "a" * 9000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_inner_or_malformed_address_is_refused_before_any_name_is_resolved(url: str) -> None:
    with pytest.raises(FetchRefused):
        check_url(url)


@pytest.mark.parametrize("url", CONTROLS, ids=range(len(CONTROLS)))
def test_control_characters_and_monsters_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as refusal:
        check_url(url)
    assert len(str(refusal.value)) < 1500
    assert "\r" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://news.example/feed.xml", "http://news.example/feed.xml"),
        ("HTTPS://News.Example/Feed?A=b#part", "https://news.example/Feed?A=b"),
        ("https://news.example.:443", "https://news.example/"),
        ("http://news.example:8080/x", "http://news.example:8080/x"),
        ("http://news.example:/x", "http://news.example/x"),
        ("https://bücher.example/rss", "https://xn--bcher-kva.example/rss"),
        ("https://日本語。example/", "https://xn--wgv71a119e.example/"),
        ("http://r3---sn-a.news.example/", "http://r3---sn-a.news.example/"),
        ("http://my_feed.news.example/", "http://my_feed.news.example/"),
        ("http://1.1.1.1./", "http://1.1.1.1/"),
        ("http://0x5d.184.215.14/", "http://93.184.215.14/"),
        ("http://[2606:2800:21F:CB07::8B2C]:8443/", "http://[2606:2800:21f:cb07::8b2c]:8443/"),
        ("http://[64:ff9b::93.184.215.14]/", "http://[64:ff9b::5db8:d70e]/"),
        ("feed://news.example/rss", "http://news.example/rss"),
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("https://news.example/日本/a%20b", "https://news.example/%E6%97%A5%E6%9C%AC/a%20b"),
        ("https://news.example/a\\b", "https://news.example/a/b"),
        ("https://news.example?q=é@x", "https://news.example/?q=%C3%A9@x"),
        ("https://news.example/@author", "https://news.example/@author"),
        ("https://localhost.example/", "https://localhost.example/"),
        ("https://internal.example.com/", "https://internal.example.com/"),
    ],
)
def test_a_public_address_is_asked_in_its_one_normal_reading(url: str, asked: str) -> None:
    assert check_url(url).url == asked


PRIVATE = """
0.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 168.63.129.16
169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.9 192.0.2.255 192.88.99.1 192.168.0.0 198.18.0.0
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:20::1
2001:1ff:ffff::1 2001:db8::1 2002:7f00:1:: 3ffe::1 3fff::1 5f00::1 fc00::1 fdff::1 fe80::1 febf::1 fec0::1
ff02::1
""".split()

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.215.14 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:2800:21f:cb07::1 2001:200::1 2001:4860:4860::8888 2400::1 2a00:1450:4001::1 64:ff9b::808:808
""".split()


def test_the_edges_of_every_special_network_are_known() -> None:
    assert [text for text in PRIVATE if not_public(ip_address(text)) is None] == []
    assert [text for text in PUBLIC if not_public(ip_address(text)) is not None] == []


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_hidden_in_nat64_is_judged_as_itself(address: IPv4Address) -> None:
    inside = ip_address("64:ff9b::" + str(address))
    assert (not_public(inside) is None) == (not_public(address) is None)


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_every_notation_of_an_ipv4_address_is_read_alike(address: IPv4Address) -> None:
    number = int(address)
    first, second, third, fourth = address.packed
    forms = [
        str(number),
        hex(number),
        "0" + oct(number)[2:],
        f"{first}.{number & 0xFFFFFF}",
        f"{first}.{second}.{third * 256 + fourth}",
        f"{first:#x}.{second:#o}.{third}.{fourth}".replace("0o", "0"),
    ]
    assert {read_any_ipv4(form) for form in forms} == {address}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_either_refused_or_becomes_a_plain_ascii_address(text: str) -> None:
    for url in (text, "http://" + text, "http://news.example" + text):
        try:
            target = check_url(url)
        except FetchRefused:
            continue
        assert target.url.isascii()
        assert target.url.startswith(
            (f"{target.scheme}://{target.host}", f"{target.scheme}://[{target.host}]")
        )
        assert check_url(target.url) == target


def test_one_refused_address_refuses_the_whole_answer() -> None:
    target = check_url("http://news.example/")
    check_addresses(target, ["93.184.215.14", "2606:2800:21f:cb07::1"])
    for mixed in (["93.184.215.14", "10.0.0.1"], ["::1", "93.184.215.14"], ["93.184.215.14", "fe80::1%eth0"]):
        with pytest.raises(FetchRefused, match=r"news\.example resolves to"):
            check_addresses(target, mixed)


def test_our_own_public_address_is_refused() -> None:
    own = frozenset((ip_address("93.184.215.14"),))
    with pytest.raises(FetchRefused, match="of this machine"):
        check_addresses(check_url("http://news.example/"), ["93.184.215.14"], NOTHING_ALLOWED, own)
    assert check_connection("93.184.215.14", NOTHING_ALLOWED, own) is not None


def test_a_host_with_port_is_allowed_at_that_port_alone() -> None:
    allow = parse_allowance(("localhost:8000", "[::1]:9000", "10.0.0.7:6379"))
    assert check_url("http://localhost:8000/", allow).trusted
    assert check_url("http://[::1]:9000/", allow).trusted
    assert check_url("http://10.0.0.7:6379/", allow).trusted
    for url in ("http://localhost/", "http://[::1]/", "http://10.0.0.7/", "http://a.localhost:8000/"):
        with pytest.raises(FetchRefused):
            check_url(url, allow)


def test_an_allowed_network_admits_its_addresses_and_local_names_within_it_only() -> None:
    allow = parse_allowance(("192.168.1.0/24", "::1"))
    assert check_url("http://192.168.1.9/", allow).address == ip_address("192.168.1.9")
    assert check_url("http://[::1]:8000/", allow)
    with pytest.raises(FetchRefused):
        check_url("http://192.168.2.9/", allow)
    printer = check_url("http://printer.local/", allow)
    check_addresses(printer, ["192.168.1.9"], allow)
    for elsewhere in ("192.168.2.9", "93.184.215.14"):
        with pytest.raises(FetchRefused):
            check_addresses(printer, [elsewhere], allow)


def test_an_allowed_name_does_not_open_its_address_to_other_names() -> None:
    allow = parse_allowance(("wiki.corp",))
    check_addresses(check_url("http://wiki.corp/", allow), ["10.0.0.8"], allow)
    with pytest.raises(FetchRefused):
        check_addresses(check_url("http://evil.example/", allow), ["10.0.0.8"], allow)


@pytest.mark.parametrize(
    "entry", ["", "http://localhost", "a b", "user@host", "host:port", "host:1:2", "10.0.0.0/99"]
)
def test_an_unreadable_allowance_is_a_setting_error(entry: str) -> None:
    with pytest.raises(ConfigError, match="allow_private"):
        parse_allowance((entry,))


def test_credentials_never_reach_a_message_or_a_record() -> None:
    with pytest.raises(FetchRefused) as refusal:
        check_url("https://user:hunter2@news.example/feed")
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in refusal.value.url
    assert without_credentials("http://a:b@c@d.example/x@y") == "http://d.example/x@y"


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(FetchRefused, match=r"Add 10\.0\.0\.5:8080 to allow_private under \[fetch\]"):
        check_url("http://10.0.0.5:8080/")
