"""A program for the kill tests: upgrades archives, or backs one up, and is killed at random moments.

    python killed_keeper.py upgrade FOLDER ROUNDS SEED    FOLDER/0.db, 1.db … of the first schema
    python killed_keeper.py backup FOLDER ROUNDS SEED     FOLDER/archive.db, again and again

Modules are imported once; each round is a fork of its own.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import alembic.command
import alembic.op

from unabridged.archive import Archive


def upgrade(folder: Path, number: int) -> None:
    Archive(str(folder / f"{number}.db")).close()


def back_up(folder: Path, number: int) -> None:
    with Archive(str(folder / "archive.db")) as archive:
        archive.back_up(folder / f"backup{number % 3}.db", replace=True)


WORK = {"upgrade": upgrade, "backup": back_up}


def run(work: str, folder: Path, number: int) -> int:
    child = os.fork()
    if child == 0:
        WORK[work](folder, number)
        os._exit(0)
    return child


def main() -> None:
    work, folder, rounds, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    luck = random.Random(seed)
    assert alembic.command and alembic.op
    start = time.monotonic()
    os.waitpid(run(work, folder, 0), 0)  # unharmed, to learn how long it takes
    whole = time.monotonic() - start
    killed = 0
    for number in range(1, rounds + 1):
        child = run(work, folder, number)
        time.sleep(luck.uniform(0.0, whole))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print(killed)


if __name__ == "__main__":
    main()
