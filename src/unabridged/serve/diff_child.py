"""Comparisons of versions in a child process: texts in, differences out."""

from dataclasses import dataclass
from typing import Literal

from unabridged.processes.child import run_child
from unabridged.text.diff import TITLE_WORK, Diff, DiffSpan, Kind, Paragraph, compare

PlainDiff = tuple[
    int, int, bool, list[tuple[Literal["same", "added", "removed", "changed"], list[tuple[Kind, str]]]]
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTask:
    """What is compared of two versions of an article. text, title: (old, new)."""

    text: tuple[str, str]
    title: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """What changed in text and title."""

    text: Diff
    title: Diff


def diff_versions(versions: DiffTask) -> tuple[PlainDiff, PlainDiff] | None:
    """Compare two versions; None where memory does not suffice."""
    try:
        return to_plain(compare(*versions.text)), to_plain(compare(*versions.title, work=TITLE_WORK))
    except MemoryError:
        return None


def to_plain(found: Diff) -> PlainDiff:
    """Return a comparison as plain tuples: the parent's event loop reads them ten times as fast."""
    paragraphs = [(one.kind, [(piece.kind, piece.text) for piece in one.pieces]) for one in found.paragraphs]
    return found.added, found.removed, found.limited, paragraphs


def from_plain(found: PlainDiff) -> Diff:
    """Return the comparison that was made plain by `flat`."""
    added, removed, limited, paragraphs = found
    return Diff(
        paragraphs=tuple(
            Paragraph(kind=kind, pieces=tuple(DiffSpan(kind=own, text=text) for own, text in pieces))
            for kind, pieces in paragraphs
        ),
        added=added,
        removed=removed,
        limited=limited,
    )


def main() -> None:
    """Run as a child process of `Comparer`."""
    run_child(diff_versions)
