"""One poll of a feed: conditional, failing, redirected, and what it keeps."""

import json
import random
import socket
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.answers import html, status, stored
from tests.poll.conftest import Answer, Clock, Polling, Publisher
from unabridged import limits
from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.ingest import Ingest
from unabridged.archive.records.core import Query
from unabridged.archive.records.polling import SavedEntries
from unabridged.config import PollSettings
from unabridged.errors import FeedKilledReader
from unabridged.model import Page
from unabridged.poll.reports import Summary

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_unchanged_feed_is_asked_conditionally_and_nothing_else_happens(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        assert await poller.poll_due() == Summary()
        clock.pass_time(hours=2)
        summary = await poller.poll_due()
    assert [report.kind for report in summary.feeds] == ["unchanged"]
    assert summary.pages == ()
    assert publisher.counts()["/feed.xml"] == 2
    assert publisher.headers[-1]["If-None-Match"] == '"3-3"'


async def test_a_validator_that_cannot_be_repeated_is_not_invented(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.validators = False
    publisher.feed_headers = {"ETag": '"é"', "Last-Modified": "x" * 2000}
    async with polling() as poller:
        await poller.add(publisher.feed)
        clock.pass_time(hours=2)
        await poller.poll_due_feeds()
    assert "If-None-Match" not in publisher.headers[-1]
    assert "If-Modified-Since" not in publisher.headers[-1]


async def test_a_server_without_validators_that_repeats_itself_is_unchanged(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.validators = False
    async with polling() as poller:
        await poller.add(publisher.feed)
        clock.pass_time(hours=2)
        reports = await poller.poll_due_feeds()
    assert [report.kind for report in reports] == ["unchanged"]


async def test_new_entries_come_in_and_old_ones_are_known(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        clock.pass_time(hours=2)
        publisher.stories = [4, 1, 2, 3]
        summary = await poller.poll_due()
    assert len(summary.feeds[0].new) == 1
    assert [page.url for page in summary.pages] == [publisher.base + "/story/4"]
    assert len(stored(archive)) == 4


async def test_only_the_newest_entries_are_read_whole_at_first(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = list(range(1, 8))
    async with polling(settings=PollSettings(workers=1, read_newest=2)) as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert {page.url.rpartition("/")[2] for page in pages} == {"1", "2"}
    assert sorted(one.page.state for one in stored(archive)) == ["read"] * 2 + ["skipped"] * 5


async def test_a_feed_that_turns_into_a_page_is_a_failure_and_never_a_new_list(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    links = "".join(f"<h2><a href=/story/{n}>Some other report number {n}</a></h2>" for n in range(20, 30))
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        publisher.answers["/feed.xml"] = html(links)
        clock.now = present(archive.library().subscriptions.feed(added.subscription.feed.id).next_poll_at)
        assert [report.kind for report in await poller.poll_due_feeds()] == ["failed"]
    assert len(stored(archive)) == 3


FEED_TROUBLES = {
    "status": status(500),
    "not-a-feed": html("<body><p>Under construction</p></body>"),
    "redirects": status(302, Location="/feed.xml"),
}


@pytest.mark.parametrize("kind", FEED_TROUBLES)
async def test_a_feed_that_fails_keeps_everything_and_backs_off(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, kind: str
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        number = added.subscription.feed.id
        publisher.answers["/feed.xml"] = FEED_TROUBLES[kind]
        waits = []
        for _ in range(3):
            clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
            reports = await poller.poll_due_feeds()
            assert [report.kind for report in reports] == ["failed"]
            waits.append((present(reports[0].next_poll_at) - clock.now).total_seconds() / 3600)
        feed = archive.library().subscriptions.feed(number)
        assert waits == [1, 2, 4]
        assert feed.failures == 3
        assert present(feed.last_failure).kind == kind
        assert present(feed.last_failure).advice
        assert len(stored(archive)) == 3
        del publisher.answers["/feed.xml"]
        clock.now = present(feed.next_poll_at)
        assert [report.kind for report in await poller.poll_due_feeds()] == ["unchanged"]
    assert archive.library().subscriptions.feed(number).failures == 0
    assert archive.library().subscriptions.feed(number).last_failure is None
    assert publisher.headers[-1]["If-None-Match"] == '"3-3"'


async def test_a_feed_that_is_gone_is_asked_no_more_and_kept(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        publisher.answers["/feed.xml"] = status(410)
        clock.pass_time(days=1)
        assert [report.kind for report in await poller.poll_due_feeds()] == ["gone"]
        clock.pass_time(days=100)
        assert await poller.poll_due_feeds() == ()
    feed = archive.library().subscriptions.feed(added.subscription.feed.id)
    assert feed.status == "gone"
    assert present(feed.last_failure).advice
    assert len(stored(archive)) == 3


async def test_retry_after_holds_the_feed_back(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        publisher.answers["/feed.xml"] = status(429, Retry_After="40000")
        clock.pass_time(hours=2)
        reports = await poller.poll_due_feeds()
    assert reports[0].next_poll_at == clock.now + timedelta(seconds=40000)


async def test_a_permanent_redirect_is_believed_after_three_polls_over_two_days(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        number = added.subscription.feed.id
        publisher.answers["/new.xml"] = publisher._feed
        publisher.answers["/feed.xml"] = status(301, Location="/new.xml")
        addresses = []
        for _ in range(4):
            clock.pass_time(days=1)
            await poller.poll_due_feeds()
            addresses.append(archive.library().subscriptions.feed(number).url.rpartition("/")[2])
    assert addresses == ["feed.xml", "feed.xml", "new.xml", "new.xml"]
    assert [move.old_url for move in archive.feeds.moves()[number]] == [publisher.feed]
    assert publisher.asked[-1] == "/new.xml"


async def test_a_hostile_feed_is_marked_and_the_others_are_polled(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    chain = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 20_000))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "x">{chain}]><rss><channel><title>&e9999;'
    publisher.answers["/bad.xml"] = publisher._feed
    async with polling() as poller:
        good = await poller.add(publisher.feed)
        bad = await poller.add(publisher.base + "/bad.xml")
        publisher.answers["/bad.xml"] = lambda request: web.Response(text=bomb, content_type="text/xml")
        publisher.stories = [9, 1, 2, 3]
        clock.pass_time(hours=3)
        reports = {report.feed_id: report for report in await poller.poll_due_feeds()}
    assert reports[good.subscription.feed.id].kind == "news"
    assert reports[bad.subscription.feed.id].kind in ("failed", "unchanged")


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


def feed_with(channel: str) -> Answer:
    text = f"<rss version='2.0'><channel><title>T</title>{channel}<item><guid>1</guid></item></channel></rss>"

    def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304, headers={"ETag": '"1"'})
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": '"1"'})

    return answer


WISHES = {
    "ttl": ("<ttl>300</ttl>", timedelta(minutes=300)),
    "skipHours": (
        "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(10, 20)) + "</skipHours>",
        timedelta(hours=11),
    ),
    "skipDays": ("<skipDays><day>Monday</day></skipDays>", timedelta(hours=15)),
    "updatePeriod": (
        "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>"
        "<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>4</sy:updateFrequency>",
        timedelta(hours=6),
    ),
}
"""Wish -> (what the channel says, how long it keeps us away at nine on a Monday)."""


@pytest.mark.parametrize("name", WISHES)
async def test_a_wish_of_the_document_holds_on_the_304_after_it(
    name: str, publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    channel, wait = WISHES[name]
    publisher.answers["/feed.xml"] = feed_with(channel)
    async with polling(settings=PollSettings(workers=1)) as poller:
        added = await poller.add(publisher.feed)
        number = added.subscription.feed.id
        assert archive.library().subscriptions.feed(number).next_poll_at == clock.now + wait
    clock.now = datetime(2024, 5, 13, 9, 0, tzinfo=UTC)
    async with polling() as poller:
        [report] = await poller.poll_due_feeds()
    assert report.kind == "unchanged"
    if name != "skipHours":  # the silence of a week asks for longer, up to the first open hour
        assert present(archive.library().subscriptions.feed(number).next_poll_at) >= clock.now + wait
    asked = present(archive.library().subscriptions.feed(number).next_poll_at)
    assert asked.hour not in range(10, 20) or name != "skipHours"
    assert asked.strftime("%A") != "Monday" or name != "skipDays"


async def test_a_304_costs_no_look_at_the_articles(
    publisher: Publisher, polling: Polling, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        monkeypatch.setattr(poller.context.archive.schedule, "posting_times", None)  # calling it would fail
        clock.pass_time(hours=2)
        [report] = await poller.poll_due_feeds()
    assert report.kind == "unchanged"


async def test_retry_after_holds_for_every_feed_of_the_host_and_beyond_a_restart(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    for name in ("one", "two", "three"):
        publisher.answers[f"/{name}"] = lambda request: web.Response(
            status=503, headers={"Retry-After": "7200"}
        )
        archive.library().subscriptions.add(f"{publisher.base}/{name}", now=clock.now)
    async with polling() as poller:
        reports = await poller.poll_due_feeds()
    assert sorted(report.kind for report in reports) == ["failed", "postponed", "postponed"]
    assert len(publisher.asked) == 1

    put_off = [one.feed for one in archive.library().subscriptions.all() if one.feed.failures == 0]
    assert len(put_off) == 2
    assert all(feed.last_failure is None and feed.last_polled is None for feed in put_off)
    assert all(present(feed.next_poll_at) >= clock.now + timedelta(seconds=7195) for feed in put_off)

    for feed in put_off:
        archive.library().subscriptions.set_statuses([feed.id], "active", now=clock.now)
    async with polling() as poller:
        reports = await poller.poll_due_feeds()
    assert {report.kind for report in reports} == {"postponed"}
    assert len(publisher.asked) == 1

    clock.pass_time(hours=3)
    async with polling() as poller:
        await poller.poll_due_feeds()
    assert len(publisher.asked) == 2


async def test_a_silence_of_years_is_kept_to_a_day(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/feed.xml"] = lambda request: web.Response(
        status=429, headers={"Retry-After": "999999999"}
    )
    archive.library().subscriptions.add(publisher.feed, now=clock.now)
    async with polling() as poller:
        [report] = await poller.poll_due_feeds()
    assert report.next_poll_at == clock.now + timedelta(days=1)


async def test_a_server_that_never_answers_is_left_alone_after_three_tries(
    archive: Archive, polling: Polling, clock: Clock
) -> None:
    with socket.socket() as probe:  # bound, but nobody listens
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    for number in range(8):
        archive.library().subscriptions.add(f"{nobody}/{number}", now=clock.now)
    async with polling() as poller:
        reports = await poller.poll_due_feeds()
    kinds = [report.kind for report in reports]
    assert (kinds.count("failed"), kinds.count("postponed")) == (3, 5)


def built(text: str, number: int) -> Answer:
    """Return an answer with a feed whose bytes differ from build to build."""
    body = text.replace(
        "<item>", f"<lastBuildDate>Mon, 06 May 2024 0{number}:00:00 GMT</lastBuildDate><item>", 1
    )
    return lambda request: web.Response(text=body, content_type="application/rss+xml")


async def test_other_bytes_with_the_same_entries_are_not_saved_again(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.answers["/feed.xml"] = built(publisher.feed_text(), 1)
    async with polling() as poller:
        await poller.add(publisher.feed)
        with monkeypatch.context() as patched:
            patched.setattr(Ingest, "save_entries", None)  # calling it would fail
            for number in (2, 3):
                publisher.answers["/feed.xml"] = built(publisher.feed_text(), number)
                clock.pass_time(days=1)
                assert [report.kind for report in await poller.poll_due_feeds()] == ["unchanged"]
        edited = publisher.feed_text().replace("Teaser of story 2", "Another teaser of story 2")
        publisher.answers["/feed.xml"] = built(edited, 4)
        clock.pass_time(days=1)
        [report] = await poller.poll_due_feeds()
    assert len(report.updated) == 1


async def test_entries_are_saved_again_after_another_process_saved_later_ones(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    earlier = publisher.feed_text()
    publisher.answers["/feed.xml"] = built(earlier, 1)
    async with polling() as first, polling() as second:
        await first.add(publisher.feed)
        later = earlier.replace("Teaser of story 2", "Another teaser of story 2")
        for poller, text, number in ((second, later, 2), (first, earlier, 3)):
            publisher.answers["/feed.xml"] = built(text, number)
            clock.pass_time(days=1)
            [report] = await poller.poll_due_feeds()
            assert report.kind == "news"


async def test_a_deleted_article_comes_back_with_the_next_poll_when_it_is_allowed_to(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        articles = archive.library().articles
        for allowed in (False, True):
            number = next(one.id for one in stored(archive) if one.article.url.endswith("/story/2"))
            articles.delete(number, now=None if allowed else clock.now)
            clock.pass_time(days=1)
            await poller.poll_due_feeds()
            assert len(stored(archive)) == 2 + allowed
            if not allowed:
                articles.remove_tombstone(f"{publisher.base}/story/2")
                clock.pass_time(days=1)
                await poller.poll_due_feeds()
                assert len(stored(archive)) == 3
