"""The address guard: which URL may be asked, and which address may be connected to.

Pure. Every request passes it twice: `check_url` before a name is resolved, `check_addresses` on the
whole answer of the resolver (one refused address refuses all), and the connector asks
`check_connection` again for the one address that it is about to dial. The only way round is the
allow-list of the settings.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import NoReturn
from urllib.parse import quote, unquote_to_bytes

import idna

from unabridged.errors import ConfigError, FetchRefused, without_login
from unabridged.fetch.ip_ranges import (
    Address,
    Network,
    ends_in_number,
    not_public,
    read_address,
    read_any_ipv4,
)
from unabridged.text.patterns import lazy_regex

MAX_URL_CHARACTERS = 8192
"""As `unabridged.urls`; servers answer 414 beyond this."""

_DEFAULT_PORTS = {"http": 80, "https": 443}

_SERVICE_PORTS = frozenset(
    int(port)
    for port in """
    1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
    1433 1521 2375 2376 2379 2380 3306 3389 5432 5672 5900 5984 6379 6380 8500 9042
    9092 9200 9300 10250 10255 11211 27017 27018
    """.split()
)
# The first row is https://fetch.spec.whatwg.org/#port-blocking from 1024 up; then databases,
# caches and consoles.
"""Ports above 1023 behind which no feed lives, but something that takes orders may."""

_LOCAL_NAMES = frozenset(
    """
    localhost localdomain local internal intranet private corp home lan svc onion i2p alt invalid
    home.arpa
    """.split()
)
"""Names that are resolved on the spot, if at all (RFC 6761, 6762, 7686, 8375, 9476, ICANN's list)."""

_PLAIN_HOST = lazy_regex(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_CONTROLS = lazy_regex(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_FEED_SCHEME = lazy_regex(r"feed:(?:(?=https?:)|//)", re.IGNORECASE)
_SPLIT = lazy_regex(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_PATH_SAFE = "/?%:@!$&'()*+,;=~-._[]|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Hosts (port None: any) and networks that the settings exempt from the guard."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[Network, ...] = ()

    def names(self, host: str, port: int) -> bool:
        """Say whether a host was allowed by its name (or its literal address)."""
        return (host, port) in self.hosts or (host, None) in self.hosts

    def holds(self, address: Address) -> bool:
        """Say whether an address lies in an allowed network."""
        return any(address in network for network in self.networks)


NOTHING_ALLOWED = Allowance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that passed `check_url`, in the one reading that is then used to connect.

    url: ASCII, without fragment. host: ASCII, lower case, no trailing dot; an address in its usual
    notation without brackets. trusted: the allow-list names this host. local: a name that may only
    resolve into an allowed network.
    """

    url: str
    scheme: str
    host: str
    port: int
    trusted: bool = False
    local: bool = False
    address: Address | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials are bound to."""
        return self.scheme, self.host, self.port


def parse_allowance(entries: Iterable[str]) -> Allowance:
    """Read the setting allow_private: host, host:port, address or CIDR. Raises ConfigError."""
    hosts: set[tuple[str, int | None]] = set()
    networks: list[Network] = []
    for entry in entries:
        text = entry.strip().lower()
        bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        try:
            networks.append(ip_network(bare, strict=False))
        except ValueError:
            hosts.add(_read_host_entry(text, entry))
    return Allowance(hosts=frozenset(hosts), networks=tuple(networks))


def _read_host_entry(text: str, entry: str) -> tuple[str, int | None]:
    matched = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^\s:/@\[\]]+)(?::(\d{1,5}))?", text)
    if matched is None:
        raise ConfigError(
            f"[fetch] allow_private has the entry {entry!r}, which is neither a host, host:port, "
            "an address nor a network such as 10.0.0.0/8."
        )
    host = matched[1].strip("[]").rstrip(".")
    address = read_address(host)
    return (str(address) if address else host), int(matched[2]) if matched[2] else None


def check_url(url: str, allow: Allowance = NOTHING_ALLOWED) -> Target:
    """Return the target of a URL, or raise FetchRefused saying why it is not asked.

    Names are not resolved here; an address written in any notation is judged at once.
    """
    if len(url) > MAX_URL_CHARACTERS:
        _refuse(url[:60] + "…", f"The address is longer than {MAX_URL_CHARACTERS:,} characters")
    if _CONTROLS.search(url):
        _refuse(url, "The address contains spaces or control characters")
    matched = _SPLIT.match(_FEED_SCHEME.sub(lambda m: "" if m[0][-1] == ":" else "http://", url, count=1))
    if matched is None:
        _refuse(url, "Only addresses beginning http:// or https:// are fetched")
    scheme, authority, rest = matched[1].lower(), matched[2], matched[3]
    if "@" in authority:
        _refuse(url, "User names and passwords inside an address are not sent; give them in the settings")
    host_text, port = _split_port(url, authority, scheme)
    host = canonical_host(url, host_text)
    target = _target(url, scheme, host, port, rest, allow)
    _check_port(target)
    _check_name(target, allow)
    return target


def origin_of(url: str) -> tuple[str, str, int]:
    """Return the origin of an address that need not be allowed, as `Target.origin` does.

    Raises FetchRefused where it has none, or holds credentials.
    """
    matched = _SPLIT.match(url)
    if matched is None or "@" in matched[2]:
        _refuse(url, "It is no address beginning http:// or https://")
    scheme = matched[1].lower()
    host_text, port = _split_port(url, matched[2], scheme)
    return scheme, canonical_host(url, host_text), port


def _split_port(url: str, authority: str, scheme: str) -> tuple[str, int]:
    matched = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::([0-9]{0,5}))?", authority)
    if matched is None:
        _refuse(url, "The address has no readable host and port")
    port = int(matched[2]) if matched[2] else _DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65535:
        _refuse(url, f"Port {port} does not exist")
    return matched[1], port


def canonical_host(url: str, text: str) -> str:
    """Return the one reading of a host: ASCII, lower case, numbers as an address.

    url: for the message. Raises FetchRefused where there is no reading.
    """
    if text.startswith("["):
        address = read_address(text[1:-1])
        if address is None or address.version != 6:
            _refuse(url, "The part in brackets is not an IPv6 address")
        return str(address)
    name = _ascii_name(url, text).removesuffix(".")
    if not _PLAIN_HOST.fullmatch(name) or len(name) > 253:
        _refuse(url, "The host is not a valid name")
    if ends_in_number(name):
        number = read_any_ipv4(name)
        if number is None:
            _refuse(url, "The host ends in a number, but is not an IP address")
        return str(number)
    return name


def _ascii_name(url: str, text: str) -> str:
    if text.isascii() and "%" not in text:
        return text.lower()
    try:
        decoded = unquote_to_bytes(text).decode()
        mapped = idna.uts46_remap(decoded, std3_rules=False)
        labels = [label if label.isascii() else idna.alabel(label).decode() for label in mapped.split(".")]
    except (UnicodeError, ValueError):  # idna.IDNAError is a UnicodeError
        _refuse(url, "The host is not a valid international name")
    return ".".join(labels).lower()


def _target(url: str, scheme: str, host: str, port: int, rest: str, allow: Allowance) -> Target:
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port == _DEFAULT_PORTS[scheme] else f"{shown}:{port}"
    path, mark, query = rest.partition("?")
    try:
        path = quote(path.replace("\\", "/"), safe=_PATH_SAFE, errors="surrogateescape") or "/"
        query = quote(query, safe=_PATH_SAFE, errors="surrogateescape")
    except UnicodeEncodeError:
        _refuse(url, "The address contains halves of characters")
    return _at_host(f"{scheme}://{netloc}{path}{mark}{query}", scheme, host, port, allow)


def _at_host(url: str, scheme: str, host: str, port: int, allow: Allowance) -> Target:
    address = read_address(host)
    return Target(
        url=url,
        scheme=scheme,
        host=host,
        port=port,
        trusted=allow.names(host, port),
        local=address is None and is_local_name(host),
        address=address,
    )


def is_local_name(host: str) -> bool:
    """Say whether a host name can only mean something of a local network."""
    return "." not in host or any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES)


