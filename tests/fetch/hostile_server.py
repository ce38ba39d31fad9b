"""A publisher's server that never lets an answer end, as a process of its own.

Listens on 127.0.1.1 … 127.0.1.12 and prints its port. The first part of the path names the attack of
`ATTACKS`; `fine` answers as servers do. Arguments: a certificate and its key, for https.
"""

import contextlib
import gzip
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = OK + b"Content-Length: 9000000\r\n\r\n"
HELLO = b"\x16\x03"
EMPTY_MEMBER = gzip.compress(b"")


def endless(piece: bytes, *, first: bytes = b"", size: int = 65536) -> Callable[[], Iterator[bytes]]:
    """Send the first part, then pieces without an end, many in one segment."""
    many = piece * max(1, size // len(piece))

    def parts() -> Iterator[bytes]:
        yield first
        while True:
            yield many

    return parts


def dripping(text: bytes, *, first: bytes = b"", pause: float = 0.0) -> Callable[[], Iterator[bytes]]:
    """Send the first part, then a text over and over, each byte in a segment of its own."""

    def parts() -> Iterator[bytes]:
        yield first
        while True:
            for byte in text:
                yield bytes((byte,))
                if pause:
                    time.sleep(pause)

    return parts


ATTACKS: dict[str, Callable[[], Iterator[bytes]]] = {
    "continue": endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early-hints": endless(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"),
    "large-early-hints": endless(b"HTTP/1.1 103 Early Hints\r\nX-A: " + b"a" * 60000 + b"\r\n\r\n"),
    "many-fields-in-hints": endless(b"HTTP/1.1 103 Early Hints\r\n" + b"X-A: b\r\n" * 120 + b"\r\n"),
    "slow-early-hints": dripping(b"HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n"),
    "header-lines": endless(b"X-A: a\r\n", first=OK),
    "same-header-line": endless(b"a", first=OK + b"X-A: "),
    "status-line": endless(b"a", first=b"HTTP/1.1 200 "),
    "blank-lines": endless(b"\r\n"),
    "header-segments": dripping(b"a", first=OK + b"X-A: "),
    "slow-header": dripping(b"a", first=OK + b"X-A: ", pause=0.02),
    "chunks": endless(b"1\r\nx\r\n", first=CHUNKED),
    "chunk-extensions": endless(b"a", first=CHUNKED + b"1;"),
    "chunks-with-extensions": endless(b"1;" + b"a" * 200 + b"\r\nx\r\n", first=CHUNKED),
    "zeros-of-a-chunk-size": endless(b"0", first=CHUNKED),
    "trailers": endless(b"X-A: a\r\n", first=CHUNKED + b"1\r\nx\r\n0\r\n"),
    "body-segments": dripping(b"x", first=LONG),
    "chunk-segments": dripping(b"1\r\nx\r\n", first=CHUNKED),
    "empty-gzip-members": endless(EMPTY_MEMBER, first=OK + b"Content-Encoding: gzip\r\n\r\n"),
    "answers-nobody-asked-for": endless(OK + b"Content-Length: 2\r\n\r\nok"),
    "switching": endless(b"x", first=b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
}


HOSTS = tuple(f"127.0.1.{number}" for number in range(1, 13))


def main() -> None:
    tls = None
    if len(sys.argv) > 1:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(sys.argv[1], sys.argv[2])
    first = socket.create_server((HOSTS[0], 0), backlog=128)
    port = first.getsockname()[1]
    listeners = [first, *(socket.create_server((host, port), backlog=128) for host in HOSTS[1:])]
    threads = [threading.Thread(target=accept, args=(one, tls), daemon=True) for one in listeners]
    for thread in threads:
        thread.start()
    print(port, flush=True)
    threads[0].join()


def accept(listener: socket.socket, tls: ssl.SSLContext | None) -> None:
    while True:
        caller, _ = listener.accept()
        threading.Thread(target=answer, args=(caller, tls), daemon=True).start()


def answer(caller: socket.socket, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stack.enter_context(caller)
        if tls is not None:
            caller = stack.enter_context(tls.wrap_socket(caller, server_side=True))
        while asked := _asked(caller):
            if asked == HELLO:
                for part in dripping(b"\x02", first=b"\x16\x03\x03\x40\x00\x02\x00\x3f\xf0")():
                    caller.sendall(part)
            if asked.startswith(b"/fine"):
                caller.sendall(OK + b"Content-Length: 4\r\n\r\nfine")
                continue
            for part in ATTACKS[asked[1:].partition(b"/")[0].decode()]():
                caller.sendall(part)


def _asked(caller: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        if head.startswith(HELLO):
            return HELLO
        part = caller.recv(65536)
        if not part:
            return b""
        head += part
    return head.split(b" ", 2)[1]


if __name__ == "__main__":
    main()
