"""The commands `tag`, `mute`, `token`, `delete` and `retain`."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run, Site


def test_tags_are_added_listed_and_taken_off(small_paper: Site, run: Run) -> None:
    told(run, "tag", "add", f"{small_paper.origin}/1", "to read", "ships")
    assert [one["name"] for one in listed(run, "tag", "list")] == ["ships", "to read"]
    told(run, "tag", "remove", f"{small_paper.origin}/1", "ships")
    assert [one["name"] for one in listed(run, "tag", "list", f"{small_paper.origin}/1")] == ["to read"]
    assert "no name for a tag" in told(run, "tag", "add", f"{small_paper.origin}/1", " ", code=8)
    told(run, "tag", "add", f"{small_paper.origin}/1", "later")
    assert "renamed to to read (articles: 1)" in told(run, "tag", "rename", "later", "to read")
    assert [(one["name"], one["articles"]) for one in listed(run, "tag", "list")] == [("to read", 1)]
    assert "unabridged tag list" in told(run, "tag", "drop", "later", code=9)
    told(run, "tag", "drop", "to read")
    assert listed(run, "tag", "list") == []
