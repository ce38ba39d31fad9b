"""The guard in the resolver and at the socket."""

import socket

import pytest

from tests.fetch.local_servers import Names
from unabridged.errors import FetchRefused
from unabridged.fetch.connection_guard import AddressRefused, ConnectionGuard
from unabridged.fetch.guarded_sockets import (
    AddrInfo,
    GuardedResolver,
    SystemResolver,
    guarded_sockets,
    make_socket,
    own_addresses,
)
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED, parse_allowance

GUARD = ConnectionGuard(NOTHING_ALLOWED, frozenset())


def info(address: str, port: int = 80) -> AddrInfo:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


async def test_an_answer_with_one_inner_address_is_refused_whole() -> None:
    resolver = GuardedResolver(
        Names(**{"good.example": ["93.184.215.14"], "mixed.example": ["93.184.215.14", "10.0.0.1"]}), GUARD
    )
    assert [one["host"] for one in await resolver.resolve("good.example", 80)] == ["93.184.215.14"]
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        await resolver.resolve("mixed.example", 80)
    await resolver.close()


def test_no_socket_is_made_for_an_inner_address() -> None:
    made: list[str] = []

    def note(given: AddrInfo) -> socket.socket:
        made.append(given[4][0])
        return make_socket(given)

    factory = guarded_sockets(GUARD, note)
    with pytest.raises(AddressRefused):
        factory(info("127.0.0.1"))
    factory(info("93.184.215.14")).close()
    assert made == ["93.184.215.14"]


async def test_an_address_that_an_allowed_name_has_may_be_dialled_on_its_port_alone() -> None:
    guard = ConnectionGuard(parse_allowance(("intranet.example",)), frozenset())
    await GuardedResolver(Names(**{"intranet.example": ["10.0.0.5"]}), guard).resolve("intranet.example", 80)
    factory = guarded_sockets(guard, make_socket)
    factory(info("10.0.0.5")).close()
    with pytest.raises(AddressRefused):
        factory(info("10.0.0.5", 22))


async def test_the_systems_names_are_resolved_in_threads_of_their_own() -> None:
    resolver = SystemResolver(1)
    found = await resolver.resolve("localhost", 80)
    assert {one["host"] for one in found} <= {"127.0.0.1", "::1"}
    await resolver.close()
    with pytest.raises(RuntimeError):
        await resolver.resolve("localhost", 80)


def test_our_own_addresses_are_those_that_the_network_knows() -> None:
    assert not any(address.is_loopback or address.is_unspecified for address in own_addresses())
