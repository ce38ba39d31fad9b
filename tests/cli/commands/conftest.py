"""A small newspaper to subscribe to."""

import pytest

from tests.cli.commands.newspaper import feed, story
from tests.cli.tools import Canned, Site


@pytest.fixture
def paper(site: Site) -> Site:
    """A paper with a short feed of three stories, linked from its front page."""
    for n in range(1, 5):
        site.answers[f"/story/{n}"] = story(n)
    site.answers["/rss"] = feed(site, range(1, 4))
    site.answers["/"] = Canned(
        body=b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss" title="All">'
        b"</head></html>"
    )
    return site
