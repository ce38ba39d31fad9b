"""Raw pages are compressed against their site and their previous versions, and decompressed exactly."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.archive.migrations.old_archive import ARTICLE, PAGE, PAGE_HASH, make_old_archive
from tests.archive.sample_feeds import HOUR, LONG, NOW, a_page, an_article
from unabridged.archive import Archive
from unabridged.archive.articles.versions import delete_article_rows
from unabridged.archive.raw_pages.compression import (
    MAX_DEPTH,
    Usage,
    compress_page,
    decompress_page,
    is_outdated,
    join_headers,
    split_headers,
)
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import dictionaries, snapshots
from unabridged.errors import ArchiveError
from unabridged.model import Page

FRAME = "".join(f'<div class="c{n}"><a href="/{n * 7919 % 1000}">Section {n}</a></div>' for n in range(400))


def a_site_page(number: int, version: int = 0, site: str = "news.example") -> Page:
    """Make a page of a site: the site's template around its own text."""
    noise = random.Random(f"{site}{number}")
    words = " ".join(f"{noise.random():.9f}" for _ in range(100))
    body = f"<html>{FRAME}<p>{words}</p><p>edit {version}</p></html>".encode()
    return a_page(f"https://{site}/{number}", body, NOW + number * HOUR + version * timedelta(minutes=1))


def keep(archive: Archive, page: Page, version: int = 0) -> int:
    words = f"{LONG}\n\nEdit number {version} says something else."
    article = an_article(page.url, f"Story {page.url}", words)
    return archive.library().articles.save(article, page, now=page.fetched).article_id


@pytest.fixture
def raw(dsn: str) -> Iterator[Database]:
    database = Database(dsn)
    yield database
    database.close()


def encodings(raw: Database) -> list[str]:
    with raw.reading() as conn:
        return list(conn.execute(select(snapshots.c.encoding).order_by(snapshots.c.fetched)).scalars())


def assert_readable(archive: Archive, number: int, page: Page, version: int) -> None:
    line = archive.library().articles.revisions(number)[version]
    assert line.snapshot is not None
    kept = archive.library().articles.snapshot(line.snapshot)
    assert kept.body == page.body
    assert kept.headers == dict(page.headers)
    assert kept.url == page.final_url


@given(st.binary(max_size=4000), st.binary(max_size=2000), st.dictionaries(st.text(), st.text(), max_size=5))
def test_a_compressed_page_is_decompressed_exactly(
    body: bytes, reference: bytes, headers: dict[str, str]
) -> None:
    joined = join_headers(headers, body)
    assert split_headers(joined)[1] == body
    assert decompress_page(compress_page(joined).body, b"", size=len(body)) == joined
    assert decompress_page(compress_page(joined, base=reference).body, reference, size=len(body)) == joined
    packed = compress_page(joined, dictionary=reference)
    assert packed.encoding == "dictionary"
    assert decompress_page(packed.body, reference, size=len(body)) == joined


def test_headers_without_end_do_not_fill_the_archive() -> None:
    headers, body = split_headers(join_headers({f"x-{n}": "y" * 5000 for n in range(1000)}, b"page"))
    assert body == b"page"
    assert 0 < len(headers) < 50


def test_a_compressed_page_that_claims_to_be_huge_is_refused_before_decompression() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    with pytest.raises(ArchiveError, match="impossible size"):
        decompress_page(bomb, b"", size=1000)


def test_a_dictionary_is_outdated_when_it_lost_a_quarter_over_enough_pages() -> None:
    fitting, poor = [(1000, 50)] * 16, [(1000, 100)] * 16
    assert not is_outdated(Usage(number=1, pages=500, first=fitting, latest=fitting))
    assert not is_outdated(Usage(number=1, pages=31, first=fitting, latest=poor))
    assert is_outdated(Usage(number=1, pages=32, first=fitting, latest=poor))
    assert not is_outdated(Usage(number=3, pages=100, first=fitting, latest=poor))


def test_pages_of_one_site_share_a_dictionary_and_are_read_to_the_byte(
    archive: Archive, raw: Database
) -> None:
    pages = [a_site_page(number) for number in range(6)]
    numbers = [keep(archive, page) for page in pages]
    keep(archive, a_site_page(1, site="other.example"))

    assert encodings(raw).count("dictionary") == 3
    for number, page in zip(numbers, pages, strict=True):
        assert_readable(archive, number, page, 0)
    with raw.reading() as conn:
        sizes = dict(conn.execute(select(snapshots.c.encoding, snapshots.c.body)).all())
        assert len(sizes["dictionary"]) * 3 < len(sizes["page"])
        assert len(conn.execute(select(dictionaries.c.id)).all()) == 1


