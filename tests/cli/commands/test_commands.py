"""The commands, run as processes on a small local site."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Done, Run, Site

# ruff: noqa: E501
STORY = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Small Paper</title>
<meta property="og:site_name" content="The Small Paper"><meta name="author" content="Ada Quill">
<meta property="article:published_time" content="2025-03-0{n}T08:30:00+01:00"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/help">Help</a></li></ul></nav>
<main><article><h1>{title}</h1><p class="byline">By Ada Quill</p>
{paragraphs}
</article></main><footer><p><a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p></footer></body></html>"""

SENTENCES = (
    "The ferry left the harbour before dawn, as it has for forty years, and nobody on the quay looked up.",
    "In the wheelhouse the captain drank her tea standing, one hand on the brass rail, watching the tide turn.",
    "Two schoolteachers, a crate of hens and the doctor's bicycle made up the whole of the morning's cargo.",
    "Halfway across the engine coughed twice, fell silent, and then, to general relief, began again.",
    "When they tied up at the island, the baker was already waiting with the bread and a list of complaints.",
)


def story(n: int, extra: str = "") -> Canned:
    lines = (f"<p>Paragraph {i} of story {n}: {sentence}</p>" for i, sentence in enumerate(SENTENCES, 1))
    paragraphs = "\n".join(lines) + extra
    return Canned(body=STORY.format(title=f"The ferry, part {n}", n=n, paragraphs=paragraphs).encode())


def feed(site: Site, numbers: range) -> Canned:
    items = "".join(
        f"<item><title>The ferry, part {n}</title><link>{site.origin}/story/{n}</link><guid>story-{n}</guid>"
        f"<pubDate>Mon, 0{n} Mar 2025 07:30:00 GMT</pubDate><description>The ferry left…</description></item>"
        for n in numbers
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Small Paper</title><link>{site.origin}/</link>'
        f"<description>Short</description>{items}</channel></rss>"
    )
    return Canned(body=body.encode(), type="application/rss+xml")


@pytest.fixture
def paper(site: Site) -> Site:
    """A paper with a short feed of three stories, linked from its front page."""
    for n in range(1, 5):
        site.answers[f"/story/{n}"] = story(n)
    site.answers["/rss"] = feed(site, range(1, 4))
    site.answers["/"] = Canned(
        body=b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss" title="All"></head></html>'
    )
    return site


def output(done: Done) -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("format", "opening"),
    [
        ("markdown", "# The ferry, part 1\n\nParagraph 1"),
        ("text", "Paragraph 1 of story 1"),
        ("html", "<p>Paragraph 1 of story 1"),
        ("json", "{"),
        ("document", "<!--"),
    ],
)
def test_a_page_is_read_in_every_format(run: Run, paper: Site, format: str, opening: str) -> None:
    text = output(run("read", f"{paper.origin}/story/1", "--format", format))
    assert text.startswith(opening)
    assert "Paragraph 5 of story 1" in text
    assert "Privacy" not in text


def test_a_page_from_stdin_resolves_its_links_against_the_given_address(started: Run) -> None:
    page = story(
        1, '<p>More <a href="/part/2">in the second part</a> of this long story about ferries.</p>'
    ).body
    text = output(started("read", "-", "--url", "https://paper.example/x", "--format", "html", stdin=page))
    assert 'href="https://paper.example/part/2"' in text


def test_explain_names_kept_and_dropped_blocks(run: Run, paper: Site) -> None:
    text = output(run("read", f"{paper.origin}/story/1", "--explain"))
    assert text.startswith("title") and "(from: " in text and "complete    full" in text
    assert any(line.startswith("kept") and "Paragraph 3" in line for line in text.splitlines())
    assert any(line.startswith("dropped") and "Privacy" in line for line in text.splitlines())


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_a_short_feed_is_printed_whole(run: Run, paper: Site, format: str) -> None:
    text = output(run("feed", f"{paper.origin}/rss", "--format", format))
    assert all(f"Paragraph 5 of story {n}" in text for n in (1, 2, 3))


def test_find_names_the_feed_of_a_site(run: Run, paper: Site) -> None:
    assert f"{paper.origin}/rss" in output(run("find", paper.origin))


def test_find_without_a_feed_says_so(started: Run, site: Site) -> None:
    site.answers["/"] = Canned(body=b"<html><body><p>Nothing.</p></body></html>")
    done = started("find", site.origin)
    assert done.returncode == 1
    assert b"No feed was found" in done.stderr


