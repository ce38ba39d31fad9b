"""Deliveries to a real receiver that fails, is slow, repeats or is gone, on both databases."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.archive.stored_rows import add_user
from tests.automation.conftest import Receiver, receiving, status
from unabridged.archive import Archive
from unabridged.archive.records.events import Channel, ChannelDraft, NewSecret
from unabridged.automation.sender import Sender, check_address, open_client, send_test, sending
from unabridged.config import FetchSettings
from unabridged.errors import FetchRefused, InvalidValue

LOCAL = FetchSettings(allow_private=("127.0.0.1",))
FEED = "https://news.example/feed"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2024, 5, 6, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def happen(archive: Archive, count: int, clock: Clock, user: int = 1) -> None:
    for number in range(count):
        archive.library(user).events.imported({"files": number}, now=clock())


def add(archive: Archive, address: str, clock: Clock, user: int = 1) -> NewSecret:
    return archive.library(user).channels.add(ChannelDraft(address=address), now=clock())


async def deliver(archive: Archive, clock: Clock, settings: FetchSettings = LOCAL) -> None:
    """Serve all channels that are due, with a new client: it remembers no host that failed."""
    async with open_client(settings) as client:
        await Sender(archive, settings, clock=clock, jitter=lambda: 0.5).drain(client)


def only(archive: Archive) -> Channel:
    [found] = archive.library().channels.all()
    return found


async def test_events_arrive_once_in_order_and_signed(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    happen(archive, 2, clock)  # before there was a channel
    made = add(archive, receiver.address, clock)
    happen(archive, 250, clock)
    await deliver(archive, clock)
    await deliver(archive, clock)
    assert receiver.numbers == list(range(3, 253))
    assert [one.id for one in receiver.got] == [f"msg_{made.channel.id}_{one}" for one in receiver.numbers]
    assert all(one.is_signed(made.secret) for one in receiver.got)
    assert (only(archive).state, only(archive).cursor) == ("active", 252)


async def test_a_failure_is_tried_again_with_the_same_id_before_the_events_behind_it(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    add(archive, receiver.address, clock)
    happen(archive, 3, clock)
    receiver.answers += [status(204), status(500), status(503)]
    await deliver(archive, clock)
    assert receiver.numbers == [1, 2]
    failing = only(archive)
    assert (failing.state, failing.attempts, failing.cursor) == ("failing", 1, 1)
    assert failing.failure is not None and failing.failure.kind == "status"
    assert failing.next_try_at == clock() + timedelta(seconds=5)
    await deliver(archive, clock)  # not due yet
    clock.forward(seconds=5)
    await deliver(archive, clock)
    assert only(archive).next_try_at == clock() + timedelta(seconds=10)
    clock.forward(seconds=10)
    await deliver(archive, clock)
    assert receiver.numbers == [1, 2, 2, 2, 3]
    assert len({one.id for one in receiver.got if one.number == 2}) == 1
    works = only(archive)
    assert (works.state, works.attempts, works.failing_since) == ("active", 0, None)
    assert works.failure is not None  # the last one is still told


async def test_the_pause_that_a_receiver_asks_for_is_kept(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    add(archive, receiver.address, clock)
    happen(archive, 1, clock)
    receiver.answers += [status(429, retry_after="600")]
    await deliver(archive, clock)
    assert only(archive).next_try_at == clock() + timedelta(seconds=600)
    clock.forward(seconds=599)
    await deliver(archive, clock)
    assert receiver.numbers == [1]
    clock.forward(seconds=1)
    await deliver(archive, clock)
    assert receiver.numbers == [1, 1]


async def test_a_receiver_that_is_too_slow_gets_the_event_again(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    async def hang(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    async def break_off(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    add(archive, receiver.address, clock)
    happen(archive, 1, clock)
    receiver.answers += [hang, break_off]
    settings = FetchSettings(allow_private=("127.0.0.1",), timeout=0.3)
    kinds = []
    for _ in range(2):
        await deliver(archive, clock, settings)
        failure = only(archive).failure
        kinds.append(failure and failure.kind)
        clock.forward(minutes=1)
    await deliver(archive, clock, settings)
    assert kinds == ["timeout", "connection"]
    assert receiver.numbers == [1, 1, 1] and only(archive).state == "active"


async def test_an_answer_of_success_is_one_whatever_its_body(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    async def talk(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 1_000_000)

    add(archive, receiver.address, clock)
    happen(archive, 4, clock)
    receiver.answers += [talk, status(206), status(299)]
    await deliver(archive, clock)
    assert receiver.numbers == [1, 2, 3, 4]


async def test_a_receiver_that_is_gone_pauses_its_channel(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    made = add(archive, receiver.address, clock)
    happen(archive, 2, clock)
    receiver.answers += [status(410)]
    await deliver(archive, clock)
    clock.forward(days=9)
    await deliver(archive, clock)
    assert receiver.numbers == [1] and only(archive).state == "paused"
    archive.library().channels.resume(made.channel.id, now=clock())
    await deliver(archive, clock)
    assert receiver.numbers == [1, 1, 2]


async def test_an_event_that_fails_for_three_days_is_put_aside_and_can_be_sent_again(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    made = add(archive, receiver.address, clock)
    channels, number = archive.library().channels, made.channel.id
    happen(archive, 2, clock)
    receiver.answers += [status(500)] * 3
    await deliver(archive, clock)
    clock.forward(days=3)
    await deliver(archive, clock)  # the first is given up, the second is next
    [letter] = channels.dead_letters()
    assert (letter.event, letter.failure.kind, letter.again) == (1, "status", False)
    clock.forward(minutes=1)
    await deliver(archive, clock)
    assert [one.event for one in channels.dead_letters(number)] == [2, 1]
    happen(archive, 1, clock)
    clock.forward(minutes=1)
    await deliver(archive, clock)
    assert receiver.numbers == [1, 1, 2, 3]
    receiver.answers += [status(500)]
    assert channels.send_again(number) == 2
    await deliver(archive, clock)
    assert receiver.numbers[4:] == [1, 2]
    assert [one.event for one in channels.dead_letters()] == [1]
    assert channels.send_again(number) == 1
    await deliver(archive, clock)
    assert channels.dead_letters() == () and receiver.got[0].id == receiver.got[-1].id
    assert only(archive).cursor == 3


async def test_dead_letters_go_with_their_events(archive: Archive, receiver: Receiver, clock: Clock) -> None:
    add(archive, receiver.address, clock)
    happen(archive, 1, clock)
    receiver.answers += [status(500)] * 2
    await deliver(archive, clock)
    clock.forward(days=3)
    await deliver(archive, clock)
    archive.maintenance.delete_old_events(clock() - timedelta(days=3))
    assert len(archive.library().channels.dead_letters()) == 1
    archive.maintenance.delete_old_events(clock() - timedelta(days=2))
    assert archive.library().channels.dead_letters() == ()


async def test_a_channel_gets_only_what_its_person_sees(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    other = add_user(archive, "somebody")
    add(archive, receiver.address, clock)
    theirs = add(archive, f"{receiver.address}/theirs", clock, other)
    happen(archive, 2, clock)
    happen(archive, 1, clock, other)
    await deliver(archive, clock)
    assert sorted(receiver.numbers) == [1, 2, 3]
    assert [one.number for one in receiver.got if one.is_signed(theirs.secret)] == [3]


async def test_both_secrets_sign_for_a_day_after_a_rotation(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    old = add(archive, receiver.address, clock)
    new = archive.library().channels.rotate(old.channel.id, now=clock())
    happen(archive, 1, clock)
    await deliver(archive, clock)
    clock.forward(hours=24)
    happen(archive, 1, clock)
    await deliver(archive, clock)
    assert [one.is_signed(old.secret) for one in receiver.got] == [True, False]
    assert [one.is_signed(new.secret) for one in receiver.got] == [True, True]


async def test_a_slow_channel_does_not_hold_up_others(archive: Archive, clock: Clock) -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        begun.set()
        await free.wait()
        return web.Response()

    settings = FetchSettings(allow_private=("127.0.0.1", "localhost"))
    async with receiving() as slow, receiving() as quick, open_client(settings) as client:
        slow.answers.append(wait)
        add(archive, slow.address, clock)
        add(archive, quick.address.replace("127.0.0.1", "localhost"), clock)  # another host
        happen(archive, 3, clock)
        running = asyncio.create_task(Sender(archive, settings, clock=clock).drain(client))
        await begun.wait()
        await wait_until(lambda: quick.numbers == [1, 2, 3])
        assert slow.numbers == [1]
        free.set()
        await running
        assert slow.numbers == [1, 2, 3]


async def wait_until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


async def test_several_senders_send_each_event_once(
    open_archive: Callable[[], Archive], receiver: Receiver, clock: Clock
) -> None:
    archives = [open_archive() for _ in range(3)]
    for _ in range(3):
        add(archives[0], receiver.address, clock)
    happen(archives[0], 20, clock)
    async with open_client(LOCAL) as client:
        senders = [Sender(one, LOCAL, clock=clock) for one in archives]
        await asyncio.gather(*(sender.drain(client) for sender in senders))
    assert len(receiver.got) == 60 == len({one.id for one in receiver.got})
    for number in (1, 2, 3):
        assert [one.number for one in receiver.got if one.id.startswith(f"msg_{number}_")] == list(
            range(1, 21)
        )


async def test_what_is_paused_or_removed_while_it_is_served_stays_so(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    channels = archive.library().channels
    paused, removed = add(archive, receiver.address, clock), add(archive, f"{receiver.address}/2", clock)
    happen(archive, 2, clock)

    async def pause(_: web.Request) -> web.StreamResponse:
        await asyncio.to_thread(channels.pause, paused.channel.id)
        await asyncio.to_thread(channels.remove, removed.channel.id)
        return web.Response()

    receiver.answers += [pause]
    await deliver(archive, clock)
    assert only(archive).state == "paused" and len(receiver.got) <= 3
    before = len(receiver.got)
    clock.forward(days=1)
    await deliver(archive, clock)
    assert len(receiver.got) == before


async def test_a_sender_that_runs_beside_other_work_sends_what_happens(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    add(archive, receiver.address, clock)
    async with sending(Sender(archive, LOCAL, clock=clock)):
        happen(archive, 2, clock)
        await wait_until(lambda: receiver.numbers == [1, 2] and only(archive).cursor == 2)
    assert archive.deliveries.claim(clock(), clock()) is None


async def test_private_addresses_are_refused_when_added_and_when_asked(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    with pytest.raises(FetchRefused):
        check_address(receiver.address, FetchSettings())
    with pytest.raises(InvalidValue, match="https"):
        check_address("http://hooks.example/", FetchSettings())
    assert check_address("https://hooks.example/a#b", FetchSettings()) == "https://hooks.example/a"
    assert check_address(receiver.address, LOCAL) == receiver.address
    add(archive, receiver.address, clock)
    happen(archive, 1, clock)
    await deliver(archive, clock, FetchSettings())
    failure = only(archive).failure
    assert receiver.got == [] and failure is not None and failure.kind == "refused"


async def test_a_redirect_to_another_place_gets_nothing(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    async with receiving() as elsewhere:
        add(archive, receiver.address, clock)
        happen(archive, 1, clock)
        receiver.answers += [status(307, location=elsewhere.address)]
        await deliver(archive, clock)
        assert elsewhere.got == [] and only(archive).state == "failing"


async def test_a_channel_whose_feed_is_left_is_paused_and_says_why(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    feed = archive.library().subscriptions.add(FEED, now=clock()).feed
    archive.library().channels.add(ChannelDraft(address=receiver.address, feed=feed.id), now=clock())
    happen(archive, 1, clock)
    archive.library().subscriptions.remove(feed.id)
    await deliver(archive, clock)
    left = only(archive)
    assert left.state == "paused" and left.failure is not None and left.failure.kind == "feed-gone"
    assert receiver.got == []


async def test_a_test_is_signed_and_moves_nothing(archive: Archive, receiver: Receiver, clock: Clock) -> None:
    made = add(archive, receiver.address, clock)
    out = archive.library().channels.signing(made.channel.id, now=clock())
    async with open_client(LOCAL) as client:
        assert await send_test(client, out, clock()) is None
        receiver.answers += [status(400)]
        failure = await send_test(client, out, clock())
    assert failure is not None and failure.kind == "status"
    assert [one.is_signed(made.secret) for one in receiver.got] == [True, True]
    assert only(archive) == made.channel


async def test_no_secret_is_in_a_log_a_record_or_its_representation(
    archive: Archive, receiver: Receiver, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = f"{receiver.address}/private-part-of-the-address"
    made = add(archive, address, clock)
    key = made.secret.removeprefix("whsec_")
    out = archive.library().channels.signing(made.channel.id, now=clock())
    assert key not in repr(made) + repr(out) + repr(asdict(only(archive)))
    happen(archive, 1, clock)
    receiver.answers += [status(500)]
    await deliver(archive, clock)
    told = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("unabridged"))
    assert "could not be sent" in told
    assert key not in told and "private-part" not in told


async def test_a_wrong_clock_leaves_no_channel_waiting_for_long(
    archive: Archive, receiver: Receiver, clock: Clock
) -> None:
    add(archive, receiver.address, clock)
    happen(archive, 2, clock)
    clock.forward(days=400)
    receiver.answers += [status(500)]
    await deliver(archive, clock)
    clock.forward(days=-400)
    await deliver(archive, clock)
    assert receiver.numbers == [1, 1, 2]


def test_the_archive_file_is_readable_for_its_owner_alone(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "new.db"
    with Archive(str(path)) as archive:
        add(archive, "https://hooks.example/", clock)
    assert path.stat().st_mode & 0o077 == 0
