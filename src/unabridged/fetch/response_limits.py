"""Bounds on the work that one answer may cause below HTTP, whatever its server sends.

The caps of the client count decoded bytes and seconds. A server that sends interim answers, header bytes or
tiny pieces without an end stays below both and keeps the event loop busy all the same. So the bytes, the
interim answers, the framing around the body and the CPU time of parsing are counted here, where the
connection delivers them, and small reads are collected before they are looked at.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler

from unabridged.fetch.guarded_sockets import AddrInfo, SocketFactory

MAX_READ: Final = 16384
"""Bytes read from a socket at once: what is parsed before other connections get their turn."""

HEAD_PIECE: Final = 8192
"""Bytes of headers parsed before the limits are looked at again."""

MAX_HEAD: Final = 131_072
"""Bytes before the body, those of all interim answers included. Sites send up to 40 KB."""

MAX_FRAMING: Final = 65_536
BODY_TO_FRAMING: Final = 4
"""Bytes of chunk sizes, extensions and trailers, and bytes of the body for each further one of those."""

MAX_INTERIM: Final = 16
"""Interim answers (1xx) before the answer. Servers that send early hints send one or two."""

MAX_CPU: Final = 0.5
"""Seconds of CPU for parsing one answer. 10 MB in one piece take 0.01, in chunks of 64 bytes 0.1."""

CPU_FREE: Final = 20_000_000
BYTES_A_SECOND: Final = 50_000_000
"""Bytes of a body after which further ones earn more time for parsing: of audio and video."""

SMALL_READ: Final = 8192
SMALL_READS: Final = 64
"""Small reads of an answer that are taken as they come; after those each is followed by a pause."""

PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.1
"""Seconds of pause after a small read, longer after each further SMALL_READS: what arrives meanwhile is read
at once."""

EXPENSIVE: Final = 0.002
"""Seconds of CPU for parsing one read after which a pause follows, too; text in one piece takes 0.00002."""

MAX_READS_BEFORE: Final = 2000
"""Small reads before a connection is made: of a TLS handshake."""

MAX_NOISE: Final = 262_144
"""Bytes of TLS that carry nothing, beyond a quarter of what they carry."""


class LimitPassed(aiohttp.ClientConnectionError):
    """A server passed a limit of this module; says which."""


class MeteredSocket(socket.socket):
    """A socket that reads little at a time and tells its watcher of every read.

    asyncio reads with `recv` (plain) and `recv_into` (TLS); nothing else is overridden.
    """

    received = 0
    small_reads = 0
    on_read: Callable[[int], None] | None = None

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        data = super().recv(min(bufsize, MAX_READ), flags)
        self._note(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0, /) -> int:
        count = super().recv_into(buffer, min(nbytes or len(buffer), MAX_READ), flags)
        self._note(count)
        return count

    def _note(self, count: int) -> None:
        self.received += count
        if count < SMALL_READ:
            self.small_reads += 1
        if self.on_read is not None:
            self.on_read(count)
        elif self.small_reads > MAX_READS_BEFORE or self.received > MAX_NOISE:
            raise ConnectionAbortedError("the server does not end its handshake")


def metered_sockets(make: SocketFactory) -> SocketFactory:
    """Return a socket factory whose sockets are metered."""

    def make_metered(info: AddrInfo) -> socket.socket:
        made = make(info)
        return MeteredSocket(made.family, made.type, made.proto, fileno=made.detach())

    return make_metered


class BoundedConnector(aiohttp.TCPConnector):
    """A connector whose connections end when an answer passes a limit."""

    def __init__(self, *, socket_factory: SocketFactory, **options: Any) -> None:
        super().__init__(socket_factory=metered_sockets(socket_factory), **options)
        self._factory = cast("partial[ResponseHandler]", partial(BoundedResponse, loop=self._loop))


class BoundedResponse(ResponseHandler):
    """aiohttp's protocol of a connection, with the limits of this module on each answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._socket: MeteredSocket | None = None
        self._pacer: _Pacer | None = None
        self._delivered = 0
        self._begin()

    def _begin(self) -> None:
        """Count from zero, for the next answer of the connection."""
        self._bytes = 0
        self._interim = 0
        self._answers = 0
        self._cpu = 0.0
        self._head = 0
        self._body: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._socket = _metered_socket(transport)
        if self._socket is not None:
            self._pacer = _Pacer(self, transport, self._socket)
            self._delivered = self._socket.received
            self._socket.on_read = self._pacer.on_read

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._socket is not None and self._pacer is not None:
            self._socket.on_read = _ignore  # ends the circle of references
            self._pacer.stop()
        super().connection_lost(exc)

    def set_response_params(self, **options: Any) -> None:
        self._begin()
        if self._socket is not None:
            self._socket.small_reads = 0
        super().set_response_params(**options)

    def feed_data(self, data: Any, size: int = 0) -> None:
        message, payload = data
        if 100 <= message.code <= 199 and message.code != 101:
            self._interim += 1
        else:
            self._answers += 1
            self._head, self._body = self._bytes, payload
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        if not data:  # the parser goes on with what it holds
            super().data_received(data)
            return
        self._delivered += len(data)
        start = 0
        while start < len(data) and self.transport is not None:
            piece = data[start : start + (HEAD_PIECE if self._body is None else MAX_READ)]
            start += len(piece)
            if self._answers and self._body.is_eof():
                self.transport.abort()  # nobody asked for more; the answer itself is complete
                return
            self._bytes += len(piece)
            began = time.thread_time()
            super().data_received(piece)
            cost = time.thread_time() - began
            self._cpu += cost
            if cost > EXPENSIVE and self._pacer is not None:
                self._pacer.pause()
            passed = self._passed()
            if passed is not None:
                self._end(passed)
                return

    def _passed(self) -> str | None:
        """Name the limit that the answer has passed, None while it keeps to all of them."""
        if self._interim > MAX_INTERIM:
            return f"more than {MAX_INTERIM} interim answers"
        if self._answers > 1:
            return "a second answer that nobody asked for"
        if self._body is None and self._bytes > MAX_HEAD:
            return f"more than {MAX_HEAD:,} bytes of headers"
        body = 0 if self._body is None else self._body.total_bytes
        if self._body is not None and self._bytes - self._head - body > MAX_FRAMING + body // BODY_TO_FRAMING:
            return "more bytes around its text than text"
        most = MAX_CPU + max(0, body - CPU_FREE) / BYTES_A_SECOND
        return f"more than {most:g} seconds of work to parse" if self._cpu > most else None

    def _end(self, passed: str) -> None:
        error = LimitPassed(passed)
        self.set_exception(error)
        if self._body is not None and not self._body.is_eof():
            self._body.set_exception(error)
        if self.transport is not None:
            self.transport.abort()

    def _resume_transport_reading(self) -> None:
        # aiohttp does this after every piece that is taken out; a pause of ours goes on until it is over.
        if self._pacer is None or not self._pacer.holds():
            super()._resume_transport_reading()

    def check_noise(self, received: int) -> None:
        """Raise ConnectionAbortedError when a connection brings bytes that carry nothing."""
        if received - self._delivered > MAX_NOISE + self._delivered // 4:
            error = LimitPassed("bytes without content")
            self.set_exception(error)
            if self._body is not None and not self._body.is_eof():
                self._body.set_exception(error)
            raise ConnectionAbortedError(str(error))


