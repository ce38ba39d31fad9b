"""WARC files: pages out and in, byte for byte, and whatever is damaged on the way."""

import gzip
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc.stream_io import GzipReader
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as Warcio

from unabridged.archive import Archive, Query
from unabridged.errors import ExtractError
from unabridged.extraction import extract
from unabridged.formats.detect import looks_like_warc
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import ImportReport, import_paths
from unabridged.model import Article, Page
from unabridged.warc_reader import MAX_PAGE

NOW = datetime(2024, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def html(number: int, words: str = "the ferry sails again") -> bytes:
    return (
        f"<html lang=en><head><title>Story {number}</title></head><body><article><h1>Story {number}</h1>"
        f"<p>On day {number} {words}, and the harbour was full of people who had come to see it leave.</p>"
        f"<p>Its mechanics, {number} of them, said the engine had never sounded better — “Größe”, 龙.</p>"
        "</article></body></html>"
    ).encode()


def page(number: int, body: bytes | None = None, at: datetime = NOW) -> Page:
    url = f"https://news.example/{number}"
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8", "content-encoding": "br", "content-length": "7"},
        body=html(number) if body is None else body,
        fetched=at + timedelta(seconds=number),
    )


def made(pages: Sequence[Page]) -> list[Article | ExtractError]:
    """What the program's children do, in this process."""
    return [extract(one.body, url=one.final_url, now=one.fetched) for one in pages]


def fill(archive: Archive, count: int) -> None:
    for number in range(count):
        one = page(number)
        [article] = made([one])
        assert isinstance(article, Article)
        archive.library().articles.save(article, one, now=one.fetched)


def export(archive: Archive, target: Path) -> Path:
    EXPORTERS["warc"](archive, ExportJob(now=LATER), target)
    return target


def take(archive: Archive, *paths: Path) -> ImportReport:
    return import_paths(archive, paths, now=LATER, read_pages=made)


def starts(file: Path) -> list[int]:
    """Where the records of a compressed file begin."""
    with file.open("rb") as opened:
        return [record.stream_pos for record in ArchiveIterator(opened)]