def test_subscribing_reads_every_article_whole_and_asks_each_address_once(run: Run, paper: Site) -> None:
    output(run("add", f"{paper.origin}/rss", "--folder", "Papers"))
    assert sorted(path for path in paper.asked if path != "/robots.txt") == [
        "/rss",
        "/story/1",
        "/story/2",
        "/story/3",
    ]
    (subscription,) = json.loads(output(run("--json", "list")))
    assert (subscription["title"], subscription["folder"]) == ("The Small Paper", "Papers")
    rows = [json.loads(line) for line in output(run("export", "--format", "jsonl")).splitlines()]
    assert all("Paragraph 5" in row["text"] for row in rows)
    assert {"id", "url", "canonical_url", "title", "authors", "published", "language", "source"} <= set(
        rows[0]
    )
    assert {"text", "html", "revision"} <= set(rows[0])


def test_a_poll_before_a_feed_is_due_asks_nobody(run: Run, paper: Site) -> None:
    output(run("add", f"{paper.origin}/rss"))
    asked = len(paper.asked)
    assert b"No feed is due" in run("poll").stderr
    assert len(paper.asked) == asked


def test_a_named_feed_is_polled_at_once_and_brings_the_new_story(run: Run, paper: Site) -> None:
    output(run("add", f"{paper.origin}/rss"))
    paper.answers["/rss"] = feed(paper, range(1, 5))
    summary = json.loads(output(run("--json", "poll", f"{paper.origin}/rss")))
    assert [len(report["new"]) for report in summary["feeds"]] == [1]
    assert [page["kind"] for page in summary["pages"]] == ["read"]


def test_history_and_diff_show_a_silent_edit(run: Run, paper: Site) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    paper.answers["/story/1"] = story(
        1, "<p>Correction: the ferry left after dawn, not before it, on that day.</p>"
    )
    output(run("save", f"{paper.origin}/story/1"))
    lines = json.loads(output(run("--json", "history", f"{paper.origin}/story/1")))
    assert len(lines) == 2
    assert "[+" in output(run("diff", "1"))
    assert "Correction: the ferry left after dawn" in output(run("diff", "1"))


def test_removing_keeps_the_articles_and_purging_does_not(run: Run, paper: Site) -> None:
    output(run("add", f"{paper.origin}/rss"))
    output(run("remove", "1"))
    assert len(output(run("export", "--format", "jsonl")).splitlines()) == 3
    output(run("add", f"{paper.origin}/rss", "--no-read"))
    output(run("remove", f"{paper.origin}/rss", "--purge"))
    assert output(run("export", "--format", "jsonl")) == ""


def test_opml_brings_subscriptions_with_their_folders(run: Run, paper: Site, tmp_path: Path) -> None:
    opml = tmp_path / "subscriptions.opml"
    opml.write_text(
        f'<opml version="2.0"><body><outline text="News"><outline type="rss" text="Mine" '
        f'xmlUrl="{paper.origin}/rss"/></outline></body></opml>'
    )
    output(run("add", str(opml), "--no-read"))
    (subscription,) = json.loads(output(run("--json", "list")))
    assert (subscription["title"], subscription["folder"]) == ("Mine", "News")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and ".unabridged" not in path.parts
    }


def test_the_archive_job_writes_documents_once_and_then_changes_no_byte(
    run: Run, paper: Site, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    output(run("archive", f"{paper.origin}/rss", "--to", str(news), "--git"))
    first = tree(news)
    assert sum(name.startswith("articles/") for name in first) == 3
    assert sum(name.startswith("lists/") for name in first) == 1
    log = ["git", "-C", str(news), "log", "--format=%s"]
    assert len(subprocess.run(log, capture_output=True, check=True).stdout.splitlines()) == 1
    output(run("archive", f"{paper.origin}/rss", "--to", str(news), "--git"))
    assert tree(news) == first
    assert len(subprocess.run(log, capture_output=True, check=True).stdout.splitlines()) == 1
    status = ["git", "-C", str(news), "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, check=True).stdout == b""


def test_the_archive_job_goes_on_past_a_feed_that_fails(run: Run, paper: Site, tmp_path: Path) -> None:
    done = run(
        "--quiet", "archive", f"{paper.origin}/gone", f"{paper.origin}/rss", "--to", str(tmp_path / "news")
    )
    assert done.returncode == 3
    assert b"/gone" in done.stderr
    assert sum(name.startswith("articles/") for name in tree(tmp_path / "news")) == 3


def test_an_export_is_imported_and_exported_again_byte_for_byte(
    run: Run, paper: Site, tmp_path: Path
) -> None:
    output(run("add", f"{paper.origin}/rss"))
    output(run("export", "--format", "document", "--to", str(tmp_path / "one")))
    other = {"UNABRIDGED_HOME": str(tmp_path / "other")}
    output(run("import", str(tmp_path / "one"), **other))
    output(run("export", "--format", "document", "--to", str(tmp_path / "two"), **other))
    assert tree(tmp_path / "two") == tree(tmp_path / "one")


def test_settings_of_a_broken_file_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "u.toml").write_text("[fetch]\ntimeuot = 3\n")
    done = run("--config", str(tmp_path / "u.toml"), "list")
    assert done.returncode == 2
    assert b"timeuot" in done.stderr
