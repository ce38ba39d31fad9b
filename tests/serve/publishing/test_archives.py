"""Archive documents of feeds (RFC 5005): they keep their articles, whatever arrives meanwhile."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import feedparser
import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, make_article, page_of
from unabridged.archive.records.items import EVERYTHING, ItemStream, StreamPart
from unabridged.archive.records.polling import PollOutcome
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.write import CONTENT_TYPES
from unabridged.model import Entry, Feed
from unabridged.serve.publishing.archives import FeedDivider, archived, growing_length

PROGRAM = {"Accept": "*/*"}
ALL = 500


def arrive(desk: Desk, feed: int, numbers: list[int], *, whole: bool = True) -> None:
    """Let a feed show further articles."""
    articles = [make_article(number) for number in numbers]
    entries = [Entry(guid=one.url, url=one.url, title=one.title) for one in articles]
    saved = desk.archive.ingest.save_entries(
        feed,
        Feed(url=f"https://news.example/{feed}.xml", format="rss", entries=tuple(entries)),
        list(zip(entries, articles, strict=True)),
        PollOutcome(polled=NOW + timedelta(hours=1), next_poll_at=NOW + timedelta(hours=2)),
    )
    for number, article in zip(saved.new if whole else (), articles, strict=whole):
        desk.archive.ingest.save_page(number, article, page_of(article), now=NOW)


@dataclass(slots=True)
class Walker:
    """A reader that follows links between documents, and sees each as its format says."""

    client: httpx.Client
    form: str

    def parsed(self, address: str) -> tuple[list[str], str | None, str | None]:
        """Return the articles, the address of the document before, and the archive's mark."""
        answer = self.client.get(address, headers=PROGRAM)
        assert answer.status_code == 200
        if self.form == "json":
            feed = answer.json()
            return [one["id"] for one in feed["items"]], feed.get("next_url"), None
        read = feedparser.parse(answer.content)
        links = {link.rel: link.href for link in read.feed.links}
        assert links.get("next") == links.get("prev-archive")
        return [one.id for one in read.entries], links.get("prev-archive"), read.feed.get("fh_archive")

    def documents(self, address: str | None) -> Iterator[list[str]]:
        current = address
        while address is not None:
            found, following, mark = self.parsed(address)
            assert self.form == "json" or (mark is not None) == (address != current)
            yield found
            address = following


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_walk_of_the_archive_sees_each_of_500_articles_once_while_others_arrive(
    desk: Desk, visit: Visit, form: str
) -> None:
    feed = desk.subscribe([make_article(number) for number in range(ALL, 0, -1)][::-1], whole=False)
    walker = Walker(visit(desk), form)
    seen: Counter[str] = Counter()
    for turn, found in enumerate(walker.documents(f"/feeds/1.{form}")):
        seen.update(found)
        arrive(desk, feed, [-(3 * turn + n) for n in (1, 2, 3)], whole=False)
    assert set(seen.values()) == {1}
    assert len(seen) == ALL
    after: Counter[str] = Counter()
    for found in walker.documents(f"/feeds/1.{form}"):
        after.update(found)
    assert set(after.values()) == {1}
    assert len(after) == ALL + 3 * (turn + 1)


def test_an_archive_document_stays_the_same_and_is_kept_long(desk: Desk, visit: Visit) -> None:
    feed = desk.subscribe([make_article(number) for number in range(30)])
    client = visit(desk)
    walker = Walker(client, "atom")
    _, first, _ = walker.parsed("/feeds/1.atom")
    assert first is not None
    before = client.get(first, headers=PROGRAM)
    assert before.headers["cache-control"] == "private, max-age=604800"
    arrive(desk, feed, list(range(-25, 0)))
    after = client.get(first, headers=PROGRAM)
    assert after.content == before.content
    assert after.headers["etag"] == before.headers["etag"]
    again = client.get(first, headers=PROGRAM | {"If-None-Match": before.headers["etag"]})
    assert again.status_code == 304
    read = feedparser.parse(after.content).feed
    links = {link.rel: link.href for link in read.links}
    assert links["self"] == first
    assert links["current"] == f"{str(client.base_url).rstrip('/')}/feeds/1.atom"
    addresses = [before.url]
    current = client.get("/feeds/1.atom", headers=PROGRAM)
    assert current.headers["cache-control"] == "private, no-cache"
    assert str(addresses[0]) not in current.text, "a newer archive document comes before it"


def test_an_archive_document_is_asked_for_again_until_its_pages_are_read(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number) for number in range(30)], whole=False)
    walker = Walker(visit(desk), "rss")
    _, first, _ = walker.parsed("/feeds/1.rss")
    assert first is not None
    assert "no-cache" in walker.client.get(first, headers=PROGRAM).headers["cache-control"]


