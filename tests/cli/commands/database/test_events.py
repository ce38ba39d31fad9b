"""`events`: what happened, for people and programs, and what happens now."""

import json
import signal
import subprocess
from pathlib import Path

from tests.cli.commands.newspaper import output, story
from tests.cli.test_planted_files import SCRIPT
from tests.cli.tools import Run, Site


def test_events_are_listed_oldest_first_and_filtered(run: Run, paper: Site) -> None:
    assert b"There are no such events." in run("events").stderr or run("events").returncode
    for text in ("", "<p>Correction: the ferry left after dawn, not before it, on that day.</p>"):
        if text:
            paper.answers["/story/1"] = story(1, text)
        output(run("save", f"{paper.origin}/story/1"))
    output(run("save", f"{paper.origin}/story/2"))
    found = json.loads(output(run("--json", "events")))
    assert [(one["number"], one["kind"], one["article"]) for one in found] == [
        (1, "article.new", 1),
        (2, "article.changed", 1),
        (3, "article.new", 2),
    ]
    [edit] = json.loads(output(run("--json", "events", "--kind", "article.changed", "--since", "7d")))
    assert (edit["before"], edit["after"]) == (1, 2)
    assert "versions 1..2; " in output(run("events", "--kind", "article.changed"))
    assert json.loads(output(run("--json", "events", "--limit", "1"))) == found[2:]
    assert json.loads(output(run("--json", "events", "--after", "1", "--limit", "1"))) == [edit]
    assert b"go on with --after 1" in run("events", "--after", "0", "--limit", "1").stderr
    assert run("events", "--kind", "article.eaten").returncode == 2


def test_follow_shows_events_as_they_happen(run: Run, paper: Site, home: Path) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    database = f"sqlite:///{home / 'unabridged.sqlite'}"
    command = [SCRIPT, "--database", database, "--json", "events", "--follow", "--after", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as follower:
        assert follower.stdout is not None
        try:
            assert json.loads(follower.stdout.readline())["article"] == 1
            output(run("save", f"{paper.origin}/story/2"))
            one = json.loads(follower.stdout.readline())
            assert (one["number"], one["kind"], one["article"]) == (2, "article.new", 2)
        finally:
            follower.send_signal(signal.SIGINT)
        assert follower.wait(30) == 0
