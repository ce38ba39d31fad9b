"""Secrets that go with a request: headers and passwords of one feed, a reader's own cookies for a site.

Pure. Credentials carry the origin that they belong to, and the client asks for those of each address that
it is about to ask: whoever asks for a page cannot say where a secret goes. A cookie is bound to its site,
goes over https alone, and is not sent when another host redirected us there.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from unabridged.config import FeedSettings
from unabridged.errors import ConfigError, FetchRefused
from unabridged.fetch.ip_ranges import read_address
from unabridged.fetch.ssrf_guard import Target, check_url, origin_of, parse_allowance
from unabridged.urls import registrable_domain

_ANYWHERE = parse_allowance(("0.0.0.0/0", "::/0"))
"""For reading an address that is not asked: whether it may be is judged when it is."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8000}")
_OURS = frozenset(
    """
    host connection content-length transfer-encoding te trailer upgrade keep-alive accept-encoding
    if-none-match if-modified-since if-range range expect proxy-authorization proxy-connection user-agent
    """.split()
)
"""Headers that the client itself must know the meaning of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Headers for one origin alone. origin: an address of it."""

    origin: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)

    def belong_to(self, target: Target) -> bool:
        """Say whether a target has the origin that these are for: scheme, host and port."""
        try:
            return origin_of(self.origin) == target.origin
        except FetchRefused:
            return False

    def headers_for(self, target: Target) -> dict[str, str]:
        """Return the headers where a target is of their origin, nothing for any other."""
        return dict(self.headers) if self.belong_to(target) else {}


def feed_credentials(own: FeedSettings) -> Credentials | None:
    """Return what a feed's settings hold for one origin; None where they hold nothing, or name none."""
    if own.origin is None or not own.has_secrets:
        return None
    headers = dict(own.headers)
    if own.username is not None or own.password is not None:
        pair = f"{own.username or ''}:{own.password or ''}".encode()
        headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    return Credentials(origin=own.origin, headers=tuple(headers.items()))


def rule_cookie(url: str, cookie: str | None) -> Credentials | None:
    """Return the cookie of a site rule, bound to the origin of a page's address; over https alone.

    A rule names a host without a scheme or port, so that only the usual port of https is meant.
    """
    if not cookie:
        return None
    try:
        scheme, _, port = origin_of(url)
    except FetchRefused:
        return None
    usual = scheme == "https" and port == 443
    return Credentials(origin=url, headers=(("Cookie", cookie),)) if usual else None


def keeps_secrets(url: str) -> bool:
    """Say whether nobody on the way reads what is sent to an address: https, or this machine itself."""
    try:
        scheme, host, _ = origin_of(url)
    except FetchRefused:
        return False
    address = read_address(host)
    return scheme == "https" or host == "localhost" or (address is not None and address.is_loopback)


def cookie_for(target: Target, cookies: Mapping[str, str]) -> str | None:
    """Return the cookie of a target's site, None where there is none for it."""
    if not cookies:
        return None
    exact = cookies.get(f"{target.scheme}://{target.host}:{target.port}")
    if exact is not None or target.scheme != "https" or target.port != 443:
        return exact
    name = target.host
    while name:
        if name in cookies:
            return cookies[name]
        name = name.partition(".")[2]
    return None


def has_cookie(url: str, cookies: Mapping[str, str]) -> bool:
    """Say whether a cookie would go to an address. Raises FetchRefused where it is none."""
    return cookie_for(check_url(url, _ANYWHERE), cookies) is not None


def cookie_site(text: str) -> str:
    """Return the site that a person means, as cookies are kept under it.

    A name ("example.org", "www.example.org") is a site with its subdomains, over https. An address with
    another scheme or port than https is that one origin. Raises FetchRefused.
    """
    target = check_url(text if "://" in text else f"https://{text}", _ANYWHERE)
    if target.scheme != "https" or target.port != 443 or target.address is not None:
        return f"{target.scheme}://{target.host}:{target.port}"
    bare = target.host.removeprefix("www.")
    return bare if "." in bare and registrable_domain(f"https://{bare}/") == _domain(target) else target.host


def _domain(target: Target) -> str:
    return registrable_domain(f"https://{target.host}/")


def check_header(name: str, value: str) -> tuple[str, str]:
    """Return a header that may be sent. Raises ConfigError saying why not."""
    if not _TOKEN.fullmatch(name):
        raise ConfigError(f"{name!r} is no name of a header: letters, digits and hyphens.")
    if name.lower() in _OURS:
        raise ConfigError(f"The header {name} is set by the program itself.")
    if not _VALUE.fullmatch(value):
        raise ConfigError(f"The value of the header {name} holds characters that no header may hold.")
    return name, value.strip()