def test_a_page_fetched_again_leans_on_the_one_before_and_never_on_more_than_the_bound(
    archive: Archive, raw: Database
) -> None:
    pages = [a_site_page(1, version) for version in range(2 * MAX_DEPTH + 4)]
    numbers = {keep(archive, page, version) for version, page in enumerate(pages)}

    [number] = numbers
    for version, page in enumerate(pages):
        assert_readable(archive, number, page, version)
    with raw.reading() as conn:
        assert max(conn.execute(select(snapshots.c.depth)).scalars()) == MAX_DEPTH
        leaning = select(snapshots.c.body).where(snapshots.c.encoding == "base")
        assert max(map(len, conn.execute(leaning).scalars())) < 200


def test_an_erased_article_leaves_nothing_of_its_page_behind_and_others_stay_readable(
    archive: Archive, raw: Database
) -> None:
    pages = [a_site_page(number) for number in range(8)]
    numbers = [keep(archive, page) for page in pages]
    with raw.reading() as conn:
        before = conn.execute(select(dictionaries.c.id)).scalars().all()

    archive.library().articles.delete(numbers[1])

    with raw.reading() as conn:
        rows = conn.execute(select(dictionaries)).all()
        assert before[0] not in [row.id for row in rows]
        assert encodings(raw).count("dictionary") == 5
    for number, page in zip(numbers, pages, strict=True):
        if number != numbers[1]:
            assert_readable(archive, number, page, 0)


def test_what_an_erasing_left_when_it_was_killed_is_finished_by_the_next_one(
    archive: Archive, raw: Database
) -> None:
    numbers = [keep(archive, a_site_page(number)) for number in range(6)]
    raw.writing(lambda conn: delete_article_rows(conn, [numbers[1]]))
    with raw.reading() as conn:
        assert conn.execute(select(dictionaries.c.retired)).scalars().all() == [True]

    archive.maintenance.delete_expired(NOW)

    with raw.reading() as conn:
        assert not any(conn.execute(select(dictionaries.c.retired)).scalars())
    assert archive.maintenance.verify().problems == ()


def test_a_page_whose_base_is_deleted_is_recompressed(archive: Archive, raw: Database) -> None:
    first, second, third = (a_site_page(1, version) for version in range(3))
    number = keep(archive, first)
    keep(archive, second, 1)
    keep(archive, third, 2)
    # Another URL with the same bytes as the third fetch: one raw page, needed by two articles.
    twin = keep(archive, a_page("https://news.example/twin", third.body, third.fetched))

    archive.library().articles.delete(number)

    assert (
        archive.library().articles.snapshot(archive.library().articles.revisions(twin)[0].snapshot or "").body
        == third.body
    )
    assert encodings(raw) == ["page"]


def test_an_archive_of_the_first_schema_is_upgraded_and_read(tmp_path: Path, postgresql: str) -> None:
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE first_schema")
    for dsn in (f"sqlite:///{tmp_path / 'first.db'}", f"{postgresql}/first_schema"):
        make_old_archive(dsn)
        with Archive(dsn) as archive:
            kept = archive.library().articles.snapshot(PAGE_HASH.hex())
            assert (kept.body, kept.headers) == (PAGE, {"content-type": "text/html"})
            assert archive.library().articles.get(1).article == ARTICLE
            page = a_page(ARTICLE.url, PAGE + b"<p>and more</p>", NOW)
            keep(archive, page)
            assert (
                archive.library()
                .articles.snapshot(archive.library().articles.revisions(1)[-1].snapshot or "")
                .body
                == page.body
            )


def test_a_missing_dictionary_is_a_clear_error_and_texts_stay_readable(
    archive: Archive, raw: Database
) -> None:
    numbers = [keep(archive, a_site_page(number)) for number in range(5)]
    raw.writing(lambda conn: conn.execute(text("UPDATE snapshots SET dictionary_id = NULL")))
    raw.writing(lambda conn: conn.execute(text("DELETE FROM dictionaries")))

    snapshot = archive.library().articles.revisions(numbers[4])[0].snapshot
    with pytest.raises(ArchiveError, match=r"dictionary .* is missing.*unabridged verify"):
        archive.library().articles.snapshot(snapshot or "")
    assert archive.library().articles.get(numbers[4]).article.text.startswith("Paragraph 0")
    assert (
        archive.library()
        .articles.snapshot(archive.library().articles.revisions(numbers[0])[0].snapshot or "")
        .body
        == a_site_page(0).body
    )
    again = a_site_page(4, 1)
    keep(archive, again, 1)
    assert_readable(archive, numbers[4], again, 1)


def test_a_raw_page_that_fails_its_hash_is_a_clear_error(archive: Archive, raw: Database) -> None:
    number = keep(archive, a_site_page(1))
    other = compress_page(join_headers({}, b"something else")).body
    raw.writing(lambda conn: conn.execute(text("UPDATE snapshots SET body = :body"), {"body": other}))
    with pytest.raises(ArchiveError, match="fail the hash"):
        archive.library().articles.snapshot(archive.library().articles.revisions(number)[0].snapshot or "")
