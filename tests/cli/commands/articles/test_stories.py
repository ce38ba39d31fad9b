"""`stories` and `story`: events on which several articles report, as tables and as JSON."""

import json

from tests.archive.analysis.test_stories import ELECTION, QUAKE, QUAKE_TOO
from tests.cli.commands.articles.test_copies import page
from tests.cli.commands.newspaper import output
from tests.cli.tools import Run, Site

FURTHER = " ".join(f"The {word} was there, too." for word in ("mayor", "judge", "baker", "teacher", "nurse"))


def test_stories_and_their_articles(run: Run, paper: Site) -> None:
    assert b"no such story" in run("stories").stderr
    for number, (title, text) in enumerate((QUAKE, ELECTION, QUAKE_TOO), 1):
        paper.answers[f"/story/{number}"] = page(title, text, FURTHER)
        output(run("save", f"{paper.origin}/story/{number}"))
    [line] = json.loads(output(run("--json", "stories")))
    assert (line["number"], line["articles"], line["title"]) == (1, 2, QUAKE[0])
    assert QUAKE[0] in output(run("stories", "--since", "1d"))
    assert json.loads(output(run("--json", "stories", "--articles", "3"))) == []
    found = json.loads(output(run("--json", "story", "1")))
    assert [(one["id"], one["copy_of"]) for one in found["articles"]] == [(1, None), (3, None)]
    assert found["changes"] == []
    assert QUAKE_TOO[0] in output(run("story", "3")), "the story of article 3"
    assert b"is story 1 now" in run("story", "3").stderr
    missing = run("story", "2")
    assert missing.returncode != 0 and b"no story 2" in missing.stderr