def a_record(url: str, answer: bytes, kind: str = "response", **more: str) -> bytes:
    content = "application/http; msgtype=response" if kind == "response" else "text/html"
    given = {
        "WARC-Type": kind,
        "WARC-Date": "2019-05-04T03:02:01Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000000>",
        "Content-Type": content,
        "WARC-Target-URI": url,
        "Content-Length": str(len(answer)),
    } | {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + answer + b"\r\n\r\n"


def an_answer(body: bytes, head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") -> bytes:
    return head.encode() + b"\r\n" + body


def test_two_independent_readers_take_our_file_and_its_digests(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 3)
    file = export(archive, tmp_path / "out.warc.gz")

    with file.open("rb") as opened:
        by_warcio = [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
            for one in Warcio(opened, check_digests="raise")
        ]
    with file.open("rb") as opened:
        by_fastwarc = []
        for record in ArchiveIterator(opened, parse_http=False):
            assert record.verify_block_digest()
            record.parse_http()
            by_fastwarc.append(record.reader.read())

    kinds = [kind for kind, _, _ in by_warcio]
    assert kinds == ["warcinfo"] + ["response", "metadata"] * 3
    bodies = [body for kind, _, body in by_warcio if kind == "response"]
    assert sorted(bodies) == sorted(html(number) for number in range(3))
    assert [body for _, _, body in by_warcio] == by_fastwarc
    assert b"content-hash: sha256:" in by_warcio[2][2]


def test_pages_come_back_byte_for_byte_with_their_clocks(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    fill(first, 3)

    report = take(second, export(first, tmp_path / "out.warc.gz"))
    again = take(second, tmp_path / "out.warc.gz")

    assert (report.count("new"), report.failed) == (3, [])
    assert (again.count("same"), again.count("new"), again.failed) == (3, 0, [])
    for theirs in first.library().articles.page(Query()).articles:
        ours = second.library().articles.find(theirs.article.url)
        assert ours is not None and theirs.snapshot is not None
        assert ours.content_hash == theirs.content_hash
        assert ours.snapshot == theirs.snapshot
        assert second.library().articles.snapshot(theirs.snapshot) == first.library().articles.snapshot(
            theirs.snapshot
        )
        assert (ours.fetched, ours.first_seen) == (theirs.fetched, theirs.first_seen)
    out = export(second, tmp_path / "again.warc.gz")
    with out.open("rb") as mine, (tmp_path / "out.warc.gz").open("rb") as given:
        pairs = [
            [r.reader.read() for r in ArchiveIterator(one, WarcRecordType.response)] for one in (mine, given)
        ]
    assert pairs[0] == pairs[1]


def test_every_version_goes_out_and_comes_back_in_its_order(
    open_archive: Callable[[str], Archive], tmp_path: Path
) -> None:
    first, second = open_archive("one"), open_archive("two")
    fill(first, 1)
    edited = page(0, html(0, "the ferry never sails again"), NOW + timedelta(days=1))
    [article] = made([edited])
    assert isinstance(article, Article)
    first.library().articles.save(article, edited, now=edited.fetched)

    take(second, export(first, tmp_path / "out.warc.gz"))

    [mine] = second.library().articles.page(Query()).articles
    assert [one.snapshot for one in second.library().articles.revisions(mine.id)] == [
        one.snapshot
        for one in first.library().articles.revisions(first.library().articles.page(Query()).articles[0].id)
    ]
    assert "never sails" in mine.article.text


def test_an_older_capture_goes_into_the_history_alone(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 1)
    file = tmp_path / "old.warc"
    file.write_bytes(a_record("https://news.example/0", an_answer(html(0, "the ferry waits for spring"))))

    report = take(archive, file)
    again = take(archive, file)

    [stored] = archive.library().articles.page(Query()).articles
    assert (report.count("changed"), again.count("same")) == (1, 1)
    assert "sails again" in stored.article.text
    assert stored.revision == 1
    older = archive.library().articles.revision(stored.id, 2)
    assert "waits for spring" in older.article.text
    assert older.line.reason.startswith("an older page: ")


def test_the_page_of_an_imported_text_is_kept_although_no_word_differs(
    archive: Archive, tmp_path: Path
) -> None:
    fill(archive, 1)
    EXPORTERS["jsonl"](archive, ExportJob(now=NOW), tmp_path / "all.jsonl")
    export(archive, tmp_path / "out.warc.gz")
    with Archive(str(tmp_path / "third.db")) as third:
        take(third, tmp_path / "all.jsonl")
        report = take(third, tmp_path / "out.warc.gz")

        [stored] = third.library().articles.page(Query()).articles
        assert report.count("changed") == 1
        assert stored.snapshot is not None and third.library().articles.snapshot(
            stored.snapshot
        ).body == html(0)


def test_a_file_cut_in_half_names_the_place_and_gives_what_is_whole(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 4)
    file = export(archive, tmp_path / "out.warc.gz")
    places = starts(file)
    with Archive(str(tmp_path / "second.db")) as second:
        whole = file.read_bytes()
        for cut in (places[5] + 200, places[6] + 40):
            file.write_bytes(whole[:cut])
            report = take(second, file)
            [error] = report.failed
            assert f"byte {max(place for place in places if place < cut)}" in str(error)
        assert second.library().counts().articles == 3


def test_a_damaged_member_costs_its_own_record_alone(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 4)
    file = export(archive, tmp_path / "out.warc.gz")
    place = starts(file)[3]
    data = bytearray(file.read_bytes())
    data[place + 60 : place + 90] = bytes(30)
    file.write_bytes(data)

    with Archive(str(tmp_path / "second.db")) as second:
        report = take(second, file)

        assert report.count("new") == 3
        assert "the record cannot be read" in str(report.failed)


def test_a_plain_file_with_rubbish_between_records_is_read_on(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc"
    good = [a_record(f"https://news.example/{n}", an_answer(html(n))) for n in range(3)]
    file.write_bytes(good[0] + b"rubbish\r\n" * 500 + good[1] + good[2])

    report = take(archive, file)

    assert report.count("new") == 3
    assert len(report.failed) == 1


def test_only_whole_html_answers_become_articles(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc"
    body = html(7)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(body)), gzip.compress(body))
    coded = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
    records = [
        a_record("https://news.example/1", an_answer(html(1))),
        a_record("https://news.example/2", an_answer(b"", "HTTP/1.1 301 Moved\r\nLocation: /3\r\n")),
        a_record(
            "https://news.example/4.png",
            an_answer(b"\x89PNG", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"),
        ),
        a_record("https://news.example/5", html(5), "resource"),
        a_record("https://news.example/6", b"GET / HTTP/1.1\r\n\r\n", "request"),
        a_record("https://news.example/7", an_answer(chunked, coded + "Transfer-Encoding: chunked\r\n")),
        a_record("https://news.example/8", an_answer(html(8), coded)),
        a_record("https://news.example/9", an_answer(b"<html><body></body></html>")),
        a_record("file:///etc/passwd", an_answer(html(10))),
        a_record("https://news.example/11", an_answer(html(11), "HTTP/1.1 200 OK\r\n")),
    ]
    file.write_bytes(b"".join(records))

    report = take(archive, file)

    urls = sorted(one.url for one in archive.library().articles.headlines(Query()).headlines)
    assert urls == sorted(f"https://news.example/{n}" for n in (1, 5, 7, 8, 11))
    assert ["file:///etc/passwd" in str(error) for error in report.failed] == [True]
    assert report.counts["passed"] == 1
    found = archive.library().articles.find("https://news.example/1")
    assert found is not None
    assert found.first_seen == datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_that_is_too_large_is_named_and_the_next_one_read(
    archive: Archive, tmp_path: Path, packed: bool
) -> None:
    bomb = gzip.compress(bytes(MAX_PAGE + 1))
    coded = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
    records = [
        a_record("https://news.example/1", an_answer(bomb, coded)),
        a_record("https://news.example/2", an_answer(bytes(MAX_PAGE + 1))),
        a_record("https://news.example/3", an_answer(html(3))),
    ]
    file = tmp_path / "crawl.warc"
    file.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))

    report = take(archive, file)

    assert report.count("new") == 1
    assert [
        "/1 was left out" in str(report.failed[0]),
        "larger than 10,000,000 bytes" in str(report.failed[1]),
    ] == [
        True,
        True,
    ]


def test_a_page_that_gives_no_article_is_named_with_its_record(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc"
    file.write_bytes(a_record("https://news.example/1", an_answer(html(1))))

    def refuse(pages: Sequence[Page]) -> list[Any]:
        return [ExtractError("It took too long.") for _ in pages]

    report = import_paths(archive, [file], now=LATER, read_pages=refuse)

    assert str(report.failed[0]) == f"{file}: record at byte 0: It took too long."


def test_header_values_cannot_break_out_of_their_lines(archive: Archive, tmp_path: Path) -> None:
    one = page(1)
    [article] = made([one])
    assert isinstance(article, Article)
    evil = Page(
        url=one.url,
        final_url=one.url,
        status=200,
        headers={"content-type": "text/html", "x-evil": "a\r\nSet-Cookie: b\r\n\r\n<script>"},
        body=one.body,
        fetched=one.fetched,
    )
    archive.library().articles.save(article, evil, now=NOW)

    file = export(archive, tmp_path / "out.warc.gz")

    with file.open("rb") as opened:
        record = next(iter(ArchiveIterator(opened, WarcRecordType.response, parse_http=True)), None)
    text = GzipReader(io.BytesIO(file.read_bytes())).read()
    assert record is not None
    assert b"\r\nSet-Cookie" not in text


def test_a_warc_is_known_by_its_beginning() -> None:
    record = a_record("https://news.example/1", an_answer(b"x"))
    assert looks_like_warc(record) and looks_like_warc(gzip.compress(record))
    assert not looks_like_warc(b"WARC files are") and not looks_like_warc(gzip.compress(b"{}"))
