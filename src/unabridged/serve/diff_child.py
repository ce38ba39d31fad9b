"""Child process that compares two versions of an article."""

from dataclasses import dataclass

from unabridged.processes.child import run_child
from unabridged.text.diff import TITLE_WORK, Diff, DiffSpan, Kind, Paragraph, ParagraphKind, compare

PlainDiff = tuple[int, int, bool, list[tuple[ParagraphKind, list[tuple[Kind, str]]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTask:
    """Texts and titles of two versions to compare. text, title: (old, new)."""

    text: tuple[str, str]
    title: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """Differences between two versions, in text and in title."""

    text: Diff
    title: Diff


def diff_versions(versions: DiffTask) -> tuple[PlainDiff, PlainDiff] | None:
    """Compare two versions; None when memory runs out."""
    try:
        return to_plain(compare(*versions.text)), to_plain(compare(*versions.title, work=TITLE_WORK))
    except MemoryError:
        return None


def to_plain(found: Diff) -> PlainDiff:
    """Return a diff as plain tuples: the parent's event loop unpickles them ten times as fast."""
    paragraphs = [(one.kind, [(piece.kind, piece.text) for piece in one.pieces]) for one in found.paragraphs]
    return found.added, found.removed, found.limited, paragraphs


def from_plain(found: PlainDiff) -> Diff:
    """Convert the result of `to_plain` back to a diff."""
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
    """Run as a child process of `DiffPool`."""
    run_child(diff_versions)
