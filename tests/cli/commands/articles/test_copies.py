"""`copies`: articles with nearly the same text, by number and as JSON."""

import json

from tests.cli.commands.newspaper import output
from tests.cli.tools import Canned, Run, Site

WIRE = " ".join(f"Ship {name} left the harbour for the islands in the north." for name in "ABCDEFGHIJKLM")
OTHER = " ".join(f"Line {name} tells of a market, a bakery and an old mill." for name in "NOPQRSTUVWXYZ")


def page(title: str, *paragraphs: str) -> Canned:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return Canned(body=f"<html><title>{title}</title><article><h1>{title}</h1>{body}</article>".encode())


def test_copies_of_an_article(run: Run, paper: Site) -> None:
    paper.answers["/story/1"] = page("Ships of the north", WIRE)
    paper.answers["/story/2"] = page("Ships", "From our partners.", WIRE)
    paper.answers["/story/3"] = page("Markets", OTHER)
    for number in (1, 2, 3):
        output(run("save", f"{paper.origin}/story/{number}"))
    [found] = json.loads(output(run("--json", "copies", "1")))
    assert (found["id"], found["url"]) == (2, f"{paper.origin}/story/2")
    assert "/story/1" in output(run("copies", "2"))
    done = run("copies", "3")
    assert (done.returncode, done.stdout) == (0, b"") and b"No other article" in done.stderr
    missing = run("copies", "999")
    assert missing.returncode != 0 and b"999" in missing.stderr
