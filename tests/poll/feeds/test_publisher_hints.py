"""What publishers ask for: kept, so that it holds on the next 304 and after a restart."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.conftest import Answer, Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.config import PollSettings

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        archive.library().subscriptions.set_feed_status(feed.id, "active", now=clock.now)
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
