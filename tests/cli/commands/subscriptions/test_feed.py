"""`feed` and `find`: a short feed whole, and the feed of a site."""

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
