"""`demo --check` on publishers' folders that we write here: it believes a true truth and no other."""

import json
from io import StringIO
from pathlib import Path

import pytest

from unabridged.cli.support.terminal import Console
from unabridged.demo import check_demo

PARAGRAPHS = (
    "The harbour froze on Monday for the first time since 1963, and by noon there were people on it who had "
    "never met, although they had lived on opposite quays for the whole of their lives.",
    "The harbour master, who is responsible for everything that floats, explained to all who asked that he "
    "was not responsible for anything that walks. He then lent his ladder to the school.",
    "Somebody brought a kettle, somebody a fiddle. A dog belonging to nobody crossed from the fish market to "
    "the customs house and back eleven times, as if it had found out how things are connected.",
    "On Wednesday it thawed. The ladder was returned. The two quays, which had talked, have gone on talking, "
    "and a committee of both is now looking into the matter of a bridge.",
)

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The harbour froze - The Quay</title>
<meta property="og:title" content="The harbour froze">
<meta property="og:image" content="{{base}}/static/ice.png">
<meta property="article:published_time" content="2025-02-03T07:30:00+00:00">
<meta name="author" content="Ada Thorne"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>The harbour froze</h1><p class="by">By <a rel="author" href="/ada">Ada Thorne</a></p>
BODY</article>
<footer><a href="/terms">Terms</a>
<a href="/privacy">Privacy</a> All rights reserved</footer></body></html>"""

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Quay</title><link>{{base}}/</link><description>News</description>
<item><title>The harbour froze</title><link>{{base}}/2025/harbour.html</link>
<guid isPermaLink="false">h1</guid>
<description>For the first time since 1963.</description></item></channel></rss>"""

TRUTH = {
    "title": "The harbour froze",
    "authors": ["Ada Thorne"],
    "published": "2025-02-03T07:30:00+00:00",
    "lead_image": "/static/ice.png",
    "text": "\n\n".join(PARAGRAPHS),
    "without": ["All rights reserved", "Sport"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "quay"
    for room in ("pages/2025", "feeds", "truth"):
        (site / room).mkdir(parents=True)
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    (site / "pages/2025/harbour.html").write_text(PAGE.replace("BODY", body))
    (site / "feeds/news.xml").write_text(FEED)
    (site / "truth/harbour.json").write_text(json.dumps(TRUTH))
    return site


async def checked(site: Path) -> tuple[int, str]:
    out = StringIO()
    code = await check_demo(sites=[site], console=Console(file=out, width=250))
    return code, out.getvalue()


async def test_a_folder_whose_truth_holds_passes(folder: Path) -> None:
    code, table = await checked(folder)
    assert (code, "1 of 1 articles agree" in table) == (0, True), table


async def test_a_folder_whose_truth_does_not_hold_fails(folder: Path) -> None:
    """Two rows are wrong, each in another way, and one is about a page that no feed names."""
    wrong = (
        {"title": "The harbour thawed"},
        {"text": "\n\n".join((*PARAGRAPHS, "And a bear was seen on it."))},
    )
    absent = {"url": "/2025/not-in-the-feed.html"}
    rows = [{"url": "/2025/harbour.html", **TRUTH, **change} for change in (*wrong, absent)]
    (folder / "truth/harbour.json").write_text(json.dumps(rows))
    code, table = await checked(folder)
    assert (code, "0 of 3 articles agree" in table, "not in the archive" in table) == (1, True, True), table


async def test_a_folder_without_truth_does_not_pass(folder: Path) -> None:
    (folder / "truth/harbour.json").unlink()
    code, said = await checked(folder)
    assert (code, "nothing to compare with" in said) == (1, True)


async def test_a_feed_that_cannot_be_read_fails_the_check(folder: Path) -> None:
    (folder / "feeds/broken.xml").write_text("<html>this is no feed</html>")
    code, said = await checked(folder)
    assert (code, "Not subscribed" in said) == (1, True)


async def test_every_article_of_the_bundled_publisher_agrees_with_its_truth() -> None:
    out = StringIO()
    code = await check_demo(console=Console(file=out, width=250))
    assert (code, "19 of 19 articles agree" in out.getvalue()) == (0, True), out.getvalue()
