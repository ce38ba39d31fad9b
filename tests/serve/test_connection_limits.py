"""Connections that say nothing, say half of it, or take nothing: closed in time, and no fault."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from tests.serve.running_app import Desk, running, token_of, wait_until
from unabridged.serve.connection_limits import ConnectionLimits

QUICK = ConnectionLimits(
    head_timeout=1.0,
    body_timeout=1.0,
    body_min_bytes=1000,
    write_timeout=2.0,
    keep_alive=1,
    max_connections=12,
)


@pytest.fixture
def port(full: Desk) -> Iterator[int]:
    with running(full, bounds=QUICK) as address:
        yield int(address.rsplit(":", 1)[1])


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as door:
        door.sendall(sent)
        yield door


def said(door: socket.socket) -> bytes:
    """Everything until the other side closes."""
    found = b""
    try:
        while part := door.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\ncsrf=",
        b"POST /add HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ncsrf=",
        b"POST /sources.opml HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
    ],
)
def test_a_request_that_never_ends_is_ended(port: int, sent: bytes) -> None:
    with connected(port, sent) as door:
        said(door)  # raises TimeoutError where the other side does not close


def test_a_request_that_comes_byte_by_byte_is_ended(port: int) -> None:
    with connected(port, b"POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n") as door:
        door.settimeout(0.1)
        for _ in range(600):
            try:
                door.sendall(b"a")
                if door.recv(1000):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it was never ended")


def test_silent_connections_give_way_to_one_that_asks(full: Desk) -> None:
    patient = ConnectionLimits(head_timeout=600.0, max_connections=12)
    with running(full, bounds=patient) as address, ExitStack() as stack:
        port = int(address.rsplit(":", 1)[1])
        silent = [stack.enter_context(connected(port, b"GET / HT")) for _ in range(30)]
        assert httpx.get(address + "/healthz", timeout=60).status_code == 200
        assert b"503" in said(silent[0])


def test_a_client_that_takes_nothing_of_a_large_answer_is_let_go(full: Desk, port: int) -> None:
    with ExitStack() as stack:
        doors = [stack.enter_context(slow_reader(port)) for _ in range(5)]
        time.sleep(0.5)
        wait_until(lambda: httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=60).status_code == 200)
        for door in doors:
            said(door)


@contextmanager
def slow_reader(port: int) -> Iterator[socket.socket]:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        door.settimeout(60)
        door.connect(("127.0.0.1", port))
        door.sendall(b"GET /static/reader.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40)
        yield door


def test_a_client_that_leaves_while_it_sends_is_no_fault(
    full: Desk, visit: Callable[..., httpx.Client], caplog: pytest.LogCaptureFixture
) -> None:
    client = visit(full)
    port, token = client.base_url.port, token_of(client)
    assert port is not None
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n"
    halves = (
        (b"POST /add HTTP/1.1\r\n", b"csrf=" + token.encode()),
        (b"POST /sources.opml HTTP/1.1\r\n" + kind, b"--x\r\n"),
    )
    with caplog.at_level(logging.DEBUG):
        for head, body in halves:
            with connected(port, head + b"Host: localhost\r\nContent-Length: 1000\r\n\r\n" + body):
                time.sleep(0.2)
        wait_until(
            lambda: sum("disconnected while sending" in one.getMessage() for one in caplog.records) == 2
        )
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
