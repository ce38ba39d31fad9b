"""Local publishers for the fetch room: real servers on free loopback ports."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from unabridged.config import FetchSettings
from unabridged.fetch.client import Fetcher
from unabridged.model import NotModified, Page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[..., Awaitable[str]]
MakeFetcher = Callable[..., Awaitable[Fetcher]]

LOCAL = FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0.0)


def as_page(answer: Page | NotModified) -> Page:
    """Return an answer that must be a page."""
    assert isinstance(answer, Page)
    return answer


KINDS = {
    "good": ("DNS:localhost,IP:127.0.0.1,IP:127.0.1.1", "2"),
    "other": ("DNS:other.example", "2"),
    "expired": ("DNS:localhost,IP:127.0.0.1", "-1"),
}
"""Certificate -> whom it names, and for how many days it is valid."""


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of our own and the certificates that it gave out."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here, with which certificates are made")
    folder = tmp_path_factory.mktemp("authority")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Our own", "-days", "2")
    for name, (names, days) in KINDS.items():
        run("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=Local")
        (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-extfile", f"{name}.ext")
        run("x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
    return folder


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server: `await serve(handler)` returns its address without a slash at the end."""
    runners: list[web.AppRunner] = []

    async def start(handler: Handler, host: str = "127.0.0.1") -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1, max_line_size=65536, max_field_size=65536)
        await runner.setup()
        site = web.TCPSite(runner, host, 0)
        await site.start()
        runners.append(runner)
        return f"http://{host}:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(LOCAL) as ready:
        yield ready


@pytest.fixture
async def make_fetcher() -> AsyncIterator[MakeFetcher]:
    """Make a fetcher with other settings: `await make_fetcher(timeout=0.5)`."""
    ready: list[Fetcher] = []

    async def make(**changes: Any) -> Fetcher:
        one = await Fetcher(replace(LOCAL, **changes)).__aenter__()
        ready.append(one)
        return one

    yield make
    for one in ready:
        await one.__aexit__(None, None, None)
