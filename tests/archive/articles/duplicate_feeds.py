"""The same story in two feeds, under two addresses of which one page names the other."""

from dataclasses import replace

from tests.archive.sample_feeds import HOUR, LONG, NOW, a_page, an_article, an_entry, fine
from unabridged.archive import Archive
from unabridged.model import Article, Feed

PLAIN, SHORT = "https://news.example/story/1", "https://amp.news.example/s/1"
FEEDS = ("https://feed0.example/", "https://feed1.example/")
LATER = NOW + HOUR


def feeds(archive: Archive) -> tuple[int, int]:
    """Two feeds, of which each gives the same story under an address of its own."""
    made = []
    for place, url in enumerate((PLAIN, SHORT)):
        feed = archive.library().subscriptions.add(FEEDS[place], now=NOW).feed
        poll(archive, feed.id, place, url)
        made.append(feed.id)
    return made[0], made[1]


def poll(archive: Archive, feed: int, place: int, url: str) -> tuple[int, ...]:
    entry = an_entry(1, guid=f"guid-{place}", url=url, title="Storm over the town")
    return archive.ingest.save_entries(feed, Feed(url=FEEDS[place], format="rss"), [entry], fine()).new


def story(url: str, text: str = LONG, **more: object) -> Article:
    return an_article(url, "Storm over the town", text, **more)


def numbers(archive: Archive) -> tuple[int, int]:
    one, two = (archive.library().articles.find(url) for url in (PLAIN, SHORT))
    assert one is not None and two is not None
    return one.id, two.id


def read_both(archive: Archive, second: Article) -> tuple[int, int]:
    """Read the page of the plain address, then the other one's, which names the plain one."""
    one, two = numbers(archive)
    assert one != two
    archive.ingest.save_page(one, story(PLAIN), a_page(PLAIN), now=NOW)
    archive.ingest.save_page(
        two, replace(second, canonical_url=PLAIN), a_page(SHORT, b"amp"), now=LATER, next_check_at=LATER
    )
    return one, two
