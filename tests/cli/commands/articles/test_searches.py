"""`searches`: saved searches added, listed, changed and removed."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run, Site


def test_searches_are_saved_listed_changed_and_removed(small_paper: Site, run: Run) -> None:
    assert "1  Stories: story" in told(run, "searches", "add", "Stories", "story")
    [before] = listed(run, "searches", "list")
    assert before["unread"] == 2
    told(run, "searches", "change", "1", "--name", "None", "--query", "nothing", "--unread")
    [after] = listed(run, "searches", "list")
    assert (after["name"], after["query"], after["unread"], after["unread_only"]) == (
        "None",
        "nothing",
        0,
        True,
    )
    assert "must stand beside" in told(run, "searches", "add", "x", "a OR is:read", code=2)
    told(run, "searches", "remove", "1")
    assert listed(run, "searches", "list") == []
    assert "searches list" in told(run, "searches", "remove", "1", code=9)
