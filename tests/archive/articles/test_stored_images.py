"""Kept pictures: of which articles, one under its address and bytes, found again, let go."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, a_page, an_article, an_entry, fine, save
from unabridged.archive import Archive
from unabridged.archive.articles.stored_images import MAX_IMAGES_PER_ARTICLE, image_urls
from unabridged.archive.storage.engine import Database
from unabridged.errors import ArchiveError
from unabridged.model import Article

PNG = b"\x89PNG\r\n\x1a\n one"
A, B = "https://pictures.example/a.png?x=1&y=2", "https://pictures.example/b.png"


def read(archive: Archive, number: int, *pictures: str) -> int:
    """An article of a feed with these pictures in its text; its number."""
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(number))
    url = f"https://news.example/{number}"
    stored = archive.library().articles.find(url)
    assert stored is not None
    body = "<p>Text.</p>" + "".join(f'<img src="{one.replace("&", "&amp;")}" alt="">' for one in pictures)
    page = a_page(url, f"<html>{number} {pictures}</html>".encode())
    made = replace(
        an_article(url, text=f"Story {number}, {len(pictures)} pictures, as it was told."), html=body
    )
    archive.ingest.save_page(stored.id, made, page, now=NOW)
    return stored.id


def fetch(archive: Archive, body: bytes = PNG) -> list[str]:
    """Keep every picture that is due; their addresses."""
    due = archive.images.claim(NOW, 50)
    for one in due:
        archive.images.save(one.id, "image/png", body, now=NOW)
    return sorted(one.url for one in due)


def test_an_articles_pictures_are_its_lead_and_those_of_its_text() -> None:
    body = (
        '<p>x</p><img alt="" src="https://a.example/1?a=1&amp;b=2"><img src="data:image/png,x"><img src="/r">'
    )
    found = image_urls(Article(url="u", lead_image="https://a.example/0", html=body * 2))
    assert found == ("https://a.example/0", "https://a.example/1?a=1&b=2")
    many = "".join(f'<img src="https://a.example/{n}">' for n in range(500))
    assert len(image_urls(Article(url="u", html=many))) == MAX_IMAGES_PER_ARTICLE


def test_only_pictures_of_starred_and_saved_articles_are_wanted_by_default(archive: Archive) -> None:
    first = read(archive, 1, A)
    read(archive, 2, B)
    assert archive.images.queue(NOW) == 0
    archive.library().marks.set_starred([first], True, now=NOW)
    archive.library().articles.save(
        an_article("https://own.example/1", lead_image="https://own.example/lead.png"),
        a_page("https://own.example/1"),
        now=NOW,
    )
    assert archive.images.queue(NOW) == 2
    assert archive.images.queue(NOW) == 0
    assert fetch(archive) == ["https://own.example/lead.png", A]
    assert archive.images.queue(NOW, everything=True) == 1
    assert fetch(archive) == [B]


def pictures(archive: Archive) -> tuple[int, int]:
    """How many are kept, and their bytes."""
    [part] = (part for part in archive.maintenance.sizes().parts if part.name == "pictures")
    return part.count, part.stored


def test_a_picture_is_kept_once_however_many_articles_show_it(archive: Archive) -> None:
    one, two = read(archive, 1, A, B), read(archive, 2, A)
    archive.library().marks.set_starred([one, two], True, now=NOW)
    archive.images.queue(NOW)
    assert fetch(archive) == [A, B]
    assert pictures(archive) == (1, len(PNG))
    kept = archive.images.find(A)
    assert kept is not None and (kept.body, kept.type, kept.url) == (PNG, "image/png", A)
    archive.library().articles.delete(one)
    assert archive.images.find(B) is None
    assert archive.images.find(A) == kept
    archive.library().articles.delete(two)
    assert pictures(archive) == (0, 0)


def test_a_new_version_is_looked_through_for_its_pictures_again(archive: Archive) -> None:
    number = read(archive, 1, A)
    archive.library().marks.set_starred([number], True, now=NOW)
    archive.images.queue(NOW)
    fetch(archive)
    read(archive, 1, B)
    stored = archive.library().articles.get(number)
    edited = replace(stored.article, text=stored.article.text + " And more.", html=f'<img src="{B}">')
    archive.ingest.save_page(number, edited, a_page(stored.article.url, b"<html>2</html>"), now=NOW + HOUR)
    assert archive.images.queue(NOW) == 1
    fetch(archive)
    assert [url for url, _ in archive.library().articles.images(number)] == [B]
    assert archive.images.find(A) is None


def test_a_picture_that_cannot_be_got_is_tried_when_its_time_comes(archive: Archive) -> None:
    number = read(archive, 1, A)
    archive.library().marks.set_starred([number], True, now=NOW)
    archive.images.queue(NOW)
    [bucket] = archive.schedule.due_buckets(NOW).pictures
    assert archive.images.claim(NOW, 5, bucket=(bucket + 1) % 256) == ()
    [one] = archive.images.claim(NOW, 5, bucket=bucket)
    assert archive.images.claim(NOW, 5) == ()
    archive.images.record_failure(one.id, "no such host", next_try_at=NOW + HOUR)
    assert archive.images.claim(NOW, 5) == ()
    [again] = archive.images.claim(NOW + HOUR, 5)
    assert (again.id, again.attempts) == (one.id, 1)
    archive.images.record_failure(one.id, "gone", next_try_at=None)
    assert archive.images.claim(NOW + 999 * HOUR, 5) == ()
    assert archive.library().articles.images(number) == ((A, None),)


def test_a_damaged_picture_is_a_clear_error(archive: Archive, dsn: str) -> None:
    number = read(archive, 1, A)
    archive.library().marks.set_starred([number], True, now=NOW)
    archive.images.queue(NOW)
    fetch(archive)
    database = Database(dsn)
    database.writing(lambda conn: conn.execute(text("UPDATE blobs SET body = :body"), {"body": b"x"}))
    database.close()
    with pytest.raises(ArchiveError, match="fails its hash"):
        archive.images.find(A)


def test_feeds_have_the_icon_they_name_or_their_sites(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    assert archive.images.queue_icons(NOW) == 0
    save(archive, feed.id, an_entry(1))
    assert archive.images.queue_icons(NOW) == 1
    assert archive.images.queue_icons(NOW) == 0
    assert fetch(archive) == ["https://news.example/favicon.ico"]
    icon = archive.images.icon(feed.id)
    assert icon is not None and icon.body == PNG


def test_an_icon_that_cannot_be_fetched_is_followed_by_the_sites_own(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    own = "https://cdn.example/apple-touch-icon.png"
    archive.ingest.save_entries(feed.id, a_feed(icon=own), [], fine())
    asked = []
    while archive.images.queue_icons(NOW):
        [due] = archive.images.claim(NOW, 50)
        asked.append(due.url)
        archive.images.record_failure(due.id, "404", next_try_at=None)
    assert asked == [
        own,
        "https://news.example/favicon.ico",
        "https://news.example/apple-touch-icon.png",
    ]
    assert archive.images.icon(feed.id) is None


def test_an_icon_that_is_tried_again_later_is_waited_for(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))
    archive.images.queue_icons(NOW)
    [due] = archive.images.claim(NOW, 50)
    archive.images.record_failure(due.id, "no answer", next_try_at=NOW + HOUR)
    assert archive.images.queue_icons(NOW) == 0
    archive.images.record_failure(due.id, "404", next_try_at=None)
    assert archive.images.queue_icons(NOW) == 1
    assert fetch(archive) == ["https://news.example/apple-touch-icon.png"]
    assert archive.images.icons([feed.id]).keys() == {feed.id}
