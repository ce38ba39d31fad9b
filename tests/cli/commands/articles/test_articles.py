"""The list of articles with their numbers."""

import json

import pytest

from tests.archive.analysis.test_analyse import WIRE
from tests.cli.tools import Canned, Run, Site

ITEMS = "".join(
    f"<item><title>Story {n}</title><link>https://paper.example/{n}</link><guid>{n}</guid>"
    f"<pubDate>Mon, 0{n} Jun 2026 10:00:00 GMT</pubDate><description>Text {n}.</description></item>"
    for n in range(1, 6)
)
RSS = f"<rss version='2.0'><channel><title>Paper</title>{ITEMS}</channel></rss>"


@pytest.fixture
def paper(run: Run, site: Site) -> Site:
    site.answers["/rss"] = Canned(body=RSS.encode(), type="application/rss+xml")
    assert run("add", f"{site.origin}/rss", "--no-read").returncode == 0
    return site


def test_articles_are_listed_newest_first_with_their_numbers(paper: Site, run: Run) -> None:
    found = json.loads(run("articles", "--json", "-n", "3").stdout)
    assert [one["title"] for one in found] == ["Story 5", "Story 4", "Story 3"]
    lines = run("articles").stdout.decode().splitlines()
    assert len(lines) == 6
    assert str(found[0]["id"]) in lines[1]
    assert "Story 5" in lines[1]
    assert run("history", str(found[0]["id"])).returncode == 0


def test_more_articles_than_the_limit_are_announced(paper: Site, run: Run) -> None:
    assert b"more articles" in run("articles", "-n", "4").stderr
    assert b"more articles" not in run("articles", "-n", "5").stderr


def test_articles_are_selected_like_those_of_an_export(paper: Site, run: Run) -> None:
    assert run("articles", "--search", "story 2", "--json").stdout.count(b'"title"') == 1
    assert b"No articles match" in run("articles", "--starred").stderr
    assert run("articles", "--feed", "99").returncode == 9


def test_near_duplicates_are_folded_if_asked(run: Run, site: Site) -> None:
    texts = (WIRE, f"From our partners. {WIRE}", "Another story with few words.")
    items = "".join(
        f"<item><title>Story {n}</title><link>https://paper.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Mon, 0{n} Jun 2026 10:00:00 GMT</pubDate><description>{text}</description></item>"
        for n, text in enumerate(texts, start=1)
    )
    body = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>".encode()
    site.answers["/wires"] = Canned(body=body, type="application/rss+xml")
    assert run("add", f"{site.origin}/wires", "--no-read").returncode == 0
    every = json.loads(run("articles", "--json").stdout)
    assert len(every) == 3 and "folded" not in every[0]
    assert run("copies", str(every[0]["id"])).returncode == 0  # analyses what waits
    found = json.loads(run("articles", "--fold", "--json").stdout)
    [front] = [one for one in found if one["folded"]]
    assert len(found) == 2
    assert front["folded"] == [
        n for n in sorted(one["id"] for one in every) if n not in {o["id"] for o in found}
    ]
    assert " +1" in run("articles", "--fold").stdout.decode()
    assert len(json.loads(run("articles", "--fold", "--search", "cargo", "--json").stdout)) == 1
