"""Metrics and health check of a worker over HTTP, for Prometheus and process supervisors."""

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
        """Log nothing for a request."""


@contextmanager
def serve_status(settings: WorkerSettings, figures: Metrics, healthy: Callable[[], bool]) -> Iterator[None]:
    """Serve /metrics and /healthz (200 or 503) inside the context; nothing if no port is set.

    Raises ConfigError if the port cannot be used.
    """
    if settings.port == 0:
        yield
        return
    metrics = make_wsgi_app(figures.registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            shown: Iterable[bytes] = metrics(environ, start)
            return shown
        ok = healthy()
        start("200 OK" if ok else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ok\n" if ok else b"the database does not respond\n"]

    try:
        server = make_server(settings.address, settings.port, answer, _Server, _Silent)
    except OSError as exc:
        raise ConfigError(
            f"The worker cannot listen on port {settings.port} of {settings.address}: {exc.strerror}. "
            "Give each worker of a machine its own --port, or 0 for none."
        ) from exc
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
