"""Resolve the URLs of links and pictures quickly."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.text.patterns import lazy_regex

_PLAIN = r"[\w.~/+,:@!$'()*=&-]"
_QUERY = rf"(?:\?{_PLAIN}+)?"
_IN_ORDER = lazy_regex(rf"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/{_PLAIN}*{_QUERY}", re.ASCII)
"""A URL that is in normal form already: nothing to decode."""
_FROM_ROOT = lazy_regex(rf"/[\w~-]{_PLAIN}*{_QUERY}", re.ASCII)


def check_url(url: str | None) -> None:
    """Raise InvalidURL for a page's URL that cannot be parsed ("http://[")."""
    try:
        urlsplit(url or "")
    except ValueError as error:
        raise InvalidURL(url or "", urls.reason(url or "", error)) from error


@lru_cache(maxsize=4096)
def resolve(url: str, base: str | None) -> str | None:
    """Return a link's URL as `urls.absolute` does; the plainest forms without parsing."""
    if len(url) < 2000 and "/." not in url:
        if _IN_ORDER.fullmatch(url):
            return url
        if base is not None and _FROM_ROOT.fullmatch(url) and (origin := _origin(base)):
            return origin + url
    return urls.absolute(url, base)


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    """Return scheme and host of a URL in normal form, None for any other."""
    match = re.match(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=/|$)", base)
    return match[0] if match else None


def destination(url: str, base: str | None) -> str | None:
    """Return the destination of a link: absolute, redirectors and share links unwrapped, trackers removed."""
    address = resolve(url, base)
    if address is None or ("?" not in address and "amp" not in address):
        return address
    return urls.strip_trackers(urls.unwrap(address))
