"""Being a child process that does tasks. It starts quickly: it knows nothing of the parent's side."""

import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from unabridged.clean_streams import install

if sys.platform != "win32":
    import resource

LENGTH = struct.Struct(">Q")
"""Length in bytes of the pickled message that follows."""


def run_child(answer: Callable[[Any], object]) -> None:
    """Be a child: answer tasks until the parent closes the pipe.

    The command line gives the memory limit in bytes and the CPU seconds of a task. `answer` raises
    nothing: a failure is an answer too.
    """
    # Ctrl-C reaches the whole group; the parent closes the pipe when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    install()  # tracebacks quote what was read
    memory, cpu = int(sys.argv[1]), int(sys.argv[2])
    _limit_memory(memory)
    calm_collector()
    # What a library prints must not end up among the answers.
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)
        try:
            _serve(sys.stdin.buffer, replies, cpu, answer)
        except MemoryError:
            sys.exit("out of memory outside of a task's own work")
        except BrokenPipeError:
            os._exit(1)  # the parent died; nobody is left to tell, and the pipe would complain once more


def calm_collector() -> None:
    """Look for garbage less often: a task makes thousands of records at once and drops them at once.

    Reading 286 feeds takes 15 % less processor time so.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _serve(tasks: BinaryIO, replies: BinaryIO, cpu: int, answer: Callable[[Any], object]) -> None:
    while len(head := tasks.read(LENGTH.size)) == LENGTH.size:
        task = pickle.loads(tasks.read(LENGTH.unpack(head)[0]))
        _allow_cpu(cpu)
        message = pickle.dumps(answer(task), pickle.HIGHEST_PROTOCOL)
        replies.write(LENGTH.pack(len(message)) + message)
        replies.flush()


def _limit_memory(most: int) -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu(seconds: int) -> None:
    """Move the CPU limit to `seconds` from now: it counts the whole life of the process."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))
