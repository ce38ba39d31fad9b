"""A worker's figures and health over HTTP, for Prometheus and whoever restarts workers."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from unabridged.config import WorkerSettings
from unabridged.errors import ConfigError
from unabridged.poll.metrics import Metrics


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each look."""


@contextmanager
def serve_status(settings: WorkerSettings, figures: Metrics, healthy: Callable[[], bool]) -> Iterator[None]:
    """Serve /metrics and /healthz (200, or 503) meanwhile; nothing where no port is set.

    Raises ConfigError when the port is taken.
    """
    if settings.port == 0:
        yield
        return
    metrics = make_wsgi_app(figures.registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            shown: Iterable[bytes] = metrics(environ, start)
            return shown
        well = healthy()
        start("200 OK" if well else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ok\n" if well else b"the database has not answered for a while\n"]

    try:
        server = make_server(settings.address, settings.port, answer, _Server, _Silent)
    except OSError as exc:
        raise ConfigError(
            f"The worker's port {settings.port} of {settings.address} cannot be listened on: {exc.strerror}. "
            "Give each worker of a machine another --port, or 0 for none."
        ) from exc
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
