"""`filter`: rules added, tried, listed, changed and removed."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run, Site


def test_rules_are_added_tried_listed_changed_and_removed(small_paper: Site, run: Run) -> None:
    assert "would be set aside" in told(run, "filter", "try", "mute", 'title:"story 2"')
    assert listed(run, "filter", "list") == []
    assert 'mute  title:"story 2"' in told(run, "filter", "add", "mute", 'title:"story 2"')
    assert 'title:"story 2"' in told(run, "filter", "list")
    assert "no regular expression" in told(run, "filter", "add", "mute", "title:/(/", code=2)
    assert "no folder" in told(run, "filter", "add", "mute", "x", "--folder", "None", code=9)
    told(run, "filter", "change", "1", "keep", "story", "--feed", "1")
    [rule] = listed(run, "filter", "list")
    assert (rule["action"], rule["query"], rule["feed_id"]) == ("keep", "story", 1)
    told(run, "filter", "remove", "1")
    assert listed(run, "filter", "list") == []
    assert "filter list" in told(run, "filter", "remove", "1", code=9)