class _Pacer:
    """Pauses a connection for a moment after each small read, so that the next read brings more."""

    def __init__(self, answer: BoundedResponse, transport: Any, metered: MeteredSocket) -> None:
        # Of a TLS connection the transport below is paused: each of its reads costs, even those that
        # complete no record. asyncio names it nowhere in public.
        self._tls = getattr(transport, "_ssl_protocol", None)
        self._below = getattr(self._tls, "_transport", None) or transport
        self._answer = answer
        self._metered = metered
        self._timer: asyncio.TimerHandle | None = None

    def on_read(self, count: int) -> None:
        """Take note of one read of the socket."""
        if self._tls is not None:
            self._answer.check_noise(self._metered.received)
        if 0 < count < SMALL_READ and self._metered.small_reads > SMALL_READS:
            self.pause()

    def pause(self) -> None:
        """Read nothing for a moment."""
        if self._timer is None and not self._below.is_closing():
            longer = PAUSE * max(1, self._metered.small_reads // SMALL_READS)
            self._below.pause_reading()
            self._timer = asyncio.get_running_loop().call_later(min(longer, LONGEST_PAUSE), self._resume)

    def _resume(self) -> None:
        self._timer = None
        if not self._held():
            self._below.resume_reading()

    def _held(self) -> bool:
        """Say whether somebody else has paused the transport meanwhile, who also resumes it."""
        if self._tls is not None:
            return bool(getattr(self._tls, "_ssl_reading_paused", False))
        return bool(self._answer._reading_paused or self._answer._buffer_paused)

    def holds(self) -> bool:
        """Say whether the very transport that the protocol knows is paused now."""
        return self._timer is not None and self._tls is None

    def stop(self) -> None:
        """Forget the pause of a connection that has ended."""
        if self._timer is not None:
            self._timer.cancel()


def _metered_socket(transport: asyncio.BaseTransport) -> MeteredSocket | None:
    """Return the socket below a transport; None on event loops that read by themselves (uvloop)."""
    wrapped = transport.get_extra_info("socket")
    inner = getattr(wrapped, "_sock", wrapped)
    return inner if isinstance(inner, MeteredSocket) else None


def _ignore(count: int) -> None:
    """Take no note of a read of a connection that has ended."""
