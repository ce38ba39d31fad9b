"""Run the web app: bind the socket, serve, shut down gracefully."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import uvicorn

from unabridged.archive.facade.archive import Archive
from unabridged.config import ServeSettings, Settings
from unabridged.errors import ConfigError
from unabridged.processes.memory import use_one_arena
from unabridged.serve.app import create_app
from unabridged.serve.authentication import check_bind
from unabridged.serve.connection_limits import server_config

SHUTDOWN_SECONDS = 5
"""Seconds that open requests may take during shutdown."""


@contextlib.contextmanager
def open_listener(settings: ServeSettings) -> Iterator[tuple[socket.socket, str]]:
    """Open the listening socket; yield it with the app's URL ("http://127.0.0.1:8200").

    Raises ConfigError for an address that others can reach without allow_open, or that is not available.
    """
    check_bind(settings)
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    # asyncio disables Nagle's algorithm only if the protocol is given; with it, the second part of a response
    # waits 40 ms for the acknowledgement of the first.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.address.strip("[]"), settings.port))
        except OSError as exc:
            raise ConfigError(
                f"Port {settings.port} of {settings.address} is not available: {exc.strerror}. "
                "Is another program using it? Choose another port under [serve], or 0 for any free one."
            ) from exc
        yield listener, address_of(listener)


def address_of(listener: socket.socket) -> str:
    """Return the http address of a bound socket, as a browser of this machine opens it."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    archive: Archive,
    *,
    settings: Settings,
    poll: bool,
    ready: Callable[[str], None] = lambda address: None,
    enqueue_read: Callable[[str], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Run the web app until Ctrl-C, SIGTERM or cancellation.

    ready: called with the app's URL once it listens. poll: keep the subscriptions up to date meanwhile.
    enqueue_read: asks the workers to read a URL's site now; None without workers.
    Raises ConfigError, and ArchiveUnwritable for a locked archive.
    """
    use_one_arena()
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
            raise ConfigError("The web app could not start. See the log lines above for the reason.")


class _Server(uvicorn.Server):
    """uvicorn's server with a callback for the moment it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:  # would stop the whole event loop
            raise ConfigError(
                "The web app could not start. See the log lines above for the reason."
            ) from None
        if self.started:
            self._ready()
