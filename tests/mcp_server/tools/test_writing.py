"""Tools that change a library or ask other sites."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.mcp_server.tools.test_reading import asked, refused
from tests.serve.routes.test_any_feed import LAST, PAGE, feed_of
from tests.serve.running_app import NOW, Desk, Shelf, in_thread, letting_in, serving
from unabridged.mcp_server.caller import Caller, Writer
from unabridged.mcp_server.tools.registry import TOOLS, tools_of
from unabridged.poll.poller import open_poller


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as running:
        running.answers = {
            "/feed.xml": ("application/rss+xml", feed_of(running.origin)),
            "/story": ("text/html; charset=utf-8", PAGE.encode()),
            "/nothing.txt": ("text/plain", b"just words"),
        }
        yield running


@pytest.fixture
async def writer(caller: Caller, desk: Desk) -> AsyncIterator[Caller]:
    """The owner, who may change things."""
    settings = letting_in(desk.settings, "127.0.0.1")
    async with open_poller(settings, desk.archive) as poller:
        yield replace(
            caller, writer=Writer(poller=poller, slots=asyncio.Semaphore(2), read_soon=lambda url: None)
        )


async def test_a_caller_who_may_only_read_has_no_tool_that_changes_or_asks(
    caller: Caller, desk: Desk, shelf: Shelf
) -> None:
    assert not {name for name in tools_of(caller) if TOOLS[name].changes or TOOLS[name].asks_sites}
    before = desk.archive.library().articles.get(desk.articles[0])
    for tool, arguments in (
        ("preview_feed", {"url": f"{shelf.origin}/feed.xml"}),
        ("subscribe", {"url": f"{shelf.origin}/feed.xml"}),
        ("mark", {"articles": desk.articles, "read": True, "starred": True, "add_tags": ["x"]}),
        ("save_page", {"url": f"{shelf.origin}/story"}),
    ):
        assert "--write" in await refused(caller, tool, **arguments)
    assert shelf.asked == []
    assert desk.archive.library().articles.get(desk.articles[0]) == before
    assert len(desk.archive.library().subscriptions.all()) == 1


async def test_articles_are_marked_and_tagged(writer: Caller, desk: Desk) -> None:
    one, two, _ = desk.articles
    found = await asked(
        writer, "mark", articles=[one, two, one, 999], read=True, starred=True, add_tags=["Boats"]
    )
    assert (found["articles"], found["unknown"]) == ([one, two], [999])
    stored = desk.archive.library().articles.get(one)
    assert stored.read and stored.starred
    assert (await asked(writer, "read_article", article=one))["tags"] == ["Boats"]
    await asked(writer, "mark", articles=[one], read=False, starred=False, remove_tags=["Boats"])
    stored = desk.archive.library().articles.get(one)
    assert not stored.read and not stored.starred
    assert [tag.articles for tag in desk.archive.library().tags.all()] == [1]


async def test_a_wrong_mark_changes_nothing(writer: Caller, desk: Desk) -> None:
    assert "Nothing to do" in await refused(writer, "mark", articles=desk.articles)
    assert "no articles with these numbers" in await refused(writer, "mark", articles=[999], read=True)
    assert "no name for a tag" in await refused(
        writer, "mark", articles=desk.articles, read=True, add_tags=["x" * 150]
    )
    assert not desk.archive.library().articles.get(desk.articles[0]).read


async def test_nobody_marks_what_is_anothers(writer: Caller, desk: Desk) -> None:
    bo = replace(writer, user=desk.archive.accounts.add("Bo", now=NOW).id)
    await refused(bo, "mark", articles=desk.articles, read=True, starred=True, add_tags=["x"])
    stored = desk.archive.library().articles.get(desk.articles[0])
    assert not stored.read and not stored.starred
    assert desk.archive.library().tags.all() == ()


async def test_a_feed_is_previewed_then_subscribed_to(writer: Caller, desk: Desk, shelf: Shelf) -> None:
    found = await asked(writer, "preview_feed", url=f"{shelf.origin}/feed.xml")
    assert found["title"] == "Harbour Post"
    assert found["articles"][0]["title"] == "A frozen harbour"
    assert found["articles"][0]["completeness"]["kind"] == "full"
    assert len(desk.archive.library().subscriptions.all()) == 1
    soon: list[str] = []
    assert writer.writer is not None
    eager = replace(writer, writer=replace(writer.writer, read_soon=soon.append))
    added = await asked(eager, "subscribe", url=found["url"], folder="Ports", title="My harbour")
    assert (added["is_new"], added["new_articles"]) == (True, 1)
    assert (added["feed"]["folder"], added["feed"]["title"]) == ("Ports", "My harbour")
    assert soon == [f"{shelf.origin}/feed.xml"]
    again = await asked(eager, "subscribe", url=found["url"])
    assert not again["is_new"]


async def test_a_page_is_saved_and_can_be_read(writer: Caller, shelf: Shelf) -> None:
    saved = await asked(writer, "save_page", url=f"{shelf.origin}/story")
    assert (saved["change"], saved["completeness"]["kind"]) == ("new", "full")
    found = await asked(writer, "read_article", article=saved["id"])
    assert LAST in found["markdown"]
    assert (await asked(writer, "save_page", url=f"{shelf.origin}/story"))["change"] == "same"


async def test_what_cannot_be_fetched_is_told(writer: Caller, shelf: Shelf) -> None:
    assert "10.0.0.1" in await refused(writer, "save_page", url="http://10.0.0.1/admin")
    assert "169.254" in await refused(writer, "preview_feed", url="http://169.254.169.254/latest/meta-data")
    assert "404" in await refused(writer, "subscribe", url=f"{shelf.origin}/missing")
    assert "file" in await refused(writer, "save_page", url="file:///etc/passwd")
    del shelf.answers["/feed.xml"]
    assert "no feed" in await refused(writer, "subscribe", url=f"{shelf.origin}/nothing.txt")


async def test_a_site_that_never_answers_is_given_up(writer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    never = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, stream: asyncio.StreamWriter) -> None:
        await never.wait()
        stream.close()

    monkeypatch.setattr("unabridged.mcp_server.tools.writing.FETCH_SECONDS", 0.5)
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for tool in ("save_page", "subscribe", "preview_feed"):
        assert "did not answer" in await refused(writer, tool, url=f"http://127.0.0.1:{port}/x")
    never.set()
    server.close()
