"""What the children of the tests do: as told, good or bad."""

import os

from unabridged.processes.child import run_child


def answer(task):
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


def main():
    run_child(answer)
