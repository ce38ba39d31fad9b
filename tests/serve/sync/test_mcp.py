"""The MCP server over HTTP on the real app, asked by the SDK's own client with tokens of two people."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

import tests.archive.conftest as both
from tests.mcp_server.conftest import FIRST, SECOND, whole
from tests.serve.routes.test_any_feed import LAST, PAGE, feed_of
from tests.serve.running_app import (
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    page_of,
    running,
    serving,
    settings_in,
    wait_until,
)
from unabridged.archive.facade.archive import Archive
from unabridged.mcp_server.tools.registry import TOOLS

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""

HELLO = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"Accept": "application/json, text/event-stream"}


@dataclass
class Stage:
    """The app with the owner's article, and tokens: the owner's two, Bo's."""

    desk: Desk
    address: str
    write: str
    read: str
    bo: str
    bo_id: int


@pytest.fixture
def stage(archive: Archive, tmp_path: Path) -> Iterator[Stage]:
    settings = letting_in(settings_in(tmp_path), "127.0.0.1")
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    desk = Desk(archive=archive, settings=settings)
    desk.subscribe([whole(0, FIRST)])
    later = NOW.replace(day=21)
    edited = whole(0, SECOND)
    archive.ingest.save_page(desk.articles[0], edited, page_of(edited, later), now=later)
    bo = archive.accounts.add("Bo", now=NOW)
    tokens = archive.library().tokens
    with running(desk, settings) as address:
        yield Stage(
            desk=desk,
            address=address,
            write=tokens.add("agent", now=NOW).secret,
            read=tokens.add("reader", "read", now=NOW).secret,
            bo=archive.library(bo.id).tokens.add("agent", now=NOW).secret,
            bo_id=bo.id,
        )