def connection_target(host: str, port: int, allow: Allowance = NOTHING_ALLOWED) -> Target:
    """Return the target that a connector means, of which only host and port are known."""
    name = host.removesuffix(".").lower()
    return _at_host(f"{name}:{port}", "", name, port, allow)


def _check_port(target: Target) -> None:
    if target.trusted or target.port in _DEFAULT_PORTS.values():
        return
    if target.port < 1024 or target.port in _SERVICE_PORTS:
        _refuse(target.url, f"Port {target.port} belongs to another kind of service", allow=target)


def _check_name(target: Target, allow: Allowance) -> None:
    if target.trusted:
        return
    if target.address is not None:
        check_addresses(target, (target.address,), allow)
    elif target.local and not allow.networks:
        _refuse(target.url, f"{target.host} is a name of a local network", allow=target)


def check_addresses(
    target: Target,
    addresses: Iterable[Address | str],
    allow: Allowance = NOTHING_ALLOWED,
    own: frozenset[Address] = frozenset(),
) -> None:
    """Raise FetchRefused unless every address that a host resolved to may be connected to.

    own: addresses of this machine; a public one among them would make us fetch ourselves.
    """
    if target.trusted:
        return
    for item in addresses:
        why = _why_refused(item, target.local, allow, own)
        if why is not None:
            words = f"It is {why}" if target.address else f"{target.host} resolves to {why}"
            _refuse(target.url, words, allow=target)


def check_connection(address: str, allow: Allowance, own: frozenset[Address] = frozenset()) -> str | None:
    """Say why the connector must not dial an address, None when it may; knows no host name."""
    return _why_refused(address, False, allow, own)


def _why_refused(item: Address | str, local: bool, allow: Allowance, own: frozenset[Address]) -> str | None:
    address = read_address(item) if isinstance(item, str) else item
    if address is None:
        return f"{item}, which is no plain IP address"
    if allow.holds(address):
        return None
    if local:
        return f"{address}, although its name is one of a local network"
    if address in own:
        return f"{address}, an address of this machine"
    kind = not_public(address)
    return f"the {kind} address {address}" if kind else None


def _refuse(url: str, why: str, *, allow: Target | None = None) -> NoReturn:
    shown = without_credentials(url)
    advice = ""
    if allow is not None:
        where = f"[{allow.host}]" if ":" in allow.host else allow.host
        advice = f" Add {where}:{allow.port} to allow_private under [fetch] if you meant it."
    raise FetchRefused(shown, f"{shown} is not fetched: {why[0].lower() + why[1:]}.{advice}")


def without_credentials(url: str) -> str:
    """Return a URL fit for messages and records: no user name, no password, no control characters."""
    return _CONTROLS.sub("\ufffd", without_login(url))[:500]
