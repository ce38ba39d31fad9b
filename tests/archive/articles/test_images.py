"""Kept pictures: of which articles, one under its address and bytes, found again, let go."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.archive.sample_feeds import HOUR, NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.articles.images import MOST_IN_ARTICLE, images_of
from unabridged.archive.storage.engine import Database
from unabridged.errors import ArchiveError
from unabridged.model import Article

PNG = b"\x89PNG\r\n\x1a\n one"
A, B = "https://pictures.example/a.png?x=1&y=2", "https://pictures.example/b.png"


def read(archive: Archive, number: int, *pictures: str) -> int:
    """An article of a feed with these pictures in its text; its number."""
    feed = archive.subscribe(URL, now=NOW).feed
    save(archive, feed.id, an_entry(number))
    url = f"https://news.example/{number}"
    stored = archive.find_article(url)
    assert stored is not None
    body = "<p>Text.</p>" + "".join(f'<img src="{one.replace("&", "&amp;")}" alt="">' for one in pictures)
    page = a_page(url, f"<html>{number} {pictures}</html>".encode())
    made = replace(
        an_article(url, text=f"Story {number}, {len(pictures)} pictures, as it was told."), body=body
    )
    archive.save_page(stored.id, made, page, now=NOW)
    return stored.id


def fetch(archive: Archive, body: bytes = PNG) -> list[str]:
    """Keep every picture that is due; their addresses."""
    due = archive.claim_images(NOW, 50)
    for one in due:
        archive.save_image(one.id, "image/png", body, now=NOW)
    return sorted(one.url for one in due)


def test_an_articles_pictures_are_its_lead_and_those_of_its_text() -> None:
    body = (
        '<p>x</p><img alt="" src="https://a.example/1?a=1&amp;b=2"><img src="data:image/png,x"><img src="/r">'
    )
    found = images_of(Article(url="u", lead_image="https://a.example/0", body=body * 2))
    assert found == ("https://a.example/0", "https://a.example/1?a=1&b=2")
    many = "".join(f'<img src="https://a.example/{n}">' for n in range(500))
    assert len(images_of(Article(url="u", body=many))) == MOST_IN_ARTICLE


def test_only_pictures_of_starred_and_saved_articles_are_wanted_by_default(archive: Archive) -> None:
    first = read(archive, 1, A)
    read(archive, 2, B)
    assert archive.want_images(NOW) == 0
    archive.star([first], True, now=NOW)
    archive.save_article(
        an_article("https://own.example/1", lead_image="https://own.example/lead.png"),
        a_page("https://own.example/1"),
        now=NOW,
    )
    assert archive.want_images(NOW) == 2
    assert archive.want_images(NOW) == 0
    assert fetch(archive) == ["https://own.example/lead.png", A]
    assert archive.want_images(NOW, everything=True) == 1
    assert fetch(archive) == [B]


def pictures(archive: Archive) -> tuple[int, int]:
    """How many are kept, and their bytes."""
    [part] = (part for part in archive.sizes().parts if part.name == "pictures")
    return part.count, part.stored


def test_a_picture_is_kept_once_however_many_articles_show_it(archive: Archive) -> None:
    one, two = read(archive, 1, A, B), read(archive, 2, A)
    archive.star([one, two], True, now=NOW)
    archive.want_images(NOW)
    assert fetch(archive) == [A, B]
    assert pictures(archive) == (1, len(PNG))
    kept = archive.kept_image(A)
    assert kept is not None and (kept.body, kept.type, kept.url) == (PNG, "image/png", A)
    archive.delete_article(one)
    assert archive.kept_image(B) is None
    assert archive.kept_image(A) == kept
    archive.delete_article(two)
    assert pictures(archive) == (0, 0)


def test_a_new_version_is_looked_through_for_its_pictures_again(archive: Archive) -> None:
    number = read(archive, 1, A)
    archive.star([number], True, now=NOW)
    archive.want_images(NOW)
    fetch(archive)
    read(archive, 1, B)
    stored = archive.article(number)
    edited = replace(stored.article, text=stored.article.text + " And more.", body=f'<img src="{B}">')
    archive.save_page(number, edited, a_page(stored.article.url, b"<html>2</html>"), now=NOW + HOUR)
    assert archive.want_images(NOW) == 1
    fetch(archive)
    assert [url for url, _ in archive.article_pictures(number)] == [B]
    assert archive.kept_image(A) is None


def test_a_picture_that_cannot_be_got_is_tried_when_its_time_comes(archive: Archive) -> None:
    number = read(archive, 1, A)
    archive.star([number], True, now=NOW)
    archive.want_images(NOW)
    [bucket] = archive.due_buckets(NOW).pictures
    assert archive.claim_images(NOW, 5, bucket=(bucket + 1) % 256) == ()
    [one] = archive.claim_images(NOW, 5, bucket=bucket)
    assert archive.claim_images(NOW, 5) == ()
    archive.record_image_failure(one.id, "no such host", next_try_at=NOW + HOUR)
    assert archive.claim_images(NOW, 5) == ()
    [again] = archive.claim_images(NOW + HOUR, 5)
    assert (again.id, again.attempts) == (one.id, 1)
    archive.record_image_failure(one.id, "gone", next_try_at=None)
    assert archive.claim_images(NOW + 999 * HOUR, 5) == ()
    assert archive.article_pictures(number) == ((A, None),)


def test_a_damaged_picture_is_a_clear_error(archive: Archive, dsn: str) -> None:
    number = read(archive, 1, A)
    archive.star([number], True, now=NOW)
    archive.want_images(NOW)
    fetch(archive)
    database = Database(dsn)
    database.writing(lambda conn: conn.execute(text("UPDATE blobs SET body = :body"), {"body": b"x"}))
    database.close()
    with pytest.raises(ArchiveError, match="fails its hash"):
        archive.kept_image(A)


def test_feeds_have_the_icon_they_name_or_their_sites(archive: Archive) -> None:
    feed = archive.subscribe(URL, now=NOW).feed
    assert archive.want_icons(NOW) == 0
    save(archive, feed.id, an_entry(1))
    assert archive.want_icons(NOW) == 1
    assert archive.want_icons(NOW) == 0
    assert fetch(archive) == ["https://news.example/favicon.ico"]
    icon = archive.feed_icon(feed.id)
    assert icon is not None and icon.body == PNG
