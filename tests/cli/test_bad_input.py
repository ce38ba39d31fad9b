"""Bad input: one paragraph that says what to do, a documented exit code, and nothing half saved."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Done, Run, Site

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Small</title><link>%(origin)s/</link>
<description>d</description>%(items)s</channel></rss>"""


def one_paragraph(done: Done) -> str:
    """Return the error text, having checked that it is one paragraph and no traceback."""
    lines = done.stderr.decode().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("Waiting for "))  # a slow machine
    assert text.startswith("Error: "), text
    assert "Traceback" not in text
    assert text.strip().count("\n\n") == 0
    return text


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Have a file system in memory at a folder, which needs root."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def feeds_kept(run: Run) -> int:
    done = run("--json", "list")
    assert done.returncode == 0, done.stderr
    return done.stdout.count(b'"url"')


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (Canned(status=404, body=b"gone fishing"), 3, "404"),
        (Canned(status=500, body=b"oops"), 3, "500"),
        (Canned(body=b""), 5, "empty"),
        (Canned(body=b"<html><body><h1>Hello</h1><p>No feed here.</p></body></html>"), 5, "feed"),
        (Canned(body=bytes(range(256)) * 40, type="application/octet-stream"), 5, ""),
        (Canned(body=b"x" * 20_000_000, type="text/plain"), 3, "larger|large|MB|bytes"),
    ],
    ids=["404", "500", "empty", "html", "binary", "20 MB"],
)
def test_what_is_no_feed_is_refused_and_nothing_is_kept(
    run: Run, site: Site, answer: Canned, code: int, words: str
) -> None:
    site.answers["/feed"] = answer
    done = run("add", f"{site.origin}/feed")
    assert done.returncode == code, done.stderr
    text = one_paragraph(done)
    assert not words or any(word in text for word in words.split("|")), text
    assert feeds_kept(run) == 0


def test_a_host_that_does_not_exist_is_named(run: Run) -> None:
    done = run("read", "https://no-such-host.invalid/story")
    assert done.returncode == 3
    assert "no-such-host.invalid" in one_paragraph(done)


def test_a_site_that_does_not_answer_in_time_is_given_up(run: Run, site: Site) -> None:
    site.answers["/slow"] = Canned(body=b"<p>late</p>", delay=30)
    done = run("read", f"{site.origin}/slow", UNABRIDGED_FETCH_TIMEOUT="0.5")
    assert done.returncode == 3
    assert "timeout" in one_paragraph(done)


def test_nobody_listening_is_said_plainly(started: Run) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        done = started("read", f"http://127.0.0.1:{held.getsockname()[1]}/")
    assert done.returncode == 3
    one_paragraph(done)


def test_a_private_address_is_refused_with_the_way_to_allow_it(run: Run, site: Site) -> None:
    done = run("add", f"{site.origin}/feed", UNABRIDGED_FETCH_ALLOW_PRIVATE="")
    assert done.returncode == 4
    assert "allow_private" in one_paragraph(done)
    assert site.asked == []


def test_a_feed_without_items_is_a_subscription_without_articles(run: Run, site: Site) -> None:
    body = RSS % {b"origin": site.origin.encode(), b"items": b""}
    site.answers["/feed"] = Canned(body=body, type="application/rss+xml")
    done = run("add", f"{site.origin}/feed")
    assert done.returncode == 0, done.stderr
    assert b'"articles": 0' in run("--json", "list").stdout


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 ...", bytes(range(256)), b"\x1f\x8b\x08broken"])
def test_a_file_that_is_no_page_is_refused(run: Run, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    done = run("read", str(path))
    assert done.returncode == 6
    one_paragraph(done)


def test_a_file_that_does_not_exist_is_named(run: Run) -> None:
    done = run("read", "no-such-file.html")
    assert done.returncode == 6
    assert "no-such-file.html" in one_paragraph(done)


def test_a_database_that_is_none_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes, not a database\n" * 100)
    before = path.read_bytes()
    done = run("--database", str(path), "list")
    assert done.returncode == 8
    assert "notes.txt" in one_paragraph(done)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("create table feeds (name text)")
    other.close()
    done = run("--database", str(path), "list")
    assert done.returncode == 8
    one_paragraph(done)


def test_a_database_of_a_newer_version_is_left_alone(run: Run, home: Path) -> None:
    assert run("list").returncode == 0
    with sqlite3.connect(home / "unabridged.sqlite") as database:
        database.execute("update alembic_version set version_num = '9999_from_the_future'")
    database.close()
    done = run("list")
    assert done.returncode == 8
    assert "newer" in one_paragraph(done)


@pytest.fixture
def read_only(home: Path) -> Iterator[Path]:
    """The data folder, where nothing can be written: by its mode, for root by its file system."""
    home.mkdir()
    if os.geteuid():
        home.chmod(0o500)
        yield home
        home.chmod(0o700)
    else:
        with mounted(home, "ro"):
            yield home


def test_a_read_only_folder_is_named(run: Run, read_only: Path) -> None:
    done = run("save", "http://127.0.0.1:9/")
    assert done.returncode == 8
    assert str(read_only) in one_paragraph(done)


def test_a_data_folder_that_cannot_be_made_is_named(run: Run, home: Path) -> None:
    home.write_text("a file where the folder should be")
    done = run("save", "http://127.0.0.1:9/")
    assert done.returncode == 8
    assert "UNABRIDGED_HOME" in one_paragraph(done)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_said_and_what_was_there_stays(run: Run, site: Site, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    with mounted(small, "size=1500k"):
        body = RSS % {b"origin": site.origin.encode(), b"items": b""}
        site.answers["/feed"] = Canned(body=body, type="application/rss+xml")
        assert run("add", f"{site.origin}/feed", UNABRIDGED_HOME=str(small)).returncode == 0
        _fill(small / "filler")
        site.answers["/feed?2"] = site.answers["/feed"]
        done = run("add", f"{site.origin}/feed?2", UNABRIDGED_HOME=str(small))
        assert done.returncode == 8, done.stderr
        one_paragraph(done)
        (small / "filler").unlink()
        assert run("--json", "list", UNABRIDGED_HOME=str(small)).stdout.count(b'"url"') == 1


def _fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def test_two_processes_at_once_lose_nothing(run: Run, site: Site, environ: dict[str, str]) -> None:
    for number in range(2):
        items = b"".join(
            b"<item><title>%d-%d</title><guid>%d-%d</guid></item>" % (number, i, number, i) for i in range(40)
        )
        body = RSS % {b"origin": site.origin.encode(), b"items": items}
        site.answers[f"/feed{number}"] = Canned(body=body, type="application/rss+xml")
    assert run("list").returncode == 0
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "unabridged", "add", f"{site.origin}/feed{number}"],
            env=environ,
            stderr=subprocess.PIPE,
        )
        for number in range(2)
    ]
    for process in both:
        _, stderr = process.communicate(timeout=300)
        assert process.returncode == 0, stderr
    assert run("--json", "list").stdout.count(b'"articles": 40') == 2


@pytest.mark.parametrize(
    "words", [["read"], ["nonsense"], ["read", "x.html", "--format", "papyrus"], ["remove", "17"]]
)
def test_a_wrong_command_line_is_explained(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.returncode in (2, 9)
    assert b"Traceback" not in done.stderr
