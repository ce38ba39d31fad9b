"""Connections: one guarded pool for each way out, directly or through a proxy."""

import ssl
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver

from unabridged.config import FetchSettings
from unabridged.errors import ConfigError
from unabridged.fetch.connection_guard import ConnectionGuard
from unabridged.fetch.guarded_sockets import GuardedResolver, SocketFactory, guarded_sockets
from unabridged.fetch.proxies import proxy_guard
from unabridged.fetch.response_limits import BoundedConnector

MAX_HEADER_BYTES = 65536
"""For one header line: real sites send Content-Security-Policy lines of 20 KB."""

MOST_CONNECTIONS = 512


class Sessions:
    """Opens a session for a proxy when it is first needed; `close` ends them all.

    Directly, the guard judges every address; through a proxy, the proxy is the only machine that we
    connect to, and nobody else may be it.
    """

    def __init__(
        self,
        settings: FetchSettings,
        resolver: AbstractResolver,
        guard: ConnectionGuard,
        socket_factory: SocketFactory,
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._connection_guard = guard
        self._socket_factory = socket_factory
        self._trust = trust(settings.ca_file)
        self._open: dict[str | None, aiohttp.ClientSession] = {}

    def through(self, proxy: str | None) -> aiohttp.ClientSession:
        """Return the session that goes through a proxy, or directly."""
        session = self._open.get(proxy)
        if session is None:
            session = self._open[proxy] = self._session(proxy)
        return session

    def _session(self, proxy: str | None) -> aiohttp.ClientSession:
        guard = proxy_guard(proxy) if proxy else self._connection_guard
        connector = BoundedConnector(
            resolver=GuardedResolver(self._resolver, guard),
            socket_factory=guarded_sockets(guard, self._socket_factory),
            ttl_dns_cache=60,
            limit=MOST_CONNECTIONS,
            ssl=self._trust,
        )
        return aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._settings.signature, "Accept-Encoding": "gzip, br, zstd"},
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
        )

    async def close(self) -> None:
        """End every session."""
        while self._open:
            _, session = self._open.popitem()
            await session.close()


def trust(ca_file: str | None) -> ssl.SSLContext | bool:
    """Return whom to believe: the system's authorities, and those of a file. Raises ConfigError."""
    if ca_file is None:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(Path(ca_file).expanduser())
    except (OSError, ssl.SSLError) as exc:
        raise ConfigError(
            f"[fetch] ca_file {ca_file} holds no certificates that can be read: {exc}."
        ) from exc
    return context
