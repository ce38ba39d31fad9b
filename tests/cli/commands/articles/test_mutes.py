"""`mute`: rules added, listed and dropped."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run, Site


def test_mute_rules_are_added_listed_and_dropped(small_paper: Site, run: Run) -> None:
    assert "title has story 2" in told(run, "mute", "add", "title", "story 2")
    assert "1" in told(run, "mute", "list")
    assert "no regular expression" in told(run, "mute", "add", "title", "(", "--regex", code=8)
    told(run, "mute", "remove", "1")
    assert listed(run, "mute", "list") == []
    assert "mute list" in told(run, "mute", "remove", "1", code=9)
