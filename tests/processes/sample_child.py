"""What the children of the tests do: as told, good or bad."""

import os

from unabridged.processes.child import run_child


def answer(task: str) -> object:
    if task == "die":
        os.abort()
    if task == "fill":
        return len(b"x" * 3_000_000_000)
    if task == "loop":
        while True:
            pass
    if task == "print":
        print("not an answer")
    return ("done", task)


def main() -> None:
    run_child(answer)
