"""One poll of a feed: conditional, failing, redirected, and what it keeps."""

from datetime import timedelta

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.answers import html, status, stored
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.config import PollSettings
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
