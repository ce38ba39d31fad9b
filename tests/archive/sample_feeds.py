"""Small feeds, articles and pages that the archive's tests are written with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from unabridged.archive import Archive, PollOutcome, Query, SavedEntries
from unabridged.model import Article, Clock, Completeness, Entry, Feed, Page

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


HOUR = timedelta(hours=1)


URL = "https://news.example/feed"


LONG = "\n\n".join(
    f"Paragraph {number} of the story tells what happened in the town on that day, and who saw it, and why."
    for number in range(12)
)


def an_article(url: str, title: str = "A title", text: str = LONG, **more: object) -> Article:
    body = "".join(f"<p>{block}</p>" for block in text.split("\n\n") if block)
    made = Article(url=url, title=title, html=body, text=text, markdown=text)
    return replace(made, **more)  # type: ignore[arg-type]


def an_entry(
    number: int, *, guid: str | None = "", url: str | None = "", title: str = "", text: str = ""
) -> tuple[Entry, Article]:
    """An entry with the article made of it. guid, url: "" for one of its own, None for none."""
    link = f"https://news.example/{number}" if url == "" else url
    published = NOW - timedelta(days=1) + timedelta(minutes=number)
    entry = Entry(
        guid=f"guid-{number}" if guid == "" else guid,
        url=link,
        title=title or f"Story {number}",
        published=Clock(kind="published", at=published, origin="feed"),
        content_html=f"<p>{text or f'Teaser {number}.'}</p>",
    )
    words = text or f"Teaser {number}."
    return entry, an_article(link or "", entry.title, words, published=published)


def a_feed(**more: object) -> Feed:
    return replace(Feed(url=URL, format="rss", title="News", site_url="https://news.example/"), **more)  # type: ignore[arg-type]


def fine(now: datetime = NOW, **more: object) -> PollOutcome:
    return replace(PollOutcome(polled=now, next_poll_at=now + HOUR), **more)  # type: ignore[arg-type]


def save(
    archive: Archive,
    feed_id: int,
    *entries: tuple[Entry, Article],
    now: datetime = NOW,
    read_newest: int = 50,
) -> SavedEntries:
    return archive.ingest.save_entries(feed_id, a_feed(), entries, fine(now), read_newest=read_newest)


def a_page(url: str, body: bytes = b"<html>raw</html>", now: datetime = NOW) -> Page:
    return Page(
        url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=body, fetched=now
    )


def incomplete(kind: str, why: str = "") -> Completeness:
    return Completeness(kind=kind, evidence=(why,) if why else ())  # type: ignore[arg-type]


def filled(archive: Archive, *numbers: int) -> list[int]:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    return list(save(archive, feed.id, *(an_entry(n) for n in numbers)).new)


def titles(archive: Archive, **query: object) -> set[str]:
    return {one.title for one in archive.library().articles.headlines(Query(**query)).headlines}  # type: ignore[arg-type]
