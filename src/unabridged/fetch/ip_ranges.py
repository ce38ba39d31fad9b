"""IP address ranges that are not part of the public internet.

Written out from the IANA special-purpose registries
(https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry), because `ipaddress.is_global` of
Python 3.11 calls multicast, 6to4, NAT64 of a private address and others global.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud provider's"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_GLOBAL_6 = IPv6Network("2000::/3")

_REFUSED_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("2001::/23", "tunnel or protocol"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "reserved"),
        ("3ffe::/16", "withdrawn test"),
        ("3fff::/20", "documentation"),
    )
)

_NAMED_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::1/128", "loopback"),
        ("::/128", "unspecified"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
    )
)

_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)


def not_public(address: Address) -> str | None:
    """Say in a word or two why an address is not on the public internet; None when it is."""
    if isinstance(address, IPv4Address):
        return _named(address, _REFUSED_4)
    if address in _NAT64:
        # On a network with IPv6 alone every IPv4 site looks like this; what counts is inside.
        return not_public(_low_ipv4(address))
    if address not in _GLOBAL_6:
        return _named(address, _NAMED_6) or "reserved"
    named = _named(address, _REFUSED_6)
    if named is None and (int(address) >> 32) & 0xFFFFFFFF in _ISATAP_MARKS:
        return not_public(_low_ipv4(address))
    return named


def _named(address: Address, table: tuple[tuple[Network, str], ...]) -> str | None:
    return next((name for network, name in table if address in network), None)


def _low_ipv4(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)


def read_address(text: str) -> Address | None:
    """Read an address in its usual notation (a scope such as %eth0 is no part of it), else None."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def ends_in_number(host: str) -> bool:
    """Say whether browsers would read this host as an IPv4 address (https://url.spec.whatwg.org/#ends-in-a-number-checker)."""
    last = host.rpartition(".")[2]
    return last.isdecimal() or _is_hex(last)


def read_any_ipv4(host: str) -> IPv4Address | None:
    """Read an IPv4 address as a C library would: short, octal, hexadecimal or one big number.

    None where it is none (five parts, a part too large, letters): such a host is invalid.
    """
    parts = host.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    *heads, tail = [number for number in numbers if number is not None]
    if any(head > 255 for head in heads) or tail >= 256 ** (4 - len(heads)):
        return None
    total = tail
    for place, head in enumerate(heads):
        total += head << (8 * (3 - place))
    return IPv4Address(total)


def _is_hex(part: str) -> bool:
    return part.startswith("0x") and all(digit in "0123456789abcdef" for digit in part[2:])


def _number(part: str) -> int | None:
    if not part or len(part) > 64:
        return None
    if _is_hex(part):
        return int(part[2:] or "0", 16)
    if not (part.isascii() and part.isdecimal()):
        return None
    if part != "0" and part.startswith("0"):
        return int(part, 8) if all(digit in "01234567" for digit in part) else None
    return int(part)
