"""`credits`: the sources of a page, a file and an article of the archive."""

import json

from tests.cli.commands.newspaper import output, story
from tests.cli.tools import Run, Site

CREDITED = (
    "<p>The port stays closed, Reuters reported on Monday, citing Xinhua. The minister told the BBC "
    "that rain came.</p>"
)
EXPECTED = [("Reuters", "report", None), ("Xinhua", "cites", 0), ("BBC", "told", None)]


def found(text: str) -> list[tuple[str, str, int | None]]:
    return [(one["source"], one["relation"], one["parent"]) for one in json.loads(text)["credits"]]


def test_credits_of_an_address_an_article_and_stdin(run: Run, paper: Site) -> None:
    address = f"{paper.origin}/story/1"
    paper.answers["/story/1"] = story(1, CREDITED)
    assert found(output(run("--json", "credits", address))) == EXPECTED
    output(run("save", address))
    paper.answers["/story/1"] = story(1)
    assert found(output(run("--json", "credits", "1"))) == EXPECTED
    assert found(output(run("--json", "credits", address))) == EXPECTED  # the stored one, not today's page
    table = output(run("credits", "1"))
    assert "The Small Paper" in table and "Xinhua" in table and "cites" in table
    page = story(1, CREDITED).body
    told = json.loads(output(run("--json", "credits", "-", "--url", "https://www.rfi.fr/x", stdin=page)))
    assert (told["site"], told["credits"][0]["country"], told["credits"][0]["confidence"] > 0.9) == (
        "RFI",
        "GB",
        True,
    )


def test_an_article_without_sources_and_a_missing_one(run: Run, paper: Site) -> None:
    done = run("credits", f"{paper.origin}/story/1")
    assert (done.returncode, done.stdout) == (0, b"") and b"No credited source" in done.stderr
    output(run("save", f"{paper.origin}/story/1"))
    missing = run("credits", "999")
    assert missing.returncode != 0 and b"999" in missing.stderr
