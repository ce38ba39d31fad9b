"""Stories and origins of articles for agents, with what was read out by rules called so."""

import pytest

from tests.mcp_server.tools.test_reading import asked, refused
from tests.serve.running_app import NOW, Desk
from tests.serve.stories.sample_story import tell
from unabridged.archive.records.core import OWNER
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.tools.registry import call_tool
from unabridged.mcp_server.tools.story_answers import BY_RULES


@pytest.fixture
def numbers(desk: Desk) -> list[int]:
    """Articles of one story, the earliest first, beside those of the desk."""
    return tell(desk)


async def test_stories_are_listed(caller: Caller, numbers: list[int]) -> None:
    reply = await call_tool(caller, "list_stories", {})
    found = reply.answer.model_dump(mode="json")
    assert (numbers[0], 5, 5) in [(one["story"], one["articles"], one["feeds"]) for one in found["stories"]]
    assert found["basis"] == BY_RULES and BY_RULES in reply.text
    assert (await asked(caller, "list_stories", articles=6))["stories"] == []


async def test_a_story_is_read_with_credits_and_timeline_in_parts(caller: Caller, numbers: list[int]) -> None:
    first = await asked(caller, "read_story", story=numbers[0], limit=3)
    assert [one["id"] for one in first["articles"]] == numbers[:3]
    assert first["articles"][1]["repeats"] == [numbers[0]]
    assert any("We are sorry" in sentence for sentence in first["articles"][1]["adds"])
    assert first["articles"][2]["copy_of"] == numbers[1]
    assert ("Coast Radio", "Reuters") in {(one["by"], one["source"]) for one in first["credits"]}
    assert [one["kind"] for one in first["timeline"]][:3] == ["first", "followed", "copied"]
    rest = await asked(caller, "read_story", story=numbers[0], limit=3, cursor=first["next_cursor"])
    assert [one["id"] for one in rest["articles"]] == numbers[3:]
    assert rest["next_cursor"] is None and rest["credits"] == []


async def test_the_text_of_a_story_fences_what_publishers_wrote(caller: Caller, numbers: list[int]) -> None:
    text = (await call_tool(caller, "read_story", {"story": numbers[0]})).text
    before, fence, inside = text.partition("<untrusted-")
    assert fence and BY_RULES in before and "Aldmere" not in before
    assert "names Reuters (score" in inside


async def test_an_article_is_traced(caller: Caller, numbers: list[int]) -> None:
    found = await asked(caller, "trace_article", article=numbers[1])
    assert [one["id"] for one in found["copies"]] == [numbers[2]]
    assert found["story"] == numbers[0]
    found = await asked(caller, "trace_article", article=numbers[3])
    assert [(one["source"], one["through"]) for one in found["credits"]] == [
        ("Agence France-Presse", None),
        ("Aldmere Post", "Agence France-Presse"),
    ]
    text = (await call_tool(caller, "trace_article", {"article": numbers[3]})).text
    assert "through Agence France-Presse, score" in text and BY_RULES in text


async def test_what_is_not_there_is_told(caller: Caller, numbers: list[int]) -> None:
    assert "story 999" in await refused(caller, "read_story", story=999)
    assert numbers
    other = caller.archive.accounts.add("Bo", now=NOW)
    theirs = Caller(archive=caller.archive, user=other.id, clock=lambda: NOW)
    assert (await asked(theirs, "list_stories"))["stories"] == []
    assert other.id != OWNER
    await refused(theirs, "read_story", story=numbers[0])
    await refused(theirs, "trace_article", article=numbers[0])


async def test_lists_and_searches_fold_near_duplicates_if_asked(caller: Caller, numbers: list[int]) -> None:
    for tool, given in (("list_unread", {}), ("search_articles", {"query": "Solveig"})):
        plain = {one["id"]: one["copies"] for one in (await asked(caller, tool, **given))["articles"]}
        assert {number: plain.get(number) for number in numbers} == {number: [] for number in numbers}
        reply = await call_tool(caller, tool, {**given, "fold_copies": True})
        folded = {one["id"]: one["copies"] for one in reply.answer.model_dump(mode="json")["articles"]}
        assert set(folded) == set(plain) - {numbers[2]}
        assert folded[numbers[1]] == [numbers[2]]
        assert f"nearly the same text: {numbers[2]}" in reply.text
