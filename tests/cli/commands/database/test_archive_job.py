"""`archive`: documents written once, past a feed that fails."""

import subprocess
from pathlib import Path

from tests.cli.commands.newspaper import output, tree
from tests.cli.tools import Run, Site


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
