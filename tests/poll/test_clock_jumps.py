"""Clocks that jump: no storm of requests, no feed forgotten."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.archive.records.events import EventQuery
from unabridged.archive.records.polling import Plan, PollOutcome
from unabridged.config import PollSettings
from unabridged.fetch.response_headers import ServerTimes
from unabridged.model import Article, Page
from unabridged.poll.background import BackgroundPoller
from unabridged.poll.feeds.schedule import CLOCK_JUMP, ClockWatch, PostingRate, next_check, reschedule
from unabridged.poll.reports import PollReport

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
SETTINGS = PollSettings()
HOUR = timedelta(hours=1)


class Fleet:
    """Feeds with schedules of their own, asked by the functions that the poller uses."""

    def __init__(self, size: int) -> None:
        self.luck = random.Random(7).random
        self.rhythms = [
            PostingRate(last_post=NOW, usual_gap=round(3600 * 2 ** (6 * self.luck()))) for _ in range(size)
        ]
        self.plans: list[Plan] = []
        for number, rhythm in enumerate(self.rhythms):
            interval = self._next(rhythm, NOW) - NOW
            last = NOW - interval * self.luck()
            self.plans.append(Plan(feed_id=number, last_polled=last, next_poll_at=last + interval))

    def _next(self, rhythm: PostingRate, now: datetime) -> datetime:
        return next_check(now, rate=rhythm, settings=SETTINGS, jitter=self.luck())

    def ask_for_an_hour(self, start: datetime) -> int:
        """Ask whatever falls due within an hour; return how many requests that took."""
        asked = 0
        for place, plan in enumerate(self.plans):
            while plan.next_poll_at <= start + HOUR:
                at = max(plan.next_poll_at, start)
                asked += 1
                rhythm = PostingRate(last_post=at, usual_gap=self.rhythms[place].usual_gap)
                plan = Plan(feed_id=plan.feed_id, last_polled=at, next_poll_at=self._next(rhythm, at))
            self.plans[place] = plan
        return asked

    def mend(self, now: datetime, overdue_before: datetime) -> None:
        """What the archive and `replan` do together."""
        self.plans = [
            Plan(
                feed_id=plan.feed_id,
                last_polled=min(present(plan.last_polled), now),
                next_poll_at=reschedule(plan, now, settings=SETTINGS, jitter=self.luck()),
            )
            if present(plan.last_polled) > now or plan.next_poll_at <= overdue_before
            else plan
            for plan in self.plans
        ]


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=400), timedelta(hours=6)])
def test_a_jump_of_the_clock_makes_no_storm_and_forgets_nobody(jump: timedelta) -> None:
    fleet = Fleet(2000)
    usual = fleet.ask_for_an_hour(NOW)
    watch = ClockWatch(wall=NOW, steady=0.0)

    now = NOW + HOUR + jump
    assert watch.jumped(now, 3600.0)
    fleet.mend(now, overdue_before=now)

    assert usual / 2 <= fleet.ask_for_an_hour(now) <= 2 * usual
    assert max(plan.next_poll_at for plan in fleet.plans) <= now + timedelta(days=2)


def test_a_machine_that_slept_has_no_clock_that_jumped() -> None:
    watch = ClockWatch(wall=NOW, steady=100.0)
    assert not watch.jumped(NOW + timedelta(hours=9), 100.0 + 9 * 3600)
    assert not watch.jumped(NOW + timedelta(hours=9, seconds=CLOCK_JUMP), 100.0 + 9 * 3600 + 5)
    assert watch.jumped(NOW, 100.0 + 9 * 3600 + 6)


def asked_last_month(archive: Archive, clock: Clock, count: int) -> list[int]:
    """Feeds asked an hour ago by a clock that then leaps forward by 400 days."""
    numbers = []
    for number in range(count):
        feed = archive.library().subscriptions.add(f"http://127.0.0.1:9/{number}", now=clock.now).feed
        outcome = PollOutcome(polled=clock.now, next_poll_at=clock.now + 10 * HOUR)
        archive.schedule.record_poll(feed.id, outcome)
        numbers.append(feed.id)
    return numbers


@pytest.mark.asyncio(loop_scope="session")
async def test_the_poller_of_a_service_spreads_what_a_leap_made_due(
    archive: Archive, polling: Polling, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = asked_last_month(archive, clock, 20)
    looked = asyncio.Event()

    async with polling(jitter=random.Random(3).random) as poller:
        ask = poller.poll_due_feeds

        async def ask_and_tell() -> tuple[PollReport, ...]:
            looked.set()
            return await ask()

        monkeypatch.setattr(poller, "poll_due_feeds", ask_and_tell)
        clock.pass_time(days=400)
        running = asyncio.create_task(BackgroundPoller(poller).run())
        async with asyncio.timeout(300):
            await looked.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    times = [present(archive.library().subscriptions.feed(number).next_poll_at) for number in numbers]
    assert all(clock.now <= at <= clock.now + 10 * HOUR for at in times)
    assert len(set(times)) == 20


@pytest.mark.asyncio(loop_scope="session")
async def test_a_clock_set_back_leaves_no_feed_waiting_for_the_time_it_was(
    archive: Archive, polling: Polling, clock: Clock
) -> None:
    numbers = asked_last_month(archive, clock, 5)
    clock.pass_time(days=-300)
    async with polling(jitter=lambda: 0.5) as poller:
        assert await poller.repair_schedule(overdue_before=clock.now) == 5
    feeds = [archive.library().subscriptions.feed(number) for number in numbers]
    assert {feed.next_poll_at for feed in feeds} == {clock.now + 5 * HOUR}
    assert all(present(feed.last_polled) <= clock.now for feed in feeds)


AHEAD = timedelta(days=400)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("away", [AHEAD, timedelta(days=30), timedelta(days=2)])
async def test_a_clock_that_was_ahead_and_is_right_again_leaves_no_feed_and_no_page_behind(
    away: timedelta, archive: Archive, polling: Polling, clock: Clock, publisher: Publisher
) -> None:
    right = clock.now
    archive.library().subscriptions.add(publisher.feed, now=right)
    clock.now = right + away
    publisher.answers["/story/2"] = lambda request: web.Response(status=503)
    async with polling() as poller:
        await poller.poll_due()
    archive.feeds.block_host("127.0.0.9", clock.now + timedelta(hours=20))
    added = (
        archive.library().subscriptions.add(publisher.base + "/other.xml", now=clock.now).feed
    )  # not asked while it was wrong

    clock.now = right + HOUR
    publisher.answers.clear()
    publisher.asked.clear()
    async with polling() as poller:
        await poller.poll_due()
        feed = present(archive.feeds.find(publisher.feed))
        assert present(feed.next_poll_at) <= clock.now + timedelta(seconds=SETTINGS.ceiling)
        assert present(feed.last_polled) <= clock.now
        assert present(archive.library().subscriptions.feed(added.id).next_poll_at) <= clock.now + HOUR
        clock.pass_time(hours=25)
        await poller.poll_due()
        clock.pass_time(hours=1)
        await poller.poll_due()
    assert {"/feed.xml", "/other.xml", "/story/2"} <= set(publisher.asked)
    assert archive.feeds.blocked_hosts(clock.now) == {}


@pytest.mark.asyncio(loop_scope="session")
async def test_a_round_mends_what_a_wrong_clock_planned_while_the_service_runs(
    archive: Archive, polling: Polling, clock: Clock, publisher: Publisher
) -> None:
    archive.library().subscriptions.add(publisher.feed, now=clock.now)
    async with polling() as poller:
        clock.pass_time(days=400)
        await poller.poll_due()
        clock.pass_time(days=-400)
        await poller.poll_due()
        feed = present(archive.feeds.find(publisher.feed))
        assert present(feed.next_poll_at) <= clock.now + timedelta(seconds=SETTINGS.ceiling)


@pytest.mark.asyncio(loop_scope="session")
async def test_articles_that_came_in_the_future_are_moved_to_the_present_in_their_order(
    archive: Archive, polling: Polling, clock: Clock
) -> None:
    right = clock.now
    came = {number: right + AHEAD + number * HOUR for number in (1, 2, 3)} | {4: right + HOUR / 2}
    for number, at in came.items():
        url = f"http://a.example/{number}"
        page = Page(url=url, final_url=url, status=200, headers={}, body=b"<p>Words.", fetched=at)
        article = Article(
            url=url, title=f"Story {number}", html="<p>Words.</p>", text="Words.", markdown="Words."
        )
        archive.library().articles.save(article, page, now=at)
    clock.now = right + HOUR
    async with polling() as poller:
        await poller.poll_due()
    listed = archive.library().articles.headlines(Query(limit=10)).headlines
    assert [one.title for one in listed] == ["Story 3", "Story 4", "Story 2", "Story 1"]
    assert all(one.at <= clock.now for one in listed)
    assert archive.maintenance.verify().problems == ()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_clock_that_leapt_erases_nothing_for_its_age_until_it_went_on_for_a_day(
    archive: Archive, polling: Polling, clock: Clock, publisher: Publisher
) -> None:
    archive.library().subscriptions.add(publisher.feed, now=clock.now, folder="Daily")
    archive.library().subscriptions.set_retention("Daily", 90 * 86400)
    async with polling() as poller:
        await poller.poll_due()
    clock.pass_time(days=400)
    async with polling() as poller:
        assert (await poller.poll_due()).expired == 0
        assert archive.library().events.read(EventQuery()).events[0].number == 1
        clock.pass_time(days=-400, hours=2)
        assert (await poller.poll_due()).expired == 0
        clock.pass_time(days=29)
        assert (await poller.poll_due()).expired == 0
        for _ in range(3):
            clock.pass_time(days=29)
            expired = (await poller.poll_due()).expired
    assert expired == 3
    assert archive.library().events.read(EventQuery(kinds=("article.new",))).events == ()


def test_a_clock_ahead_of_every_server_is_noticed() -> None:
    times = ServerTimes()
    assert not times.is_ahead(NOW)
    times.note("Mon, 06 May 2024 08:00:00 GMT")
    times.note("no date")
    times.note("Mon, 01 Jan 2024 08:00:00 GMT")
    assert not times.is_ahead(NOW)
    assert times.is_ahead(NOW + timedelta(days=3))
