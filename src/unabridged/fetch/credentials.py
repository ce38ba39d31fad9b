"""Which secrets go with a request: headers and passwords of one feed, a reader's own cookies for a site.

Pure. A feed's secrets are bound to the origin that was asked first; a cookie is bound to its site, goes
over https alone, and is not sent when another host redirected us there.
"""

import re
from base64 import b64encode
from collections.abc import Mapping

from unabridged.config import FeedSettings
from unabridged.errors import ConfigError
from unabridged.fetch.ssrf_guard import Target, check_url, parse_allowance
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


def feed_secrets(own: FeedSettings) -> dict[str, str]:
    """Return the headers that go to a feed's own origin alone."""
    headers = dict(own.headers)
    if own.username is not None or own.password is not None:
        pair = f"{own.username or ''}:{own.password or ''}".encode()
        headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    return headers


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
