"""Addresses that are not on the public internet, and every notation of an address."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.fetch.ip_ranges import ends_in_number, not_public, read_address, read_any_ipv4

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


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("100.64.0.1", "carrier-grade NAT"),
        ("168.63.129.16", "cloud provider's"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("64:ff9b::a00:1", "private"),
        ("2600::5efe:a00:1", "private"),
        ("4000::1", "reserved"),
    ],
)
def test_the_reason_is_named(address: str, why: str) -> None:
    assert not_public(ip_address(address)) == why


@pytest.mark.parametrize(
    "host", ["1.2.3.4.5", "256.1.1.1", "1.16777216", "0x1g", "08", "", "1..2", "4294967296"]
)
def test_what_no_library_reads_as_an_address_is_none(host: str) -> None:
    assert read_any_ipv4(host) is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [("news.example", False), ("news.0x7f", True), ("127.1", True), ("news.0xzz", False), ("a.٣", True)],
)
def test_a_host_that_ends_in_a_number_is_an_address_to_browsers(host: str, expected: bool) -> None:
    assert ends_in_number(host) is expected


def test_an_address_with_a_scope_is_no_address_of_the_internet() -> None:
    assert read_address("fe80::1%eth0") is None
    assert read_address("2606:2800:21f:cb07::1") == ip_address("2606:2800:21f:cb07::1")
