"""`history` and `diff`: a silent edit is shown."""

import json
from dataclasses import replace
from pathlib import Path

from tests.cli.commands.newspaper import output, story
from tests.cli.tools import Run, Site
from unabridged.archive import Archive
from unabridged.archive.records.library import ReplayChange


def test_history_and_diff_show_a_silent_edit(run: Run, paper: Site) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    paper.answers["/story/1"] = story(
        1, "<p>Correction: the ferry left after dawn, not before it, on that day.</p>"
    )
    output(run("save", f"{paper.origin}/story/1"))
    lines = json.loads(output(run("--json", "history", f"{paper.origin}/story/1")))
    assert [line["edit"] for line in lines] == [False, True]
    told = run("history", "1")
    assert b"the whole text, from its page" in told.stdout and b"edited by the publisher" in told.stdout
    assert b"Edited by the publisher once, last on " in told.stderr
    [listed] = json.loads(output(run("--json", "articles")))
    assert (listed["edits"], listed["edited"]) == (1, lines[1]["fetched"])
    assert listed["edited"][:10] in output(run("articles")).splitlines()[1]
    [exported] = output(run("export", "--format", "jsonl")).splitlines()
    assert json.loads(exported)["edits"] == 1
    assert "[+" in output(run("diff", "1"))
    assert "Correction: the ferry left after dawn" in output(run("diff", "1"))


def test_diff_shows_the_last_edit_and_not_what_a_newer_extractor_read(
    run: Run, paper: Site, home: Path
) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    paper.answers["/story/1"] = story(1, "<p>Correction: the ferry left after dawn, not before it.</p>")
    output(run("save", f"{paper.origin}/story/1"))
    with Archive(f"sqlite:///{home / 'unabridged.sqlite'}") as archive:
        stored = archive.library().articles.get(1)
        article = replace(stored.article, text=stored.article.text + "\n\nA caption that was not read.")
        change = ReplayChange(article_id=1, base=2, article=article, reason="6 words")
        archive.reextraction.apply(None, [change], now=stored.revised)
    shown = run("diff", "1")
    assert "Correction" in output(shown) and "caption" not in output(shown)
    assert b"Version 1 to 2" in shown.stderr
    assert "caption" in output(run("diff", "1", "--to", "3"))


def _markdown(title: str, text: str) -> str:
    head = f'title: "{title}"\nurl: "https://paper.example/1"\npublished: "2026-06-01T10:00:00Z"'
    return f"---\n{head}\n---\n\n{text}\n"


def test_a_changed_headline_is_shown(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "story.md"
    words = "The pier was closed on Monday after the storm, and the ferry stayed in the harbour all day."
    for title in ("Pier closed", "Pier reopened"):
        file.write_text(_markdown(title, words))
        assert run("import", str(file)).returncode == 0
    shown = run("diff", "1").stdout.decode()
    assert "Headline: Pier [-closed-][+reopened+]" in shown.replace("] [", "][")
    found = json.loads(run("diff", "1", "--json").stdout)
    assert (found["headline"]["added"], found["headline"]["removed"]) == (1, 1)


def test_a_word_that_names_no_article_gets_advice_that_works(run: Run) -> None:
    done = run("history", "abc")
    assert done.returncode == 9
    assert "`unabridged articles`" in done.stderr.decode()
    assert run("articles").returncode == 0
