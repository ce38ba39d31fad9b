"""Addresses are checked for every name and at every connection."""

import socket
from typing import NoReturn

import pytest

from tests.fetch.local_servers import Names
from unabridged.config import FetchSettings
from unabridged.errors import (
    FetchRefused,
)
from unabridged.fetch.client import Fetcher
from unabridged.fetch.connection_guard import AddressRefused, ConnectionGuard
from unabridged.fetch.guarded_sockets import guarded_sockets, make_socket
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED

LOCAL = FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0.0)


async def test_one_private_address_refuses_the_whole_answer_before_any_connection() -> None:
    def never(info: object) -> NoReturn:
        raise AssertionError(f"a socket was made for {info}")

    names = Names(**{"mixed.example": ["93.184.215.14", "10.0.0.1"]})
    async with Fetcher(LOCAL, resolver=names, socket_factory=never) as fetcher:
        with pytest.raises(FetchRefused, match=r"mixed\.example resolves to the private address 10\.0\.0\.1"):
            await fetcher.get("http://mixed.example/")


async def test_the_socket_guard_refuses_what_a_resolver_let_through() -> None:
    guard = ConnectionGuard(NOTHING_ALLOWED, frozenset())
    made = guarded_sockets(guard, make_socket)
    with pytest.raises(AddressRefused, match="loopback"):
        made((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    made((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("93.184.215.14", 80))).close()
