"""`history` and `diff`: a silent edit is shown."""

import json

from tests.cli.commands.newspaper import output, story
from tests.cli.tools import Run, Site


def test_history_and_diff_show_a_silent_edit(run: Run, paper: Site) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    paper.answers["/story/1"] = story(
        1, "<p>Correction: the ferry left after dawn, not before it, on that day.</p>"
    )
    output(run("save", f"{paper.origin}/story/1"))
    lines = json.loads(output(run("--json", "history", f"{paper.origin}/story/1")))
    assert len(lines) == 2
    assert "[+" in output(run("diff", "1"))
    assert "Correction: the ferry left after dawn" in output(run("diff", "1"))
