"""Publishers that misbehave over time: nothing is lost, doubled or shown again as new."""

import json
import random
from datetime import datetime, timedelta
from typing import Any, NoReturn

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged import limits
from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.ingest import Ingest
from unabridged.archive.records.core import Query, SavedEntries
from unabridged.errors import FeedKilledReader
from unabridged.model import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


def everything(archive: Archive) -> dict[str, tuple[int | None, int, str]]:
    found = archive.library().articles.page(Query(limit=1000)).articles
    return {one.article.url: (one.item_id, one.revision, one.article.text) for one in found}


def reset(request: web.Request) -> web.Response:
    present(request.transport).abort()
    return web.Response()


async def test_a_flapping_server_changes_nothing_and_is_asked_ever_less(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    def half(request: web.Request) -> web.Response:
        whole = publisher.feed_text()
        return web.Response(text=whole[: len(whole) // 2], content_type="application/rss+xml")

    troubles = [
        lambda request: web.Response(status=500),
        lambda request: web.Response(text=""),
        lambda request: web.Response(text="<html><p>Maintenance</p></html>", content_type="text/html"),
        reset,
        half,
    ]
    luck = random.Random(5)
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        number = added.subscription.feed.id
        await poller.read_due_pages()
        before = everything(archive)
        for _ in range(20):
            publisher.answers["/feed.xml"] = luck.choice([*troubles, publisher._feed])
            clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
            await poller.poll_due()
            assert everything(archive) == before


@pytest.mark.parametrize("churn", ["guids", "no guids", "dates", "trackers"])
async def test_old_entries_do_not_come_back_as_new(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, churn: str
) -> None:
    polls = 0

    def feed(request: web.Request) -> web.Response:
        nonlocal polls
        polls += 1
        items = "".join(entry(publisher.base, number, polls, churn) for number in (1, 2, 3))
        text = f"<rss version='2.0'><channel><title>River</title>{items}</channel></rss>"
        return web.Response(text=text, content_type="application/rss+xml")

    publisher.answers["/feed.xml"] = feed
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        before = {url: item for url, (item, _, _) in everything(archive).items()}
        for _ in range(3):
            clock.pass_time(days=1)
            summary = await poller.poll_due()
            assert summary.feeds[0].new == ()
    assert {url: item for url, (item, _, _) in everything(archive).items()} == before


def entry(base: str, number: int, polls: int, churn: str) -> str:
    guid = {"guids": f"<guid>random-{number}-{polls}</guid>", "no guids": ""}.get(
        churn, f"<guid>{number}</guid>"
    )
    day = 1 + (polls if churn == "dates" else 0)
    tail = f"?utm_source=rss&amp;utm_campaign={polls}" if churn == "trackers" else ""
    return (
        f"<item><title>Report {number}</title>{guid}<link>{base}/story/{number}{tail}</link>"
        f"<pubDate>0{day} May 2024 08:00:00 GMT</pubDate><description>Teaser {number}</description></item>"
    )


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=400)])
async def test_a_jump_of_the_clock_makes_no_storm(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, jump: timedelta
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        asked = len(publisher.asked)
        clock.now += jump
        for _ in range(12):
            await poller.poll_due()
            clock.pass_time(minutes=5)
    assert len(publisher.asked) - asked <= 2


async def test_a_crash_of_the_child_process_ends_one_feed_only(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    nested = "<a>" * 300_000
    async with polling() as poller:
        good = await poller.add(publisher.feed)
        publisher.answers["/bad.xml"] = publisher._feed
        bad = await poller.add(publisher.base + "/bad.xml")
        publisher.answers["/bad.xml"] = lambda request: web.Response(text=f"<rss><channel>{nested}")
        publisher.stories = [9, 1, 2, 3]
        clock.pass_time(hours=3)
        reports = {report.feed_id: report for report in await poller.poll_due_feeds()}
    assert reports[good.subscription.feed.id].kind == "news"
    assert reports[bad.subscription.feed.id].kind in ("failed", "unchanged", "news")


async def test_a_document_that_kills_its_reader_is_kept_aside(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    heavy = b"<rss><channel><title>Heavy</title></channel></rss>"

    class Killed:
        """A reader that dies of everything, at the far wall of the process."""

        async def read(self, page: Page, now: datetime) -> NoReturn:
            raise FeedKilledReader(f"Reading {page.url} took more than 10 seconds of CPU.")

    publisher.answers["/feed.xml"] = lambda request: web.Response(body=heavy, content_type="text/xml")
    feed = archive.library().subscriptions.add(publisher.feed, now=clock.now).feed
    async with polling(reader=Killed()) as poller:
        [report] = await poller.poll_due_feeds()
    assert (report.kind, present(report.failure).kind) == ("failed", "feed-too-heavy")
    kept = present(archive.feeds.quarantined(feed.id))
    assert (kept.body, kept.at, kept.content_type) == (
        heavy,
        clock.now,
        "text/xml",
    )
    assert "10 seconds" in kept.why
    assert archive.feeds.quarantined_feeds() == {feed.id}


async def test_a_feed_full_of_what_no_text_is_lets_the_others_be_polled(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    item = {"id": "\udfff1", "title": "\ud800", "content_text": "\ud800 words", "tags": ["\udc00", "\x00"]}
    strange = {"version": "https://jsonfeed.org/version/1.1", "title": "half \ud800\x00", "items": [item]}

    def answer(request: web.Request) -> web.Response:
        return web.Response(text=json.dumps(strange), content_type="application/feed+json")

    publisher.answers["/strange.json"] = answer
    async with polling() as poller:
        added = await poller.add(f"{publisher.base}/strange.json")
        await poller.add(publisher.feed)
        strange["title"] = "x\ud800" * 1_000_000
        clock.pass_time(days=2)
        summary = await poller.poll_due()
    assert len(summary.feeds) == 2
    assert not [one for one in summary.feeds if one.failure]
    assert len(archive.library().subscriptions.feed(added.subscription.feed.id).title) <= limits.TITLE


async def test_a_fault_that_one_feed_brings_to_light_is_written_on_that_feed_alone(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    class Faulty(Ingest):
        """The part of an archive in which saving one feed's document meets a fault of this program."""

        def save_entries(self, feed_id: int, *given: Any, **more: Any) -> SavedEntries:
            if feed_id == added.subscription.feed.id:
                raise RuntimeError("a fault")
            return super().save_entries(feed_id, *given, **more)

    async with polling() as poller:
        added = await poller.add(publisher.feed)
        archive.ingest.__class__ = Faulty
        publisher.stories = [1, 2, 3, 4, 5, 6]
        clock.pass_time(days=2)
        [report] = await poller.poll_due_feeds()
    kept = archive.library().subscriptions.feed(added.subscription.feed.id)
    assert report.kind == "failed"
    assert kept.last_failure is not None
    assert kept.last_failure.kind == "fault"
    assert present(kept.next_poll_at) > clock.now
