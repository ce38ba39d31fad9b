"""Where the links and pictures of a page lead, worked out quickly."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.errors import InvalidURL

_IN_ORDER = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w.~/-]*", re.ASCII)
"""An address that is in normal form already: nothing to decode, no query."""
_FROM_ROOT = re.compile(r"/[\w~-][\w.~/-]*", re.ASCII)


def check_url(url: str | None) -> None:
    """Raise InvalidURL for a page's address that cannot even be taken apart ("http://[")."""
    try:
        urlsplit(url or "")
    except ValueError as error:
        raise InvalidURL(url or "", str(error)) from error


@lru_cache(maxsize=4096)
def resolve(url: str, base: str | None) -> str | None:
    """Return a page's link as `urls.absolute` does; the plainest forms without parsing."""
    if len(url) < 2000 and "/." not in url:
        if _IN_ORDER.fullmatch(url):
            return url
        if base is not None and _FROM_ROOT.fullmatch(url) and (origin := _origin(base)):
            return origin + url
    return urls.absolute(url, base)


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    """Scheme and host of an address in normal form, None for any other."""
    match = re.match(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=/|$)", base)
    return match[0] if match else None


def destination(url: str, base: str | None) -> str | None:
    """Return where a link really leads: absolute, redirectors and share links opened, trackers off."""
    address = resolve(url, base)
    if address is None or ("?" not in address and "amp" not in address):
        return address
    return urls.strip_trackers(urls.unwrap(address))
