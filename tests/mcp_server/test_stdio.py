"""The real command over standard input and output, asked by the SDK's own client."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from tests.mcp_server.conftest import whole
from tests.serve.routes.test_any_feed import LAST, PAGE, feed_of
from tests.serve.running_app import NOW, Desk, Shelf, copied, in_thread, serving, wait_until
from unabridged.archive.facade.archive import Archive

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
PROGRAM = str(Path(sys.executable).with_name("unabridged"))
MODES = ("auto", "legacy")
"""How a client begins: as the newest version of the protocol says, or with the older handshake."""


@pytest.fixture
def stdio_desk(templates: Path, tmp_path: Path) -> Iterator[Desk]:
    """An archive with one article of the owner's and one of Bo's."""
    desk = copied(templates / "empty", tmp_path / "home")
    desk.subscribe([whole(0, "Ten ferries.\n\nTwo ports.")])
    bo = desk.archive.accounts.add("Bo", now=NOW)
    desk.archive.library(bo.id).subscriptions.add("https://other.example/feed", now=NOW)
    with desk.archive:
        yield desk


def command(desk: Desk, *words: str) -> StdioServerParameters:
    environment = {
        "PATH": os.environ["PATH"],
        "UNABRIDGED_HOME": str(desk.settings.home),
        "UNABRIDGED_DATABASE": desk.settings.database,
        "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.1",
        "UNABRIDGED_POLL_WORKERS": "1",
        "UNABRIDGED_ARCHIVE_IMAGES": "none",
    }
    return StdioServerParameters(command=PROGRAM, args=["mcp", *words], env=environment)


@asynccontextmanager
async def connected(desk: Desk, *words: str, mode: Any = "auto") -> AsyncIterator[Client]:
    async with Client(command(desk, *words), mode=mode, read_timeout_seconds=60) as client:
        yield client


def text_of(result: Any) -> str:
    return str(result.content[0].text)


@pytest.mark.parametrize("mode", MODES)
async def test_a_client_finds_reads_and_is_told_of_errors(stdio_desk: Desk, mode: str) -> None:
    async with connected(stdio_desk, mode=mode) as client:
        assert client.server_info is not None and client.server_info.name == "unabridged"
        assert client.instructions is not None and "untrusted" in client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert "read_article" in tools
        assert not {"preview_feed", "subscribe", "mark", "save_page"} & set(tools)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        found = await client.call_tool("list_unread", {})
        assert found.structured_content is not None
        number = found.structured_content["articles"][0]["id"]
        read = await client.call_tool("read_article", {"article": number})
        assert "Ten ferries." in text_of(read)
        assert read.structured_content is not None
        assert "Ten ferries." in read.structured_content["markdown"]
        for tool, arguments, words in (
            ("read_article", {"article": 99}, "no article 99"),
            ("read_article", {"artcle": 1}, "arguments are: article"),
            ("mark", {"articles": [number], "read": True}, "--write"),
            ("search_articles", {"query": "("}, "after it"),
        ):
            failed = await client.call_tool(tool, arguments)
            assert failed.is_error and words in text_of(failed), text_of(failed)
        with pytest.raises(MCPError, match="no tool"):
            await client.call_tool("delete_everything", {})
        listed = await client.list_resources()
        assert str(listed.resources[0].uri) == f"unabridged://article/{number}"
        assert len((await client.list_resource_templates()).resource_templates) == 2
        content = (await client.read_resource(f"unabridged://article/{number}/version/1")).contents[0]
        assert "Ten ferries." in getattr(content, "text", "")
        with pytest.raises(MCPError, match="no article"):
            await client.read_resource("unabridged://article/99")
    assert not stdio_desk.archive.library().articles.get(number).read


async def test_with_write_a_client_marks_saves_and_subscribes(stdio_desk: Desk) -> None:
    with in_thread(serving(Shelf())) as shelf:
        shelf.answers = {
            "/feed.xml": ("application/rss+xml", feed_of(shelf.origin)),
            "/story": ("text/html; charset=utf-8", PAGE.encode()),
        }
        async with connected(stdio_desk, "--write") as client:
            assert "subscribe" in {tool.name for tool in (await client.list_tools()).tools}
            number = stdio_desk.articles[0]
            assert not (await client.call_tool("mark", {"articles": [number], "starred": True})).is_error
            added = await client.call_tool("subscribe", {"url": f"{shelf.origin}/feed.xml"})
            assert not added.is_error, text_of(added)
            wait_until(lambda: any(LAST in text for text in texts(stdio_desk.archive)))
    assert stdio_desk.archive.library().articles.get(number).starred


def texts(archive: Archive) -> list[str]:
    library = archive.library()
    return [one.article.text for one in library.articles.items_after(0)]


async def test_another_person_has_a_library_of_their_own(stdio_desk: Desk) -> None:
    async with connected(stdio_desk, "--user", "Bo") as client:
        found = await client.call_tool("list_unread", {"include_read": True})
        assert found.structured_content is not None and found.structured_content["articles"] == []
        assert (await client.call_tool("read_article", {"article": stdio_desk.articles[0]})).is_error
        feeds = await client.call_tool("list_feeds", {})
        assert feeds.structured_content is not None
        assert [one["url"] for one in feeds.structured_content["feeds"]] == ["https://other.example/feed"]


def run(desk: Desk, *words: str, stdin: bytes = b"", **changed: str) -> subprocess.CompletedProcess[bytes]:
    given = command(desk, *words)
    return subprocess.run(
        [given.command, *given.args],
        input=stdin,
        env={**(given.env or {}), **changed},
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_the_command_ends_when_its_input_ends_and_prints_nothing_else(stdio_desk: Desk) -> None:
    done = run(stdio_desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGTERM, ()),
        (signal.SIGINT, ("--write",)),
        pytest.param(signal.SIGTERM, ("--write",), marks=pytest.mark.long),
        pytest.param(signal.SIGINT, (), marks=pytest.mark.long),
    ],
)
def test_a_signal_ends_the_command_while_its_input_is_open(
    stdio_desk: Desk, words: tuple[str, ...], number: signal.Signals
) -> None:
    given = command(stdio_desk, *words)
    with subprocess.Popen(
        [given.command, *given.args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=given.env
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(HELLO).encode() + b"\n")
        process.stdin.flush()
        assert b"unabridged" in process.stdout.readline()
        process.send_signal(number)
        assert process.wait(timeout=30) in (-number, 128 + number, 0)


def test_lines_that_are_no_messages_are_answered_or_passed_over(stdio_desk: Desk) -> None:
    lines = [b"not json", b"\xff\xfe", b"[]", b"{}", b"x" * 2_000_000, b"", json.dumps(HELLO).encode()]
    lines.append(b'{"jsonrpc":"2.0","id":2}')
    done = run(stdio_desk, stdin=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert any(one.get("id") == 1 and "result" in one for one in answers)
    assert b"Traceback" not in done.stdout


def test_an_unknown_person_and_a_missing_archive_are_told(stdio_desk: Desk, tmp_path: Path) -> None:
    done = run(stdio_desk, "--user", "Nobody")
    assert done.returncode == 9 and b"no account Nobody" in done.stderr
    missing = run(stdio_desk, UNABRIDGED_DATABASE=f"sqlite:///{tmp_path / 'missing.sqlite'}")
    assert missing.returncode == 9 and b"no archive" in missing.stderr
    assert (done.stdout, missing.stdout) == (b"", b"")
    assert not (tmp_path / "missing.sqlite").exists()


def test_without_the_extra_the_command_says_what_to_install(stdio_desk: Desk) -> None:
    code = (
        "import sys; sys.modules['mcp'] = None; sys.argv[1:] = ['mcp']\n"
        "from unabridged.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=command(stdio_desk).env,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert b"'.[mcp]'" in done.stderr and b"Traceback" not in done.stderr
    assert shutil.which(PROGRAM) is not None
