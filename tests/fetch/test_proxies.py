"""Proxies: the one of the settings, and none of the environment."""

import pytest
from aiohttp import web

from tests.fetch.conftest import MakeFetcher, Serve, as_page
from unabridged.errors import (
    FetchRefused,
)
from unabridged.fetch.client import Fetcher


async def test_no_proxy_is_taken_from_the_environment(
    serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="direct")

    base = await serve(page)
    assert as_page(await fetcher.get(base + "/")).body == b"direct"


async def test_the_proxy_of_the_settings_is_used_and_the_guard_stays(
    serve: Serve, make_fetcher: MakeFetcher
) -> None:
    asked = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.Response(text="by proxy")

    fetcher = await make_fetcher(proxy=await serve(proxy), allow_private=())
    assert as_page(await fetcher.get("http://93.184.215.14/feed")).body == b"by proxy"
    with pytest.raises(FetchRefused):
        await fetcher.get("http://10.0.0.1/")
    with pytest.raises(FetchRefused):
        await fetcher.get("http://localhost/")
    assert len(asked) == 1
