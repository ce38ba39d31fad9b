"""The commands `import`, `export` and `digest`."""

import gzip
import json
import zipfile
from pathlib import Path

from tests.cli.commands.newspaper import output, tree
from tests.cli.tools import Run, Site

PAGE = (
    "<html lang=en><head><title>The ferry sails again</title></head><body><article>"
    "<h1>The ferry sails again</h1>"
    "<p>The harbour was full of people who had come to see the old ferry leave for the first time.</p>"
    "<p>Her mechanics said the engine had never sounded better, and that she has twenty years in her.</p>"
    "</article></body></html>"
)


def record(url: str, page: str) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2019-05-04T03:02:01Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def test_a_crawl_goes_in_and_comes_out_in_every_format(run: Run, tmp_path: Path) -> None:
    crawl = tmp_path / "crawl.warc.gz"
    good = gzip.compress(record("https://news.example/1", PAGE))
    crawl.write_bytes(good + gzip.compress(record("https://news.example/2", PAGE))[:-60])

    first = run("import", str(crawl), str(tmp_path / "crawl.warc.gz"))
    assert first.returncode == 7
    assert b"1 new" in first.stderr and b"record at byte" in first.stderr
    report = json.loads(run("--json", "import", str(crawl)).stdout)
    assert (report["new"], report["same"], report["failures"]) == (0, 1, 1)

    for format, name in (("epub", "a.epub"), ("html", "a.html"), ("warc", "a.warc.gz"), ("jsonl", "a.jsonl")):
        done = run("export", "--format", format, "--to", str(tmp_path / name), "--search", "ferry")
        assert (done.returncode, b"1 articles" in done.stderr) == (0, True), done.stderr
    assert zipfile.ZipFile(tmp_path / "a.epub").testzip() is None
    line = json.loads((tmp_path / "a.jsonl").read_bytes())
    assert line["first_seen"] == "2019-05-04T03:02:01+00:00"
    nothing = run("export", "--format", "jsonl", "--search", "zeppelin")
    assert (nothing.returncode, nothing.stdout) == (0, b"")


def test_an_export_is_imported_and_exported_again_byte_for_byte(
    run: Run, paper: Site, tmp_path: Path
) -> None:
    output(run("add", f"{paper.origin}/rss"))
    output(run("export", "--format", "document", "--to", str(tmp_path / "one")))
    other = {"UNABRIDGED_HOME": str(tmp_path / "other")}
    output(run("import", str(tmp_path / "one"), **other))
    output(run("export", "--format", "document", "--to", str(tmp_path / "two"), **other))
    assert tree(tmp_path / "two") == tree(tmp_path / "one")


def test_saved_links_are_queued_at_once_and_their_pages_fetched_by_the_next_poll(
    run: Run, paper: Site, tmp_path: Path
) -> None:
    bookmarks = tmp_path / "bookmarks.html"
    bookmarks.write_text(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n"
        f'<DT><A HREF="{paper.origin}/story/1" ADD_DATE="1547914746" TAGS="ships,to read">One</A>\n</DL>\n'
    )
    first = run("import", str(bookmarks))
    assert (first.returncode, b"1 page is waiting" in first.stderr) == (0, True), first.stderr
    assert paper.asked == []
    given = f"# a list\n{paper.origin}/story/1\n{paper.origin}/story/2\nno address\n"
    listed = run("--json", "import", "-", stdin=given.encode())
    report = json.loads(listed.stdout)
    assert (listed.returncode, report["new"], report["same"], report["pages_waiting"]) == (7, 1, 1, 1)
    assert "standard-input-" in report["failed"][0] and ":4: " in report["failed"][0]

    output(run("poll"))
    lines = [json.loads(line) for line in output(run("export", "--format", "jsonl")).splitlines()]
    assert {line["url"] for line in lines} == {f"{paper.origin}/story/1", f"{paper.origin}/story/2"}
    tagged = next(line for line in lines if line["url"].endswith("/1"))
    assert tagged["own_tags"] == ["ships", "to read"]
    assert tagged["first_seen"] == "2019-01-19T16:19:06+00:00"
    assert all(len(line["text"]) > 100 for line in lines)
