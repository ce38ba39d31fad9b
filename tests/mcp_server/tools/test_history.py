"""Tools that read the history of articles."""

from tests.mcp_server.conftest import whole
from tests.mcp_server.tools.test_reading import asked, refused
from tests.serve.running_app import NOW, Desk, page_of
from unabridged.archive.records.core import Failure
from unabridged.mcp_server.caller import Caller


async def test_versions_are_listed_in_parts(caller: Caller, desk: Desk) -> None:
    number = desk.articles[0]
    found = await asked(caller, "list_versions", article=number)
    assert [one["number"] for one in found["versions"]] == [0, 1, 2]
    assert [one["edit"] for one in found["versions"]] == [False, False, True]
    first = await asked(caller, "list_versions", article=number, limit=2)
    rest = await asked(caller, "list_versions", article=number, limit=2, cursor=first["next_cursor"])
    assert [one["number"] for one in rest["versions"]] == [2]
    assert rest["next_cursor"] is None


async def test_the_last_edit_is_compared_word_by_word(caller: Caller, desk: Desk) -> None:
    found = await asked(caller, "diff_versions", article=desk.articles[0])
    assert (found["older"]["number"], found["newer"]["number"]) == (1, 2)
    assert "The minister promised [-ten-]{+two+} ferries." in found["diff"]
    assert found["title_changed"]
    assert "Title: " in found["diff"]
    assert (found["words_added"], found["words_removed"]) == (1, 1)


async def test_any_two_versions_are_compared(caller: Caller, desk: Desk) -> None:
    found = await asked(caller, "diff_versions", article=desk.articles[0], older=0, newer=1)
    assert "[-Three lines.-]" in found["diff"]
    same = await asked(caller, "diff_versions", article=desk.articles[0], older=2, newer=2)
    assert (same["words_added"], same["words_removed"]) == (0, 0)
    assert "no version 8" in await refused(caller, "diff_versions", article=desk.articles[0], newer=8)


async def test_long_differences_come_in_parts_of_the_same_versions(caller: Caller, desk: Desk) -> None:
    number = desk.articles[1]
    for day, word in ((20, "grey"), (21, "white")):
        text = "\n\n".join(f"Hen {place} of the farm is {word} and old." for place in range(200))
        article = whole(1, text)
        desk.archive.ingest.save_page(number, article, page_of(article), now=NOW.replace(day=day, hour=10))
    first = await asked(caller, "diff_versions", article=number, characters=2000)
    last = whole(1, "All hens are gone.")
    desk.archive.ingest.save_page(number, last, page_of(last), now=NOW.replace(day=22))
    second = await asked(
        caller, "diff_versions", article=number, characters=2000, cursor=first["next_cursor"]
    )
    assert second["newer"]["number"] == first["newer"]["number"]
    assert "[-grey-]{+white+}" in second["diff"]
    assert "gone" not in second["diff"]


async def test_an_article_says_what_it_said_on_a_day(caller: Caller, desk: Desk) -> None:
    number = desk.articles[0]
    before = await asked(caller, "article_as_of", article=number, at="2026-03-20")
    assert "ten ferries" in before["markdown"]
    assert before["replaced"] == "2026-03-21T09:00:00Z"
    after = await asked(caller, "article_as_of", article=number, at="2026-03-21")
    assert "two ferries" in after["markdown"]
    assert after["replaced"] is None
    exact = await asked(caller, "article_as_of", article=number, at="2026-03-21T08:59:59Z")
    assert "ten ferries" in exact["markdown"]
    told = await refused(caller, "article_as_of", article=number, at="2026-03-19")
    assert "first saw" in told and "2026-03-20T09:00:00" in told
    assert "7d" in await refused(caller, "article_as_of", article=number, at="yesterday")


async def test_an_edit_that_is_taken_back_is_current_again(caller: Caller, desk: Desk) -> None:
    number = desk.articles[0]
    first = whole(0, "The minister promised ten ferries.\n\nNobody asked which ones.")
    desk.archive.ingest.save_page(number, first, page_of(first, NOW.replace(day=22)), now=NOW.replace(day=22))
    for at, words in (("2026-03-20", "ten"), ("2026-03-21", "two"), ("2026-03-22", "ten")):
        found = await asked(caller, "article_as_of", article=number, at=at)
        assert f"{words} ferries" in found["markdown"], at


async def test_the_removal_of_a_page_is_told(caller: Caller, desk: Desk) -> None:
    number = desk.articles[0]
    assert (await asked(caller, "list_versions", article=number))["taken_down"] is None
    desk.archive.ingest.record_page_failure(
        number,
        Failure(kind="status", message="410"),
        now=NOW.replace(day=23),
        next_try_at=None,
        status=410,
        taken_down=True,
    )
    for tool in ("list_versions", "read_article"):
        assert (await asked(caller, tool, article=number))["taken_down"] == "2026-03-23T09:00:00Z"
