"""https: certificates of our own authority, wrong, expired and unknown ones, each with its reason."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.fetch.conftest import Serve, as_page
from unabridged.config import FetchSettings
from unabridged.errors import ConfigError, ConnectionFailed
from unabridged.fetch.client import Fetcher
from unabridged.poll.failures import failure_of

Secure = Callable[[str], Awaitable[str]]


@pytest.fixture
async def secure(authority: Path) -> AsyncIterator[Secure]:
    """Start an https server: `await secure("good")` returns its address."""
    runners = []

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="secret news")

    async def start(name: str) -> str:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(authority / f"{name}.pem", authority / f"{name}.key")
        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        return f"https://127.0.0.1:{runner.addresses[0][1]}/"

    yield start
    for runner in runners:
        await runner.cleanup()


def trusting(authority: Path, **more: Any) -> Fetcher:
    fields: dict[str, Any] = {
        "allow_private": ("127.0.0.1",),
        "per_host_gap": 0.0,
        "ca_file": str(authority / "ca.pem"),
    }
    return Fetcher(FetchSettings(**(fields | more)))


async def test_a_certificate_of_an_authority_of_our_own_is_believed_where_the_settings_say_so(
    secure: Secure, authority: Path
) -> None:
    url = await secure("good")
    async with trusting(authority) as fetcher:
        assert as_page(await fetcher.get(url)).body == b"secret news"


@pytest.mark.parametrize(
    ("name", "trusted", "says"),
    [
        ("good", False, "unable to get local issuer certificate"),
        ("other", True, "not valid for '127.0.0.1'"),
        ("expired", True, "certificate has expired"),
    ],
)
async def test_a_certificate_that_cannot_be_believed_is_refused_with_the_reason(
    name: str, trusted: bool, says: str, secure: Secure, authority: Path
) -> None:
    url = await secure(name)
    async with trusting(authority, **({} if trusted else {"ca_file": None})) as fetcher:
        with pytest.raises(ConnectionFailed) as failure:
            await fetcher.get(url)
    assert says in str(failure.value)
    assert str(failure.value).startswith("The certificate of 127.0.0.1 is not valid")
    assert failure_of(failure.value).kind == "connection"


async def test_plain_http_where_tls_is_spoken_says_so(secure: Secure, authority: Path, serve: Serve) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="x")

    base = await serve(page)
    async with trusting(authority) as fetcher:
        with pytest.raises(ConnectionFailed, match="does not speak TLS"):
            await fetcher.get(base.replace("http://", "https://"))


async def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing\n")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(ConfigError, match=name):
            await Fetcher(FetchSettings(ca_file=str(tmp_path / name))).__aenter__()
