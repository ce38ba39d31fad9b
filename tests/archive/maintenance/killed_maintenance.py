"""Program of the kill tests: upgrades archives, or backs one up, and is killed at random moments.

    python killed_maintenance.py upgrade PLACE ROUNDS SEED     PLACE/0, PLACE/1 … of the first schema
    python killed_maintenance.py backup PLACE ROUNDS SEED      PLACE/archive.db, again and again

PLACE is a folder, or the address of a PostgreSQL server.

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
import psycopg

from unabridged.archive import Archive


def upgrade(place: str, number: int) -> None:
    Archive(f"{place}/kept{number}").close()


def back_up(place: str, number: int) -> None:
    with Archive(f"{place}/archive.db") as archive:
        archive.maintenance.back_up(Path(place) / f"backup{number % 3}.db", replace=True)


WORK = {"upgrade": upgrade, "backup": back_up}


def run(work: str, place: str, number: int) -> int:
    child = os.fork()
    if child == 0:
        WORK[work](place, number)
        os._exit(0)
    return child


def main() -> None:
    work, place, rounds, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    luck = random.Random(seed)
    assert alembic.command and alembic.op and psycopg
    start = time.monotonic()
    os.waitpid(run(work, place, 0), 0)  # unharmed, to learn how long it takes
    whole = time.monotonic() - start
    killed = 0
    for number in range(1, rounds + 1):
        child = run(work, place, number)
        time.sleep(luck.uniform(0.0, whole))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print(killed)


if __name__ == "__main__":
    main()
