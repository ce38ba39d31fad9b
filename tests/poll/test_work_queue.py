"""Rounds of work: claimed, done, given back."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from unabridged.errors import ArchiveUnwritable
from unabridged.poll.reports import PollReport, ignore
from unabridged.poll.work_queue import WorkLoop


class Board:
    """Work on a board: numbers to be taken off, most recent state of each."""

    def __init__(self, count: int) -> None:
        self.due = list(range(count))
        self.given_back: list[int] = []
        self.claims: list[int] = []
        self.now = self.most = 0

    def claim(self, most: int) -> list[int]:
        taken, self.due = self.due[:most], self.due[most:]
        self.claims.append(len(taken))
        return taken

    async def work(self, number: int) -> PollReport:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return report(number)


def report(number: int) -> PollReport:
    return PollReport(feed_id=number, url="", title="", kind="unchanged")


def a_round(
    board: Board, work: Callable[[int], Coroutine[None, None, PollReport]] | None = None, capacity: int = 8
) -> WorkLoop[int, PollReport]:
    return WorkLoop(
        stage="feeds",
        claim=board.claim,
        work=work or board.work,
        release=board.given_back.extend,
        capacity=capacity,
    )


async def test_everything_is_done_once_and_never_more_than_there_is_room_for() -> None:
    board = Board(100)
    reports = await a_round(board).run(ignore)
    assert sorted(one.feed_id for one in reports) == list(range(100))
    assert board.most <= 8
    assert board.given_back == []


async def test_slow_pieces_do_not_hold_up_the_others() -> None:
    board = Board(20)
    others_done = asyncio.Event()

    async def work(number: int) -> PollReport:
        if number < 7:
            await others_done.wait()
        elif number == 19:
            others_done.set()
        return report(number)

    async with asyncio.timeout(300):
        reports = await a_round(board, work).run(ignore)
    assert len(reports) == 20


async def test_a_failure_ends_the_round_and_gives_back_what_was_begun() -> None:
    board = Board(8)

    async def work(number: int) -> PollReport:
        if number == 3:
            raise ArchiveUnwritable("The disk is full.")
        await asyncio.sleep(60)
        return report(number)

    with pytest.raises(ArchiveUnwritable):
        await a_round(board, work).run(ignore)
    assert sorted(board.given_back) == list(range(8))


async def test_a_cancelled_round_gives_back_even_what_never_started() -> None:
    board = Board(8)
    started = asyncio.Event()

    async def work(number: int) -> PollReport:
        started.set()
        await asyncio.sleep(60)
        return report(number)

    running = asyncio.create_task(a_round(board, work).run(ignore))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(board.given_back) == list(range(8))
