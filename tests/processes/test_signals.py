"""Signals that end the program: none is lost, and the clean-up is not interrupted."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from unabridged.cli.support.event_loop import run_async
from unabridged.processes.signals import ENDING, Ended


def start(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    )


SWALLOWING = """
import asyncio, weakref
from unabridged.cli.support.event_loop import run_async
from unabridged.processes.signals import Ended, die_of, end_on_signals

class Thing:
    pass

async def work():
    print("ready")
    while True:  # almost all the time is spent in a callback of a weak reference
        thing = Thing()
        ref = weakref.ref(thing, lambda _: sum(range(200_000)))
        del thing
        await asyncio.sleep(0)

end_on_signals()
try:
    run_async(work())
except Ended as ended:
    print("cleaned up")
    die_of(ended)
"""


def test_a_signal_that_comes_in_a_callback_of_python_itself_ends_the_program() -> None:
    for _ in range(3):
        with start(SWALLOWING) as process:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGTERM)
            assert process.communicate(timeout=60)[0] == "cleaned up\n"
        assert process.returncode == -signal.SIGTERM


def test_a_second_signal_does_not_interrupt_the_clean_up(tmp_path: Path) -> None:
    program = f"""
    import time
    from unabridged.processes.signals import Ended, die_of, end_on_signals
    end_on_signals()
    try:
        print("ready")
        time.sleep(60)
    except Ended as ended:
        print("cleaning")
        time.sleep(0.5)
        open({str(tmp_path / "clean")!r}, "w").close()
        die_of(ended)
    """
    with start(program) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "cleaning\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert (tmp_path / "clean").exists() and process.returncode == -signal.SIGTERM


def test_a_coroutine_is_cancelled_and_gives_its_result_otherwise() -> None:
    async def answer() -> int:
        return 42

    async def ask_to_end() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(60)

    assert run_async(answer()) == 42
    before = signal.getsignal(signal.SIGHUP)
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with pytest.raises(Ended) as ended:
            run_async(ask_to_end())
    finally:
        signal.signal(signal.SIGHUP, before)
    assert ended.value.number == signal.SIGHUP


def test_the_handlers_are_the_same_after_a_coroutine() -> None:
    async def nothing() -> None:
        pass

    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        for number in ENDING:
            signal.signal(number, lambda *_: None)
        during = {number: signal.getsignal(number) for number in ENDING}
        run_async(nothing())
        assert {number: signal.getsignal(number) for number in ENDING} == during
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
