"""The reader as a process: a listening socket, a server, an end in good order."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import uvicorn

from unabridged.archive.facade.archive import Archive
from unabridged.config import ServeSettings, Settings
from unabridged.errors import ConfigError
from unabridged.serve.app import create_app
from unabridged.serve.connection_limits import server_config
from unabridged.serve.security import check_bind

SHUTDOWN_SECONDS = 5
"""Seconds that open requests get at the end."""


@contextlib.contextmanager
def open_listener(settings: ServeSettings) -> Iterator[tuple[socket.socket, str]]:
    """Open the socket to listen on; gives it with the reader's own address ("http://127.0.0.1:8200").

    Raises ConfigError when the address is open to others without leave, or cannot be listened on.
    """
    check_bind(settings.address, allow_open=settings.allow_open)
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    # The protocol is named because asyncio looks for it: without, an answer's second half waits 40 ms for the
    # first to be acknowledged (Nagle's algorithm).
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.address.strip("[]"), settings.port))
        except OSError as exc:
            raise ConfigError(
                f"Port {settings.port} of {settings.address} cannot be listened on: {exc.strerror}. "
                "Is another program there? Choose another port under [serve], or 0 for any free one."
            ) from exc
        yield listener, address_of(listener)


def address_of(listener: socket.socket) -> str:
    """Return the http address of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    archive: Archive,
    *,
    settings: Settings,
    poll: bool,
    ready: Callable[[str], None] = lambda address: None,
    enqueue_read: Callable[[str], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Run the reader until Ctrl-C, SIGTERM or cancellation. ready: told its address once it listens.

    poll: keep the subscriptions up to date meanwhile. order: has workers read an address's site at once,
    where the archive has workers. Raises ConfigError, and ArchiveUnwritable for an archive that is locked.
    """
    await asyncio.to_thread(archive.maintenance.check_writable)
    with open_listener(settings.serve) as (listener, address):
        config = server_config(
            create_app(archive, settings=settings, poll=poll, enqueue_read=enqueue_read),
            log_config=None,  # records go to the program's own log, which cleans them
            log_level="warning",
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        server = _Server(config, lambda: ready(address))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            server.should_exit = True
            await task
            raise
        if not server.started:
            raise ConfigError("The reader could not start. The lines above say why.")


class _Server(uvicorn.Server):
    """uvicorn's server, telling when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:  # which would end the event loop under everything else
            raise ConfigError("The reader could not start. The lines above say why.") from None
        if self.started:
            self._ready()