@asynccontextmanager
async def agent(stage: Stage, token: str, mode: Any = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{stage.address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def structured(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content[0].text
    found: dict[str, Any] = result.structured_content
    return found


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_agent_reads_with_the_token_of_a_person(stage: Stage, mode: str) -> None:
    async with agent(stage, stage.read, mode) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names == {name for name, tool in TOOLS.items() if not tool.writes}
        number = stage.desk.articles[0]
        found = structured(await client.call_tool("read_article", {"article": number}))
        assert "two ferries" in found["markdown"]
        assert found["reader_address"] == f"{stage.address}/a/{number}"
        changed = structured(await client.call_tool("diff_versions", {"article": number}))
        assert "[-ten-]{+two+}" in changed["diff"]
        listed = structured(await client.call_tool("list_changes", {"since": "2026-03-21"}))
        assert "[-ten-]{+two+}" in listed["changes"][0]["words"]
        refused = await client.call_tool("mark", {"articles": [number], "read": True})
        assert refused.is_error and "scope write" in refused.content[0].text  # type: ignore[union-attr]
        content = (await client.read_resource(f"unabridged://article/{number}")).contents[0]
        assert "two ferries" in getattr(content, "text", "")
    assert not stage.desk.archive.library().articles.get(number).read


async def test_a_token_that_may_write_marks_saves_and_subscribes(stage: Stage) -> None:
    with in_thread(serving(Shelf())) as shelf:
        shelf.answers = {
            "/feed.xml": ("application/rss+xml", feed_of(shelf.origin)),
            "/story": ("text/html; charset=utf-8", PAGE.encode()),
        }
        async with agent(stage, stage.write) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS)
            number = stage.desk.articles[0]
            structured(await client.call_tool("mark", {"articles": [number], "read": True}))
            assert stage.desk.archive.library().articles.get(number).read
            saved = structured(await client.call_tool("save_page", {"url": f"{shelf.origin}/story"}))
            found = structured(await client.call_tool("read_article", {"article": saved["id"]}))
            assert LAST in found["markdown"]
            structured(await client.call_tool("preview_feed", {"url": f"{shelf.origin}/feed.xml"}))
            structured(await client.call_tool("subscribe", {"url": f"{shelf.origin}/feed.xml"}))
            assert len(stage.desk.archive.library().subscriptions.all()) == 2
            wait_until(lambda: stage.desk.archive.library().counts().pages_waiting == 0)


async def test_nobody_reads_or_marks_what_is_anothers(stage: Stage) -> None:
    number = stage.desk.articles[0]
    before = stage.desk.archive.library().articles.get(number)
    async with agent(stage, stage.bo) as client:
        for tool, arguments in (
            ("list_unread", {"include_read": True}),
            ("search_articles", {"query": "ferries"}),
            ("search_articles", {"query": "ten", "removed": True}),
            ("list_feeds", {}),
            ("list_unread", {"feed": stage.desk.feed}),
            ("list_unread", {"folder": "Reading"}),
            ("read_article", {"article": number}),
            ("read_article", {"article": "https://news.example/story-0"}),
            ("list_versions", {"article": number}),
            ("diff_versions", {"article": number}),
            ("article_as_of", {"article": number, "at": "2026-03-22"}),
            ("list_changes", {}),
            ("list_changes", {"article": number}),
            ("mark", {"articles": [number], "read": True, "starred": True, "add_tags": ["x"]}),
        ):
            told = str(await client.call_tool(tool, arguments))
            assert "ferries" not in told.replace("query", "") and "minister" not in told, tool
            assert "The News" not in told, tool
        assert (await client.list_resources()).resources == []
        for uri in (f"unabridged://article/{number}", f"unabridged://article/{number}/version/1"):
            with pytest.raises(Exception, match="no article"):
                await client.read_resource(uri)
    assert stage.desk.archive.library().articles.get(number) == before


def test_without_a_valid_token_there_is_no_answer(stage: Stage) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer unabridged_wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {stage.read}"},
        {"X-Auth-Token": stage.read},
        {"Authorization": "Bearer é".encode("latin-1").decode("latin-1")},
    ):
        answer = httpx.post(
            f"{stage.address}/mcp",
            json=HELLO,
            headers={
                name.encode(): value.encode("latin-1") for name, value in {**HEADERS, **headers}.items()
            },
        )
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "token add" in answer.text and "article" not in answer.text
    assert (
        httpx.post(f"{stage.address}/mcp?token={stage.read}", json=HELLO, headers=HEADERS).status_code == 401
    )


def test_a_token_that_was_revoked_gets_no_answer(stage: Stage) -> None:
    headers = {**HEADERS, "Authorization": f"Bearer {stage.read}"}
    assert httpx.post(f"{stage.address}/mcp", json=HELLO, headers=headers).status_code == 200
    tokens = stage.desk.archive.library().tokens
    tokens.remove(next(one.id for one in tokens.all() if one.name == "reader"))
    assert httpx.post(f"{stage.address}/mcp", json=HELLO, headers=headers).status_code == 401


def test_pages_of_other_sites_and_other_hosts_are_refused(stage: Stage) -> None:
    token = {**HEADERS, "Authorization": f"Bearer {stage.write}"}
    for headers, status in (
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Origin": stage.address}, 200),
    ):
        answer = httpx.post(f"{stage.address}/mcp", json=HELLO, headers={**token, **headers})
        assert answer.status_code == status, headers


def test_what_is_no_message_is_refused(stage: Stage) -> None:
    headers = {**HEADERS, "Authorization": f"Bearer {stage.write}", "Content-Type": "application/json"}
    for body in (b"", b"x", b"[]", b"{}", b"null", b"\xff", b'{"jsonrpc":"2.0","id":1,"method":"no/such"}'):
        answer = httpx.post(f"{stage.address}/mcp", content=body, headers=headers)
        assert answer.status_code < 500, body
        assert "Traceback" not in answer.text
    large = httpx.post(f"{stage.address}/mcp", content=b" " * 2_000_000, headers=headers)
    assert large.status_code == 413
    for method in ("GET", "DELETE", "PUT"):
        assert httpx.request(method, f"{stage.address}/mcp", headers=headers).status_code in (404, 405)


async def test_many_agents_are_answered_at_once(stage: Stage) -> None:
    headers = {**HEADERS, "Authorization": f"Bearer {stage.read}"}
    call = {"name": "read_article", "arguments": {"article": stage.desk.articles[0]}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    async with httpx.AsyncClient(base_url=stage.address, headers=headers, timeout=120) as client:
        answers = await asyncio.gather(*(client.post("/mcp", json=body) for _ in range(40)))
    assert {one.status_code for one in answers} == {200}
    assert all("two ferries" in one.text for one in answers)


def test_the_library_of_the_protocol_is_loaded_only_when_an_agent_asks() -> None:
    code = (
        "import sys\nimport unabridged.serve.server\n"
        "print({'mcp', 'mcp_types', 'jsonschema'} & set(sys.modules))\n"
        "print([name for name in sys.modules if name.startswith('unabridged.mcp_server')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["set()", "[]"]


def test_without_the_extra_an_agent_is_told_what_to_install(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    headers = {**HEADERS, "Authorization": f"Bearer {stage.read}"}
    answer = httpx.post(f"{stage.address}/mcp", json=HELLO, headers=headers)
    assert answer.status_code == 501
    assert "'.[mcp]'" in answer.text
