"""Outcomes written together: each caller learns what became of its own."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from unabridged.archive.records.polling import Finished, PollOutcome
from unabridged.errors import ArchiveUnwritable, LeaseLost
from unabridged.poll.outcome_writer import OutcomeWriter

NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)


def finished(number: int) -> Finished:
    return Finished(feed_id=number, outcome=PollOutcome(polled=NOW, next_poll_at=NOW), token="t")


async def results(writer: OutcomeWriter, *numbers: int) -> list[BaseException | None]:
    return await asyncio.gather(
        *(writer.write(finished(number)) for number in numbers), return_exceptions=True
    )


async def test_what_comes_at_one_time_is_written_at_one_time() -> None:
    batches: list[list[int]] = []

    def record(batch: Sequence[Finished]) -> frozenset[int]:
        batches.append([one.feed_id for one in batch])
        return frozenset()

    writer = OutcomeWriter(record)
    assert await results(writer, 1, 2, 3) == [None] * 3
    assert await results(writer, 4) == [None]
    assert batches == [[1, 2, 3], [4]]


async def test_a_lost_lease_is_told_to_its_caller_alone() -> None:
    first, second = await results(OutcomeWriter(lambda batch: frozenset({2})), 1, 2)
    assert first is None
    assert isinstance(second, LeaseLost)


async def test_a_fault_of_one_outcome_does_not_cost_the_others() -> None:
    def record(batch: Sequence[Finished]) -> frozenset[int]:
        if any(one.feed_id == 2 for one in batch):
            raise ValueError("a fault")
        return frozenset()

    first, second, third = await results(OutcomeWriter(record), 1, 2, 3)
    assert (first, third) == (None, None)
    assert isinstance(second, ValueError)


async def test_an_archive_that_cannot_be_written_is_told_to_all_at_once() -> None:
    tries: list[int] = []

    def record(batch: Sequence[Finished]) -> frozenset[int]:
        tries.append(len(batch))
        raise ArchiveUnwritable("The disk is full.")

    found = await results(OutcomeWriter(record), 1, 2)
    assert all(isinstance(one, ArchiveUnwritable) for one in found)
    assert tries == [2]


async def test_a_caller_that_leaves_does_not_stop_the_others() -> None:
    writer = OutcomeWriter(lambda batch: frozenset())
    leaving, staying = (asyncio.create_task(writer.write(finished(number))) for number in (1, 2))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    with pytest.raises(asyncio.CancelledError):
        await leaving
