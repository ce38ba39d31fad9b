"""Trees of documents: permanent numbers, byte-identical round trips, nothing of others overwritten."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from unabridged.archive import Archive, PollOutcome, Query
from unabridged.errors import DocumentError, ExportError
from unabridged.extraction import article_from_entry
from unabridged.formats.document.git import commit_tree
from unabridged.formats.document.tree import write_tree
from unabridged.formats.import_files import import_paths
from unabridged.model import Article, Clock, Entry, Feed, Page

NOW = datetime(2024, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)
FEED = Feed(url="https://news.example/feed", format="rss", title="The *News* [daily]")


def contents(folder: Path) -> dict[str, bytes]:
    found = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    return {name: content for name, content in found.items() if name.startswith(("articles", "lists"))}


def an_entry(number: int, dated: bool = True) -> Entry:
    when = Clock(kind="published", at=NOW - timedelta(days=9 - number), origin="feed")
    return Entry(
        guid=f"g{number}",
        url=f"https://news.example/{number}?a=1&b=2",
        title=f"Story <{number}> of [many]",
        published=when if dated else None,
        content_html=f"<p>Text {number} &amp; more.</p><h2>Part</h2><pre>a\n\nb --> c</pre>",
        authors=("Ada",),
    )


def poll(archive: Archive, *entries: Entry, now: datetime = NOW) -> int:
    feed = archive.library().subscriptions.add(FEED.url, now=now).feed
    pairs = [(entry, article_from_entry(entry, FEED)) for entry in entries]
    archive.ingest.save_entries(feed.id, FEED, pairs, PollOutcome(polled=now, next_poll_at=now))
    return feed.id


def test_export_import_export_is_byte_identical(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    poll(first, an_entry(1), an_entry(2), an_entry(3, dated=False))
    page = Page(
        url="https://kept.example/p",
        final_url="https://kept.example/p",
        status=200,
        headers={},
        body=b"x",
        fetched=NOW,
    )
    first.library().articles.save(
        Article(url="https://kept.example/p", title="Kept", html="<p>k</p>", text="k"), page, now=NOW
    )
    write_tree(first, tmp_path / "a")

    report = import_paths(second, [tmp_path / "a"], now=NOW + timedelta(days=400))
    write_tree(second, tmp_path / "b")

    assert (report.count("new"), report.failed, report.count("passed")) == (4, [], 0)
    assert contents(tmp_path / "b") == contents(tmp_path / "a")
    assert sorted(contents(tmp_path / "a")) == [
        "articles/kept.example/1.md",
        "articles/the-news-daily/1.md",
        "articles/the-news-daily/2.md",
        "articles/the-news-daily/3.md",
        "lists/kept.example.md",
        "lists/the-news-daily.md",
    ]


def test_a_second_run_without_news_changes_no_byte(archive: Archive, tmp_path: Path) -> None:
    poll(archive, an_entry(1), an_entry(2))
    write_tree(archive, tmp_path / "a")
    before = {one: one.stat().st_mtime_ns for one in (tmp_path / "a").rglob("*")}

    poll(archive, an_entry(1), an_entry(2), now=NOW + timedelta(hours=1))
    report = write_tree(archive, tmp_path / "a")

    assert not report.changed
    assert report.documents == 2
    assert {one: one.stat().st_mtime_ns for one in (tmp_path / "a").rglob("*")} == before


def test_numbers_stay_when_articles_come_and_go(archive: Archive, tmp_path: Path) -> None:
    poll(archive, an_entry(5), an_entry(6))
    write_tree(archive, tmp_path / "a")
    old = contents(tmp_path / "a")
    [gone] = [one.id for one in archive.library().articles.page(Query()).articles if "5" in one.article.url]
    archive.library().articles.delete(gone)

    poll(archive, an_entry(1), an_entry(7), now=NOW + timedelta(hours=1))
    write_tree(archive, tmp_path / "a")

    new = contents(tmp_path / "a")
    assert {name: new[name] for name in old if "articles" in name} == {
        name: content for name, content in old.items() if "articles" in name
    }
    assert sorted(set(new) - set(old)) == ["articles/the-news-daily/3.md", "articles/the-news-daily/4.md"]


def test_lists_are_newest_first(archive: Archive, tmp_path: Path) -> None:
    poll(archive, an_entry(1), an_entry(3), an_entry(2))
    write_tree(archive, tmp_path)

    lines = (tmp_path / "lists" / "the-news-daily.md").read_text().splitlines()

    assert lines[0] == "# The *News* \\[daily\\]"
    assert [line.split("](")[0] for line in lines[2:]] == [
        "- 2024-01-26 [Story &lt;3&gt; of \\[many\\]",
        "- 2024-01-25 [Story &lt;2&gt; of \\[many\\]",
        "- 2024-01-24 [Story &lt;1&gt; of \\[many\\]",
    ]
    assert all((tmp_path / "lists" / line.split("](")[1].rstrip(")")).is_file() for line in lines[2:])


def test_a_new_version_rewrites_its_document_alone(archive: Archive, tmp_path: Path) -> None:
    poll(archive, an_entry(1), an_entry(2))
    write_tree(archive, tmp_path)
    before = contents(tmp_path)
    [target] = [one for one in archive.library().articles.page(Query()).articles if "/1?" in one.article.url]
    whole = replace(target.article, html="<p>Whole.</p>" * 30, text="Whole. " * 30)
    page = Page(url=whole.url, final_url=whole.url, status=200, headers={}, body=b"page", fetched=NOW)
    archive.ingest.save_page(target.id, whole, page, now=NOW)

    report = write_tree(archive, tmp_path)

    after = contents(tmp_path)
    assert (report.new, report.rewritten, report.lists) == (0, 1, 0)
    assert [name for name in before if before[name] != after[name]] == ["articles/the-news-daily/1.md"]


def test_somebody_elses_document_is_never_written_over(archive: Archive, tmp_path: Path) -> None:
    theirs = tmp_path / "articles" / "the-news-daily" / "1.md"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("<!--1-->\n[t](https://elsewhere.example/x)\n------\n\n<p>x</p>")
    poll(archive, an_entry(1))

    with pytest.raises(ExportError, match="another article"):
        write_tree(archive, tmp_path)

    assert "elsewhere" in theirs.read_text()


def test_two_runs_never_write_one_folder(archive: Archive, tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(ExportError, match="Another run"):
            write_tree(archive, tmp_path)
    finally:
        os.close(handle)
    write_tree(archive, tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="file"):
        write_tree(archive, tmp_path / "file" / "tree")


def test_a_tree_with_one_broken_document_is_imported_but_for_that(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "articles" / "rfi"
    folder.mkdir(parents=True)
    for number in (1, 2, 3):
        head = "<!--1683274800000-->\n" if number != 2 else "<!--broken-->\n"
        text = f"<p>Text number {number}, long enough.</p>"
        (folder / f"{number}.md").write_text(
            f"{head}[T{number}](https://a.example/{number})\n------\n\n{text}"
        )
    (tmp_path / "README.md").write_text("# About\n")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "rfi.md").write_text("# RFI\n\n")

    report = import_paths(archive, [tmp_path], now=NOW)
    again = import_paths(archive, [tmp_path], now=NOW)

    assert (report.count("new"), report.count("passed")) == (2, 1)
    [error] = report.failed
    assert isinstance(error, DocumentError)
    assert str(error).startswith(f"{folder / '2.md'}:1: expected a comment with milliseconds")
    assert (again.count("new"), again.count("same")) == (0, 2)
    [source] = archive.documents.sources()
    assert (source.slug, source.title, source.articles) == ("rfi", "RFI", 2)
    write_tree(archive, tmp_path / "out")
    assert (tmp_path / "out" / "articles" / "rfi" / "3.md").is_file()
    assert archive.library().counts().articles == 2


def test_an_edited_document_makes_a_version(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    document = "<!--1683274800000-->\n[T](https://a.example/1)\n------\n\n<p>The plan costs {} million.</p>"
    file.write_text(document.format(3))
    import_paths(archive, [file], now=NOW)
    file.write_text(document.format(4))

    report = import_paths(archive, [file], now=NOW + timedelta(days=1))

    [number] = report.articles
    assert (report.count("changed"), archive.library().articles.get(number).revision) == (1, 2)
    assert archive.library().articles.revision(number, 1).article.text == "The plan costs 3 million."


def test_a_path_that_is_not_there_is_an_error(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="does not exist"):
        import_paths(archive, [tmp_path / "nowhere"], now=NOW)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_commits_news_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    poll(archive, an_entry(1))
    write_tree(archive, tree)
    (tree / "notes.txt").write_text("mine")

    assert commit_tree(tree, "1 new article")
    assert not commit_tree(tree, "nothing")
    poll(archive, an_entry(2), now=NOW + timedelta(hours=1))
    write_tree(archive, tree)
    assert commit_tree(tree, "1 more")

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=tree, capture_output=True, text=True, check=True
        ).stdout

    assert git("log", "--format=%s").split("\n")[:2] == ["1 more", "1 new article"]
    assert "notes.txt" in git("status", "--porcelain")
    assert git("ls-files").split() == [
        "articles/the-news-daily/1.md",
        "articles/the-news-daily/2.md",
        "lists/the-news-daily.md",
    ]
