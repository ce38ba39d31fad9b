"""Child processes that die, hang or take too much: one task ends, and nothing else."""

from pathlib import Path

import pytest

from unabridged.processes.pool import ChildDied, ChildPool, Limits

SMALL = Limits(memory=1_000_000_000, cpu=1, wall=120.0)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return "tests.processes.sample_child"


async def test_a_death_or_a_limit_ends_one_task_and_nothing_else(program: str) -> None:
    async with ChildPool(program, 1, SMALL) as children:
        assert await children.do(1) == ("done", 1)
        assert await children.do("print") == ("done", "print")
        for task, words in (("die", "SIGABRT"), ("loop", "CPU"), ("fill", "ended its process")):
            with pytest.raises(ChildDied, match=words):
                await children.do(task)
            assert await children.do(2) == ("done", 2)


async def test_the_clock_ends_a_task_too(program: str) -> None:
    async with ChildPool(program, 1, Limits(cpu=60, wall=3.0)) as children:
        with pytest.raises(ChildDied, match="more than 3 seconds"):
            await children.do("loop")
