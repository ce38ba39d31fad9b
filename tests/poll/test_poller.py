"""The whole story against a local publisher and a real archive."""

from datetime import timedelta

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.conftest import Answer, Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query, StoredArticle
from unabridged.config import PollSettings
from unabridged.errors import BadStatus, FetchRefused, NotAFeed
from unabridged.poll.reports import Progress, Summary

LAST_WORDS = "since the flood of 2002."

pytestmark = pytest.mark.asyncio(loop_scope="session")


def html(inside: str) -> Answer:
    return lambda request: web.Response(text=f"<html>{inside}</html>", content_type="text/html")


def status(number: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: web.Response(status=number, headers=named)


def stored(archive: Archive) -> tuple[StoredArticle, ...]:
    return archive.library().articles.page(Query(limit=1000)).articles


async def test_adding_fetches_the_feed_once_and_its_articles_are_there_with_the_feeds_text(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
    assert publisher.asked == ["/feed.xml"]
    assert added.subscription.title == "River News"
    assert len(present(added.report).new) == 3
    first = stored(archive)[0]
    assert first.revision == 0
    assert first.revision_source == "feed"
    assert first.article.text == "Teaser of story 1."
    assert first.page.state == "waiting"


async def test_pages_are_read_and_become_the_whole_article_with_a_snapshot(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert [page.kind for page in pages] == ["read"] * 3
    assert publisher.counts() == {"/feed.xml": 1, "/story/1": 1, "/story/2": 1, "/story/3": 1}
    for one in stored(archive):
        assert one.revision == 1
        assert one.revision_source == "page"
        assert one.article.text.startswith("The river rose a metre")
        assert one.article.text.endswith(LAST_WORDS)
        assert "Imprint" not in one.article.text
        assert archive.library().articles.snapshot(present(one.snapshot)).body.startswith(b"<!doctype html>")


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


async def test_a_restart_never_polls_again(publisher: Publisher, archive: Archive, polling: Polling) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.poll_due()
    before = list(publisher.asked)
    for _ in range(3):
        async with polling() as poller:
            await poller.poll_due()
    assert publisher.asked == before


async def test_adding_what_is_known_asks_nobody(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        again = await poller.add(publisher.feed, folder="News")
    assert again.report is None
    assert again.subscription.folder == "News"
    assert publisher.counts()["/feed.xml"] == 1


async def test_only_the_newest_entries_are_read_whole_at_first(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = list(range(1, 8))
    async with polling(settings=PollSettings(workers=1, read_newest=2)) as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert {page.url.rpartition("/")[2] for page in pages} == {"1", "2"}
    assert sorted(one.page.state for one in stored(archive)) == ["read"] * 2 + ["skipped"] * 5


async def test_adding_a_page_subscribes_to_the_feed_it_names(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers["/"] = lambda request: web.Response(
        text='<html><head><link rel=alternate type="application/rss+xml" href="/feed.xml"></head></html>',
        content_type="text/html",
    )
    async with polling() as poller:
        added = await poller.add(publisher.base + "/")
    assert added.subscription.feed.url == publisher.feed
    assert publisher.counts() == {"/": 1, "/feed.xml": 1}


async def test_a_site_whose_feed_is_known_leaves_that_feed_alone(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/"] = html('<link rel=alternate type="application/rss+xml" href="/feed.xml">')
    async with polling() as poller:
        first = await poller.add(publisher.feed)
        again = await poller.add(publisher.base + "/")
        assert first.subscription.new
        assert not again.subscription.new
        assert again.report is None
        clock.pass_time(hours=2)
        assert len(await poller.poll_due_feeds()) == 1


async def test_a_page_without_any_feed_is_said_to_be_one_and_nothing_is_kept(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.answers |= {"/": html("<p>Hello</p>"), "/feed.xml": status(404)}
    async with polling() as poller:
        with pytest.raises(NotAFeed, match="no feed"):
            await poller.add(publisher.base + "/")
    assert archive.library().subscriptions.all() == ()


async def test_a_page_with_a_list_of_articles_is_a_feed_of_its_own(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    def front(request: web.Request) -> web.Response:
        rows = "".join(
            f"<div class=row><h2><a href=/story/{n}>Flood report number {n} from the river</a></h2>"
            f"<p>Teaser of story {n}, which says a little.</p></div>"
            for n in publisher.stories
        )
        noise = len(publisher.asked)
        return web.Response(
            text=f"<html><title>River</title>{rows}<i>{noise}</i></html>", content_type="text/html"
        )

    publisher.answers |= {"/": front, "/feed.xml": status(404)}
    async with polling() as poller:
        added = await poller.add(publisher.base + "/")
        assert len(present(added.report).new) == 3
        number = added.subscription.feed.id
        clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
        assert [report.kind for report in await poller.poll_due_feeds()] == ["unchanged"]
        publisher.stories = [4, 1, 2, 3]
        clock.now = present(archive.library().subscriptions.feed(number).next_poll_at)
        assert [len(report.new) for report in await poller.poll_due_feeds()] == [1]
        await poller.read_due_pages()
    assert all(one.article.text.startswith("The river rose") for one in stored(archive))


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


async def test_what_cannot_be_fetched_is_not_subscribed_to(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        with pytest.raises(BadStatus):
            await poller.add(publisher.base + "/nothing-here")
        with pytest.raises(FetchRefused):
            await poller.add("http://10.0.0.1/feed")
    assert archive.library().subscriptions.all() == ()


PAGE_TROUBLES = {
    "status": status(500),
    "redirects": status(302, Location="/story/1"),
    "refused": status(302, Location="http://10.0.0.1/"),
    "connection": lambda request: web.Response(text=" \n"),
    "not-a-page": lambda request: web.Response(body=b"%PDF-1.7 \x00\x01\x02" * 100),
}


@pytest.mark.parametrize("kind", PAGE_TROUBLES)
async def test_a_page_that_fails_leaves_the_feeds_text_with_the_reason(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, kind: str
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = PAGE_TROUBLES[kind]
    async with polling() as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert pages[0].kind == "failed"
    one = stored(archive)[0]
    assert one.article.text == "Teaser of story 1."
    assert one.revision == 0
    assert one.page.state == "failed"
    assert present(one.page.failure).kind == kind
    assert present(one.page.failure).message
    assert present(one.page.failure).advice
    if kind == "status":
        assert one.page.next_try_at == clock.now + timedelta(minutes=15)


async def test_a_page_that_failed_is_read_later(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = PAGE_TROUBLES["status"]
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        assert await poller.read_due_pages() == ()
        del publisher.answers["/story/1"]
        clock.pass_time(minutes=16)
        pages = await poller.read_due_pages()
    assert pages[0].kind == "read"
    one = stored(archive)[0]
    assert one.article.text.endswith(LAST_WORDS)
    assert one.page.failure is None


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


async def test_progress_is_told_with_every_feed_and_page(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    seen: list[Progress] = []
    async with polling(watch=seen.append) as poller:
        await poller.add(publisher.feed)
        await poller.poll_due()
    pages = [one for one in seen if one.stage == "pages" and one.report]
    assert [(one.done, one.total) for one in pages] == [(1, 3), (2, 3), (3, 3)]


def part(number: int, onwards: bool) -> str:
    link = f'<p><a rel=next href="/long?page={number + 1}">Next page</a></p>' if onwards else ""
    text = "".join(f"<p>{paragraph.format(number=number)}</p>" for paragraph in PARTS[number - 1])
    return f"<article><h1>A long report</h1>{text}{link}</article>"


PARTS = (
    (
        "The valley had waited forty years for its railway, and on Monday the first train came through.",
        "Six hundred people stood on a platform built for eighty, and the band played twice.",
        "The driver, who was born beside the old line, said that he had slept badly all week.",
    ),
    (
        "Behind the celebration lies a quarrel over money that three governments failed to settle.",
        "The county paid for the tunnel, the state for the rails, and nobody for the station roof.",
        "An engineer who left in 2009 keeps the drawings of the roof in a cupboard in her kitchen.",
    ),
    (
        "What the line will carry is timber first, then schoolchildren, and tourists in the summer.",
        "The timetable leaves a gap of two hours at noon, when the single crew has its dinner.",
        "On Friday the second train was late by nine minutes, and the band had gone home.",
    ),
)


async def test_an_article_on_three_pages_is_read_whole(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    def long(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        return html(f"<body>{part(number, number < 3)}</body>")(request)

    publisher.answers["/long"] = long
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/long")
    one = archive.library().articles.get(change.article_id)
    for sentences in PARTS:
        assert all(sentence in one.article.text for sentence in sentences)
    assert publisher.asked == ["/long"] * 3


async def test_a_further_page_that_fails_is_named_and_the_rest_is_kept(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    def long(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        if number == 3:
            return web.Response(status=500)
        return html(f"<body>{part(number, number < 3)}</body>")(request)

    publisher.answers["/long"] = long
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/long")
    article = archive.library().articles.get(change.article_id).article
    assert PARTS[1][2] in article.text
    assert any("page=3" in warning for warning in article.warnings)


async def test_a_page_can_be_kept_without_a_feed(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/story/7")
    one = archive.library().articles.get(change.article_id)
    assert one.article.title == "Flood report 7"
    assert one.feed_id is None
    assert one.snapshot is not None


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
