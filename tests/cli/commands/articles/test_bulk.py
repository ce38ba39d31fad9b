"""The command `bulk`."""

import gzip
import subprocess
import sys
from pathlib import Path

import orjson

from tests.bulk.sites.site_pages import site_pages
from tests.bulk.warc_pages import write_pages

PAGE = (
    "<html lang='en'><head><title>Ebb</title></head><body><article><h1>Ebb</h1>"
    + "<p>The tide went out further than anyone at the quay had seen, and it stayed out.</p>" * 8
    + "</article></body></html>"
)


def warc(path: Path, *urls: str) -> Path:
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}".encode()
    heads = [
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T06:07:08Z\r\n"
        f"WARC-Record-ID: <urn:uuid:0f1c0c9e-8d1a-4a6e-9a53-7a41d5e4b001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
        for url in urls
    ]
    path.write_bytes(b"".join(gzip.compress(head.encode() + content + b"\r\n\r\n") for head in heads))
    return path


def bulk(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "unabridged", "bulk", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_bulk_says_what_came_of_the_pages_and_goes_on_where_it_was(tmp_path: Path) -> None:
    file = warc(
        tmp_path / "a.warc.gz", "https://quay.example/1", "https://quay.example/2", "https://c.example/"
    )
    first = bulk(file, "-o", tmp_path / "out", "--format", "jsonl", "--host", "quay.example")
    assert (first.returncode, first.stderr) == (0, "")
    assert [line.split(maxsplit=1)[0] for line in first.stdout.splitlines()] == ["1", "3", "2", "1", "0"]
    assert "left out: of another host" in first.stdout
    written = (tmp_path / "out/a.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["url"] for line in written] == [
        "https://quay.example/1",
        "https://quay.example/2",
    ]
    again = bulk(file, "-o", tmp_path / "out", "--format", "jsonl", "--host", "quay.example")
    assert "1 of them finished before" in again.stdout
    other = bulk(file, "-o", tmp_path / "out", "--format", "jsonl")
    assert (other.returncode, "made with other options" in other.stderr) == (7, True)


def test_bulk_names_a_file_that_breaks_off_and_one_that_is_none(tmp_path: Path) -> None:
    cut = warc(tmp_path / "cut.warc.gz", "https://quay.example/1", "https://quay.example/2")
    cut.write_bytes(cut.read_bytes()[:-40])
    (tmp_path / "none.warc.gz").write_text("nothing of the kind")
    done = bulk(tmp_path, "-o", tmp_path / "out", "--format", "jsonl")
    assert done.returncode == 7
    assert "cut.warc.gz, byte " in done.stderr and "the file is truncated" in done.stderr
    assert "none.warc.gz is not a WARC file" in done.stderr and "1 of 2 files failed" in done.stderr
    assert len((tmp_path / "out/cut.jsonl").read_bytes().splitlines()) == 1


def test_profiles_are_saved_brought_along_and_refused_if_they_are_of_another_version(tmp_path: Path) -> None:
    source = write_pages(tmp_path / "a.warc.gz", site_pages("quay.example", 8))
    sites = tmp_path / "sites.jsonl"
    first = bulk(source, "-o", tmp_path / "1", "--format", "jsonl", "--save-profiles", sites)
    assert (first.returncode, f"1 site profiles in {sites}" in first.stderr) == (0, True)
    assert "of them read by the profile of their site" in first.stdout
    again = bulk(source, "-o", tmp_path / "1", "--format", "jsonl", "--save-profiles", sites)
    assert "1 of them finished before" in again.stdout
    known = orjson.loads(sites.read_bytes())
    sites.write_bytes(
        sites.read_bytes() + orjson.dumps({**known, "version": 0, "site": "old.example"}) + b"\n"
    )
    options = ["--format", "jsonl", "--no-learn", "--profiles", sites]
    second = bulk(source, "-o", tmp_path / "2", *options)
    assert second.returncode == 0
    assert "1 of 2 lines are no site profiles of this version and are not used" in " ".join(
        second.stderr.split()
    )
    assert (tmp_path / "2/a.jsonl").read_bytes() == (tmp_path / "1/a.jsonl").read_bytes()
    missing = bulk(source, "-o", tmp_path / "3", "--profiles", tmp_path / "none.jsonl")
    assert (missing.returncode, "cannot be read" in missing.stderr) == (7, True)
