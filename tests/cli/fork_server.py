"""The command line in forks of one process that has loaded it: each run is a process of its own, at once.

Tasks come in on stdin, a line of JSON each: words, environ, and the files to be stdin, stdout and stderr.
Exit codes go out on stdout. The real start, `python -m unabridged`, has tests of its own.
"""

import gc
import json
import os
import signal
import sys
import threading
import traceback
from importlib import import_module
from typing import Any

from unabridged.cli.app import COMMANDS, main

LONGEST = 300
"""Seconds after which a run is ended."""

for name in (
    *(f"unabridged.cli.commands.{module}" for module, _ in COMMANDS.values()),
    "alembic.command",
    "alembic.op",
):
    import_module(name)
gc.freeze()  # a fork must not copy all of this only to take it down


def next_task() -> dict[str, Any] | None:
    """Return the task in a child of its own; here, None when there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            mine: dict[str, Any] = json.loads(line)
            return mine
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


def become(task: dict[str, Any]) -> None:
    """Have the words, the environment and the three streams of a task."""
    signal.alarm(LONGEST)
    sys.argv = ["unabridged", *task["words"]]
    os.environ.clear()
    os.environ.update(task["environ"])
    for number, path in enumerate(task["streams"]):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - they last as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115


def run() -> int:
    """Run the program; return its exit code."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - what would have been printed at the end of a process
        traceback.print_exc()
        return 1
    return 0


def leave(code: int) -> None:
    """End at once: taking all modules down takes longer than most runs."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads and runs what is to run after them, as Python does at its end
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__" and (task := next_task()) is not None:
    become(task)
    leave(run())
