"""The guard where connections are made: in the resolver, and again at the socket.

Each alone has a gap. A resolver is not asked for literal addresses; a socket factory alone would walk
on from the refused to the next address of a mixed answer.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from unabridged.fetch.connection_guard import ConnectionGuard
from unabridged.fetch.ip_ranges import Address, read_address

RESOLVER_THREADS = 32

AddrInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
SocketFactory = Callable[[AddrInfo], socket.socket]


class SystemResolver(AbstractResolver):
    """The system's own name resolution, in threads of its own.

    In the event loop's shared threads a few hosts with dead name servers would hold up everything else
    that runs there, the archive first of all.
    """

    def __init__(self, threads: int = RESOLVER_THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve a name; raises OSError (socket.gaierror)."""
        look_up = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(
                hostname=host,
                host=_with_scope(str(address[0]), address),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """End the threads; a lookup that still hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _with_scope(host: str, address: tuple[Any, ...]) -> str:
    """Keep a link-local address's scope, so that the guard sees it for what it is."""
    scoped = len(address) > 3 and address[3] and "%" not in host
    return f"{host}%{address[3]}" if scoped else host


class GuardedResolver(AbstractResolver):
    """A resolver that hands out an answer only if the guard accepts all of it."""

    def __init__(self, inner: AbstractResolver, guard: ConnectionGuard) -> None:
        self._inner = inner
        self._connection_guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve a name; raises FetchRefused, or OSError as the inner resolver does."""
        found = await self._inner.resolve(host, port, family)
        self._connection_guard.check_answer(host, port, [result["host"] for result in found])
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def guarded_sockets(guard: ConnectionGuard, make: SocketFactory) -> SocketFactory:
    """Return a socket factory that asks the guard about the address to be dialled."""

    def make_guarded(info: AddrInfo) -> socket.socket:
        guard.check_connect(str(info[4][0]), int(info[4][1]))
        return make(info)

    return make_guarded


def make_socket(info: AddrInfo) -> socket.socket:
    """Make the socket that an address needs."""
    return socket.socket(family=info[0], type=info[1], proto=info[2])


def own_addresses() -> frozenset[Address]:
    """Return the addresses from which this machine would speak to the internet.

    Connecting a datagram socket sends nothing; it only asks the routing table.
    """
    found: set[Address] = set()
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                address = read_address(str(probe.getsockname()[0]))
        except OSError:
            continue
        if address is not None:
            found.add(address)
    return frozenset(found)
