"""`feed` and `find`: a short feed whole, and the feed of a site."""

import json

import pytest

from tests.cli.commands.newspaper import output
from tests.cli.tools import Canned, Run, Site


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_a_short_feed_is_printed_whole(run: Run, paper: Site, format: str) -> None:
    text = output(run("feed", f"{paper.origin}/rss", "--format", format))
    assert all(f"Paragraph 5 of story {n}" in text for n in (1, 2, 3))


def test_find_names_the_feed_of_a_site(run: Run, paper: Site) -> None:
    assert f"{paper.origin}/rss" in output(run("find", paper.origin))


def test_find_without_a_feed_says_so(run: Run, site: Site) -> None:
    site.answers["/"] = Canned(body=b"<html><body><p>Nothing.</p></body></html>")
    done = run("find", site.origin)
    assert done.returncode == 1
    assert b"No feed was found" in done.stderr


ROW = "<li><a href='/story/{0}'>Flood report with the number {0}</a> 2024-05-0{0}</li>"
LISTED = (
    "<ul>"
    + "".join(map(ROW.format, range(1, 5)))
    + "</ul><div class=r><b>Most read</b>"
    + "".join(f"<p><a href='/old/{n}'>What the town reads most of all, {n}</a></p>" for n in range(1, 4))
    + "</div>"
)


def test_a_page_without_a_feed_is_found_as_a_list_and_another_is_pointed_at(run: Run, site: Site) -> None:
    site.answers["/"] = Canned(body=f"<html><body>{LISTED}</body></html>".encode())
    found = run("find", site.origin)
    assert found.returncode == 0 and b"list of 4 items" in found.stderr
    assert b"2024-05-03  Flood report with the number 3" in found.stdout
    (listed,) = json.loads(output(run("find", site.origin, "--json")))
    assert (listed["source"], listed["type"]) == ("page", "page")

    whole = run("feed", site.origin, "--format", "json", "--like", "What the town reads most of all, 2")
    assert [item["title"] for item in json.loads(whole.stdout)["items"]] == [
        f"What the town reads most of all, {n}" for n in range(1, 4)
    ]
    assert b"What the town reads most of all, 3" in whole.stderr  # the preview

    for headline, words in (("No such thing", b"stands nowhere"), ("Most read", b"in no list of links")):
        refused = run("feed", site.origin, "--like", headline)
        assert refused.returncode == 5 and words in refused.stderr


def test_the_list_of_a_page_is_chosen_when_it_is_added_and_changed_later(run: Run, site: Site) -> None:
    site.answers["/"] = Canned(body=f"<html><body>{LISTED}</body></html>".encode())
    refused = run("add", site.origin, "--no-read", "--like", "No such thing")
    assert refused.returncode == 5 and b"Copy a headline as the page shows it now" in refused.stderr
    assert b"name a single address" in run("add", site.origin, "https://x.example", "--like", "x").stderr

    added = run("add", site.origin, "--no-read", "--like", "What the town reads most of all, 1")
    assert b"list of 3 items" in added.stderr
    assert b"like         What the town reads most of all, 1" in run("set", "1").stdout
    changed = run("set", "1", "like=Flood report with the number 2", "title=Floods")
    assert b"list of 4 items" in changed.stderr and b"title        Floods" in changed.stdout
    assert json.loads(output(run("set", "1", "--json")))["like"] == "Flood report with the number 2"
    assert b"Known keys" in run("set", "1", "likes=x").stderr
