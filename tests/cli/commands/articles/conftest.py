"""A small newspaper to subscribe to."""

import pytest

from tests.cli.commands.sample_paper import PAGE, TEXT
from tests.cli.tools import Canned, Run, Site


@pytest.fixture
def small_paper(site: Site, run: Run) -> Site:
    """A feed of two stories, subscribed to."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{site.origin}/{n}</link><guid>{n}</guid></item>" for n in (1, 2)
    )
    body = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"
    site.answers["/rss"] = Canned(body=body.encode(), type="application/rss+xml")
    for n in (1, 2):
        site.answers[f"/{n}"] = Canned(body=PAGE.format(n=n, text=TEXT).encode())
    assert run("add", f"{site.origin}/rss", "--folder", "News", "--no-read").returncode == 0
    return site
