"""Comparisons of versions in a child process: texts in, differences out."""

from dataclasses import dataclass

from unabridged.processes.child import run_child
from unabridged.text.diff import TITLE_WORK, Diff, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What is compared of two versions of an article. text, title: (old, new)."""

    text: tuple[str, str]
    title: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What changed in text and title."""

    text: Diff
    title: Diff


def answer(versions: Versions) -> Compared | None:
    """Compare two versions; None where memory does not suffice."""
    try:
        return Compared(text=compare(*versions.text), title=compare(*versions.title, work=TITLE_WORK))
    except MemoryError:
        return None


def main() -> None:
    """Run as a child process of `Comparer`."""
    run_child(answer)
