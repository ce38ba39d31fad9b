"""What publishers took out of articles, put in or took down."""

from dataclasses import replace
from typing import Any

import pytest

from tests.mcp_server.conftest import whole
from tests.mcp_server.tools.test_reading import asked, refused
from tests.serve.running_app import NOW, Desk, page_of
from unabridged.archive.records.core import Failure
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.tools import changes
from unabridged.mcp_server.tools.registry import call_tool


@pytest.fixture
def edited(desk: Desk) -> Desk:
    """Beside the edit of the first article: the second one edited twice, the third taken down."""
    first, second, third = desk.articles
    for day, words in ((22, "A story of four words."), (23, "A story of many words.")):
        article, later = whole(1, words), NOW.replace(day=day)
        desk.archive.ingest.save_page(second, article, page_of(article, later), now=later)
    desk.archive.ingest.record_page_failure(
        third,
        Failure(kind="status", message="The site answered 410."),
        now=NOW.replace(day=24),
        next_try_at=None,
        status=410,
        taken_down=True,
    )
    assert first
    return desk


def kinds(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["kind"], one["article"]) for one in found["changes"]]


async def test_changes_are_listed_with_the_words(caller: Caller, edited: Desk) -> None:
    first, second, third = edited.articles
    reply = await call_tool(caller, "list_changes", {})
    found = reply.answer.model_dump(mode="json")
    assert kinds(found) == [
        ("taken_down", third),
        ("edited", second),
        ("edited", second),
        ("edited", first),
    ]
    assert found["changes"][0]["words"] is None
    assert found["changes"][1]["words"] == "A story of [-four-]{+many+} words."
    assert "The minister promised [-ten-]{+two+} ferries." in found["changes"][3]["words"]
    assert "Title: " in found["changes"][3]["words"]
    assert "Nobody asked" not in found["changes"][3]["words"]
    assert "page taken down" in reply.text and "[-four-]{+many+}" in reply.text


async def test_changes_are_narrowed_by_time_kind_article_and_list(caller: Caller, edited: Desk) -> None:
    first, second, third = edited.articles
    edited.archive.library().tags.add([first], ["Boats"], now=NOW)
    for arguments, wanted in (
        ({"since": "2026-03-23"}, [("taken_down", third), ("edited", second)]),
        ({"until": "2026-03-21"}, [("edited", first)]),
        ({"since": "2026-03-22", "until": "2026-03-22"}, [("edited", second)]),
        ({"kinds": ["taken_down", "restored"]}, [("taken_down", third)]),
        ({"article": first}, [("edited", first)]),
        ({"article": "https://news.example/story-0"}, [("edited", first)]),
        ({"tag": "boats"}, [("edited", first)]),
        ({"folder": "Reading", "feed": edited.feed, "kinds": ["taken_down"]}, [("taken_down", third)]),
    ):
        assert kinds(await asked(caller, "list_changes", **arguments)) == wanted, arguments
    assert "There are" in await refused(caller, "list_changes", folder="Nothing")
    assert "kinds" in await refused(caller, "list_changes", kinds=["deleted"])


async def test_changes_come_in_parts(caller: Caller, edited: Desk) -> None:
    whole_list = kinds(await asked(caller, "list_changes"))
    seen: list[tuple[str, int]] = []
    cursor = None
    for _ in range(10):
        found = await asked(caller, "list_changes", limit=1, cursor=cursor)
        seen += kinds(found)
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert seen == whole_list


async def test_a_long_edit_is_cut_and_a_slow_list_goes_on_without_words(
    caller: Caller, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.articles[1]
    for day, word in ((22, "grey"), (23, "white")):
        text = "\n\n".join(f"Hen {place} of the farm is {word} and old." for place in range(300))
        article, later = whole(1, text), NOW.replace(day=day)
        desk.archive.ingest.save_page(number, article, page_of(article, later), now=later)
    found = await asked(caller, "list_changes", article=number, limit=1)
    assert len(found["changes"][0]["words"]) < 900
    assert "diff_versions" in found["changes"][0]["words"]
    monkeypatch.setattr(changes, "COMPARING_SECONDS", -1.0)
    slow = await asked(caller, "list_changes", article=number, limit=1)
    assert slow["changes"][0]["words"] is None
    assert slow["changes"][0]["reason"]


async def test_nobody_sees_the_changes_of_anothers_articles(caller: Caller, edited: Desk) -> None:
    bo = replace(caller, user=edited.archive.accounts.add("Bo", now=NOW).id)
    assert (await asked(bo, "list_changes"))["changes"] == []
    for ref in (edited.articles[0], "https://news.example/story-0"):
        assert "ferries" not in await refused(bo, "list_changes", article=ref)
    await refused(bo, "list_changes", feed=edited.feed)
