"""Excerpts of comparisons: the changed paragraphs alone, shortened around the words that changed. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unabridged.serve.diff_child import VersionDiff
from unabridged.text.diff import DiffSpan, Kind, Paragraph

CONTEXT = 100
"""Characters of unchanged text that are kept beside a change."""
MOST_CHARACTERS = 1200
"""Characters that are kept of one added or removed stretch of text."""
MOST_PARAGRAPHS = 20
"""Changed paragraphs that are shown; the page that compares two versions shows all of them."""
QUOTES = 3
QUOTE_CHARACTERS = 80
"""Added and removed stretches that the line in words quotes, and the characters of each."""

_WORDY = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffExcerpt:
    """Differences between two versions.

    title: the spans of the headline, () if it is the same. paragraphs: the changed ones; None stands for
    unchanged ones between them. left: changed paragraphs that are not shown. added, removed: words of the
    text. quotes_added, quotes_removed: the first stretches of text, shortened.
    """

    title: tuple[DiffSpan, ...]
    paragraphs: tuple[Paragraph | None, ...]
    left: int
    added: int
    removed: int
    quotes_added: tuple[str, ...]
    quotes_removed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether no word of headline and text differs: the byline does, or the order of paragraphs."""
        return not (self.title or self.quotes_added or self.quotes_removed)


def excerpt(found: VersionDiff) -> DiffExcerpt:
    """Shorten a comparison to what changed."""
    title = _changed_title(found.title.paragraphs)
    changed = [one for one in found.text.paragraphs if one.kind not in ("same", "moved")]
    spans = [*title, *(span for one in changed for span in one.pieces)]
    return DiffExcerpt(
        title=title,
        paragraphs=_with_gaps(found.text.paragraphs),
        left=max(0, len(changed) - MOST_PARAGRAPHS),
        added=found.text.added + found.title.added,
        removed=found.text.removed + found.title.removed,
        quotes_added=_quotes(spans, "added"),
        quotes_removed=_quotes(spans, "removed"),
    )


def _changed_title(paragraphs: Sequence[Paragraph]) -> tuple[DiffSpan, ...]:
    spans = tuple(span for one in paragraphs for span in one.pieces)
    return spans if any(span.kind != "same" for span in spans) else ()


def _with_gaps(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph | None, ...]:
    """Return the first changed paragraphs, with None for what stands between them."""
    found: list[Paragraph | None] = []
    shown = 0
    for one in paragraphs:
        if shown == MOST_PARAGRAPHS:
            break
        if one.kind in ("same", "moved"):
            if not found or found[-1] is not None:
                found.append(None)
        else:
            found.append(Paragraph(kind=one.kind, pieces=_shortened(one.pieces)))
            shown += 1
    return tuple(found)


def _shortened(pieces: Sequence[DiffSpan]) -> tuple[DiffSpan, ...]:
    last = len(pieces) - 1
    return tuple(
        DiffSpan(kind=one.kind, text=_shorten(one, first=place == 0, last=place == last))
        for place, one in enumerate(pieces)
    )


def _shorten(span: DiffSpan, *, first: bool, last: bool) -> str:
    """Shorten a span: unchanged text to what stands beside a change, changed text to its beginning."""
    text = span.text
    if span.kind != "same":
        return text if len(text) <= MOST_CHARACTERS else _beginning(text, MOST_CHARACTERS)
    if len(text) <= (CONTEXT if first or last else 2 * CONTEXT):
        return text
    if first:
        return _end(text, CONTEXT)
    return _beginning(text, CONTEXT) if last else _beginning(text, CONTEXT) + _end(text, CONTEXT)[1:]


def _beginning(text: str, most: int) -> str:
    """Return the beginning of a text, cut between words where it has spaces, with an ellipsis."""
    cut = text[:most]
    words = cut.rsplit(None, 1)[0] if len(cut.split()) > 1 else cut
    return words + " …" if words != cut else cut + "…"


def _end(text: str, most: int) -> str:
    cut = text[-most:]
    parts = cut.split(None, 1)
    return f"… {parts[1]}" if len(parts) > 1 else f"…{cut}"


def _quotes(spans: Iterable[DiffSpan], kind: Kind) -> tuple[str, ...]:
    texts = (" ".join(span.text.split()) for span in spans if span.kind == kind)
    wordy = [text for text in texts if _WORDY.search(text)][:QUOTES]
    return tuple(
        text if len(text) <= QUOTE_CHARACTERS else _beginning(text, QUOTE_CHARACTERS) for text in wordy
    )
