"""`add`, `poll` and `remove`: each address is asked once."""

import json
from pathlib import Path

import pytest

from tests.cli.commands.newspaper import feed, output
from tests.cli.tools import Run, Site


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


def test_removing_keeps_the_articles_and_purging_does_not(run: Run, paper: Site) -> None:
    output(run("add", f"{paper.origin}/rss"))
    output(run("remove", "1"))
    assert len(output(run("export", "--format", "jsonl")).splitlines()) == 3
    output(run("add", f"{paper.origin}/rss", "--no-read"))
    output(run("remove", f"{paper.origin}/rss", "--purge"))
    assert output(run("export", "--format", "jsonl")) == ""


@pytest.mark.parametrize(
    "name", ["missing.opml", "feeds.xml", "/tmp/no/such/list.opml", "./feeds", "~/x.opml"]
)
def test_a_missing_file_is_named(run: Run, name: str) -> None:
    done = run("add", name)
    assert done.returncode == 7
    assert f"There is no file {name}." in done.stderr.decode()


def test_a_folder_is_no_list_of_feeds(run: Run, tmp_path: Path) -> None:
    assert "There is no file" in run("add", str(tmp_path)).stderr.decode()
