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
    first, second = found["articles"]
    assert first["repeated"] == [] and first["share"] == 0
    assert second["share"] > 0
    assert {one["source"] for one in second["repeated"]} == {1}
    assert all(one["text"] in " ".join((QUAKE_TOO[1], FURTHER)) for one in second["repeated"])
    shown = output(run("story", "1"))
    assert f"  + {second['added'][0]}" in shown
    assert f"  = {second['repeated'][0]['text'][:100]}" in shown and f"{second['share']:.0%}" in shown
    assert QUAKE_TOO[0] in output(run("story", "3")), "the story of article 3"
    assert b"is story 1 now" in run("story", "3").stderr
    missing = run("story", "2")
    assert missing.returncode != 0 and b"no story 2" in missing.stderr


def test_who_names_whom_is_printed_with_scores(run: Run, paper: Site) -> None:
    title, text = QUAKE_TOO
    paper.answers["/story/1"] = page(*QUAKE, FURTHER)
    paper.answers["/story/2"] = page(title, text, "Most were asleep, Reuters reported on Monday.", FURTHER)
    for number in (1, 2):
        output(run("save", f"{paper.origin}/story/{number}"))
    (credit,) = json.loads(output(run("--json", "story", "1")))["credits"]
    assert (credit["source"], credit["article"]) == ("Reuters", 2)
    assert credit["sentence"] == "Most were asleep, Reuters reported on Monday."
    assert f"{credit['by']} names Reuters ({credit['confidence']:.2f})" in output(run("story", "1"))


def test_an_empty_list_of_stories_says_when_they_come(run: Run, paper: Site) -> None:
    paper.answers["/story/1"] = page(*QUAKE, FURTHER)
    output(run("save", f"{paper.origin}/story/1"))
    assert b"two articles of different feeds" in run("stories").stderr
    assert b"Leave out an option" in run("stories", "--articles", "4").stderr
