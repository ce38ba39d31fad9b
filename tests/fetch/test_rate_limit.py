"""Turns at hosts."""

import asyncio

import pytest

from unabridged.fetch.rate_limit import HostLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_host_has_one_turn_at_a_time_and_other_hosts_do_not_wait() -> None:
    limiter = HostLimiter(0.0, Clock())
    order = []

    async def ask(host: str, name: str, go: asyncio.Event) -> None:
        async with limiter.acquire(host):
            order.append(name)
            await go.wait()

    go = asyncio.Event()
    tasks = [asyncio.create_task(ask(*one, go)) for one in (("a", "a1"), ("a", "a2"), ("b", "b1"))]
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == ["a1", "b1"]
    go.set()
    await asyncio.gather(*tasks)
    assert order == ["a1", "b1", "a2"]


async def test_a_pause_follows_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    limiter = HostLimiter(2.0, clock)
    for _ in range(3):
        async with limiter.acquire("a"):
            clock.now += 0.5
    clock.now += 10
    async with limiter.acquire("a"):
        pass
    assert slept == [2.0, 2.0]


async def test_silence_ends_by_itself_and_a_shorter_one_does_not_shorten_it() -> None:
    clock = Clock()
    limiter = HostLimiter(0.0, clock)
    assert limiter.blocked_for("a") == 0
    limiter.block("a", 60)
    limiter.block("a", 5)
    clock.now += 20
    assert limiter.blocked_for("a") == 40
    assert limiter.blocked_for("b") == 0
    clock.now += 50
    assert limiter.blocked_for("a") == 0


async def test_hosts_that_owe_nothing_are_forgotten_and_silent_ones_are_not() -> None:
    clock = Clock()
    limiter = HostLimiter(1.0, clock)
    limiter.block("quiet", 10**6)
    for number in range(5000):
        async with limiter.acquire(f"host{number}"):
            pass
        clock.now += 1
    assert len(limiter._queues) < 2000
    assert limiter.blocked_for("quiet") > 0
