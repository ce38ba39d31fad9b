"""Threads of the reader share their free memory."""

import re
import subprocess
import sys

import pytest

GROW = """
import re, sys, threading
from unabridged.processes.memory import use_one_arena

if "one" in sys.argv:
    assert use_one_arena()
together = threading.Barrier(8)
def work():
    together.wait()
    some = [bytearray(4000) for _ in range(500)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
print(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def virtual_size(*arguments: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", GROW, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.findall(r"\d+", done.stdout)
    return int(found[-1])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an option of glibc")
def test_with_one_arena_threads_reserve_no_memory_of_their_own() -> None:
    assert virtual_size("one") < virtual_size() - 7 * 64_000  # kilobytes: an arena reserves 64 MB
