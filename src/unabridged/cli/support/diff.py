"""Differences between two texts, for a terminal or a pipe."""

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.text.diff import LIMITED, DiffSpan, Paragraph, compare

STYLES = {"added": "green", "removed": "red strike", "same": ""}
MARKS = {"added": "[+{}+]", "removed": "[-{}-]", "same": "{}"}

MOVED = {"removed": "(moved away from here)", "added": "(moved here)"}


def coloured(piece: DiffSpan, cli: CliContext) -> object:
    """Return a piece in colour on a terminal, in marks elsewhere."""
    text = piece.text if cli.stdout.is_terminal else MARKS[piece.kind].format(piece.text)
    return plain(text, STYLES[piece.kind])


def marked(paragraph: Paragraph, cli: CliContext) -> list[object]:
    """Return the pieces of a paragraph for printing; a moved one says so."""
    if paragraph.kind != "moved":
        return [coloured(piece, cli) for piece in paragraph.pieces]
    [piece] = paragraph.pieces
    return [plain(f"{MOVED[piece.kind]} {piece.text}", "dim" if piece.kind == "removed" else "")]


def shortened(paragraph: Paragraph, around: int) -> tuple[DiffSpan, ...]:
    """Return a paragraph's pieces; unchanged runs are cut to `around` characters beside a change."""
    last = len(paragraph.pieces) - 1
    return tuple(
        piece if piece.kind != "same" else _cut(piece, around, place == 0, place == last)
        for place, piece in enumerate(paragraph.pieces)
    )


def _cut(piece: DiffSpan, around: int, first: bool, last: bool) -> DiffSpan:
    text = piece.text
    if len(text) <= 2 * around:
        return piece
    head = "" if first else text[:around]
    tail = "" if last else text[-around:]
    return DiffSpan(kind="same", text=f"{head}…{tail}")


def print_changes(old: str, new: str, cli: CliContext, *, most: int, around: int = 60) -> None:
    """Print the first `most` paragraphs that differ, and the number of further ones."""
    found = compare(old, new)
    changed = [
        paragraph for paragraph in found.paragraphs if any(piece.kind != "same" for piece in paragraph.pieces)
    ]
    for paragraph in changed[:most]:
        pieces = (_bounded(piece) for piece in shortened(paragraph, around))
        cli.stdout.print("  ", *(coloured(piece, cli) for piece in pieces), sep="")
    if len(changed) > most:
        cli.stdout.print(plain(f"  … and {len(changed) - most} more paragraphs.", "dim"))
    if found.limited:
        cli.stdout.print(plain(f"  {LIMITED}", "dim"))


def _bounded(piece: DiffSpan, most: int = 300) -> DiffSpan:
    return piece if len(piece.text) <= most else DiffSpan(kind=piece.kind, text=piece.text[:most] + "…")
