"""The server: where it listens, and how it sends."""

import asyncio
import socket
from dataclasses import replace

import pytest

from tests.serve.running_app import Desk
from unabridged.errors import ConfigError
from unabridged.serve.server import open_listener


def test_the_reader_does_not_start_beyond_loopback_unasked(desk: Desk) -> None:
    settings = replace(desk.settings.serve, address="0.0.0.0", port=0)
    with pytest.raises(ConfigError, match="allow_http"), open_listener(settings):
        pass


def test_a_taken_port_is_an_error_with_advice(desk: Desk) -> None:
    with open_listener(replace(desk.settings.serve, port=0)) as (door, _):
        door.listen()
        taken = replace(desk.settings.serve, port=door.getsockname()[1])
        with pytest.raises(ConfigError, match="another port"), open_listener(taken):
            pass


async def test_an_answer_in_two_pieces_does_not_wait_for_the_first_to_be_acknowledged(desk: Desk) -> None:
    delays: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        delays.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with open_listener(replace(desk.settings.serve, port=0)) as (door, _):
        async with await asyncio.start_server(look, sock=door):
            _, writer = await asyncio.open_connection(*door.getsockname())
            assert await delays == 1
            writer.close()
            await writer.wait_closed()