def test_a_private_address_leads_through_the_archive(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number) for number in range(45)])
    bo = desk.archive.accounts.add("Bo", now=NOW)
    desk.archive.library(bo.id).subscriptions.add("https://news.example/0.xml", now=NOW)
    secret = desk.archive.library().tokens.add("reader", "read", now=NOW).secret
    foreign = desk.archive.library(bo.id).tokens.add("reader", "read", now=NOW).secret
    walker = Walker(visit(desk), "atom")
    found = list(walker.documents(f"/feeds/1.atom?token={secret}"))
    assert sum(map(len, found)) == 45
    others = list(walker.documents(f"/feeds/1.atom?token={foreign}"))
    assert sum(map(len, others)) == 45, "delivered to Bo under numbers of Bo's own"
    [older] = {link for _, link, _ in [walker.parsed(f"/feeds/1.atom?token={secret}")]}
    stolen = f"{older}".replace(secret, foreign)
    assert len(walker.parsed(stolen)[0]) == 0, "numbers of one person name nothing of another's"


def test_an_article_that_another_feed_had_first_is_in_the_document_that_grows(
    desk: Desk, visit: Visit
) -> None:
    """Its number is that of its delivery, long before this feed showed it."""
    desk.subscribe([make_article(number) for number in range(100, 103)], title="First")
    second = desk.subscribe([make_article(number) for number in range(30)], title="Second", folder="Other")
    client = visit(desk)
    walker = Walker(client, "atom")
    assert len(list(walker.documents(f"/feeds/{second}.atom"))) == 3
    arrive(desk, second, [101], whole=False)
    stored = desk.archive.library().articles.find(make_article(101).url)
    assert stored is not None
    for path in (f"/feeds/{second}.atom", "/folders/Other.atom"):
        found, _, _ = walker.parsed(path)
        assert f"urn:unabridged:article:{stored.id}" in found
        assert len(found) == len(set(found))


def test_our_own_parser_reads_the_links_of_an_archive_document(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number) for number in range(30)])
    body = visit(desk).get("/feeds/1.rss", headers=PROGRAM).content
    feed = parse_feed(body, url="https://x.example/", content_type=CONTENT_TYPES["rss"])
    assert feed.next_url is not None
    assert "archive=" in feed.next_url


@pytest.mark.parametrize("size", [1, 7, 50])
def test_the_growing_document_holds_from_one_to_two_archive_documents(size: int) -> None:
    for count in range(6 * size):
        length = growing_length(count, size)
        assert length <= count
        assert (count - length) % size == 0
        assert min(count, size) <= length < 2 * size


def test_a_divider_that_starts_again_divides_as_before(desk: Desk) -> None:
    """What is remembered saves a count and changes nothing."""
    feed = desk.subscribe([make_article(number) for number in range(60)])
    library, part = desk.archive.library(), StreamPart(kind="feed", number=feed)
    kept = FeedDivider()
    for turn in range(25):
        arrive(desk, feed, [-turn - 1], whole=False)
        old, new = (one.growing(library, 1, part, 10) for one in (kept, FeedDivider()))
        assert old == new
    every = [ref.id for ref in library.items.page(ItemStream(parts=(EVERYTHING,))).refs]
    section, found = kept.growing(library, 1, part, 10), list[int]()
    found += section.items
    while section.older is not None:
        section = archived(library, part, section.older, 10)
        found += section.items
    assert found == every


def test_many_arrivals_at_once_make_several_archive_documents(desk: Desk) -> None:
    feed = desk.subscribe([make_article(number) for number in range(30)])
    library, part = desk.archive.library(), StreamPart(kind="feed", number=feed)
    kept = FeedDivider()
    kept.growing(library, 1, part, 10)
    arrive(desk, feed, list(range(-75, 0)), whole=False)
    assert kept.growing(library, 1, part, 10) == FeedDivider().growing(library, 1, part, 10)


def test_an_old_article_that_is_starred_today_is_in_the_newest_document(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number) for number in range(25)], whole=False)
    marks = desk.archive.library().marks
    for minute, number in enumerate(desk.articles):
        marks.set_starred([number], True, now=NOW + timedelta(minutes=minute))
    wanted = [f"urn:unabridged:article:{number}" for number in reversed(desk.articles)]
    client = visit(desk)
    for path in ("/feeds/all.json?show=starred", "/feeds/1.json?show=starred"):
        found, address = list[list[str]](), path
        while address:
            feed = client.get(address, headers=PROGRAM).json()
            found.append([one["id"] for one in feed["items"]])
            address = feed.get("next_url", "")
        assert [len(page) for page in found] == [10, 10, 5]
        assert [one for page in found for one in page] == wanted
