"""Proxy of a request, and a guard that connects to that proxy only."""

from yarl import URL

from unabridged.config import FetchSettings
from unabridged.errors import ConfigError
from unabridged.fetch.connection_guard import ConnectionGuard
from unabridged.fetch.ssrf_guard import parse_allowance, without_credentials

DIRECT = "direct"
"""Value of a feed's proxy setting that means no proxy."""


def select_proxy(settings: FetchSettings, own: str | None) -> str | None:
    """Return the proxy that a request goes through: the feed's own, else that of the settings."""
    if own == DIRECT:
        return None
    return own or settings.proxy


def proxy_guard(proxy: str) -> ConnectionGuard:
    """Let connections to the proxy through; the user named it, and it is often in a private network.

    Raises ConfigError.
    """
    try:
        url = URL(proxy)
        known = url.scheme in ("http", "https") and url.host and url.port
    except ValueError:
        known = None
    if not known or not url.host:
        shown = without_credentials(proxy)
        raise ConfigError(f"{shown!r} is no proxy; it must look like http://proxy.example:3128.")
    host = f"[{url.host}]" if ":" in url.host else url.host
    guard = ConnectionGuard(parse_allowance((f"{host}:{url.port}",)), frozenset())
    guard.grant(url.host, url.port or 0)
    return guard
