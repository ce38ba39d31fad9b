"""The list of articles with their numbers."""

import json

import pytest

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
