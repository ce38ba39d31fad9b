"""Differences between two texts, for a terminal or a pipe."""

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.text.diff import LIMITED, DiffSpan, Paragraph, compare, shortened

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
