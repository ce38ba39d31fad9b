"""Decision about the kind of a page: the probable one, where the page itself states nothing that tells it."""

from collections.abc import Mapping

from unabridged.extraction.selection.kinds.models import KINDS, PageKind
from unabridged.model import CompletenessKind

LEAST = 0.5
"""Probability from which a kind is told."""
GENERIC = frozenset("website webpage object thing creativework organization person breadcrumblist".split())
"""Declared types, in lower case, that pages of every kind have."""
_SIGNAL = "kind "


def kind_signals(kinds: Mapping[PageKind, float]) -> Mapping[str, float]:
    """Return the probabilities as signals of a selection."""
    return {f"{_SIGNAL}{kind}": chance for kind, chance in kinds.items()}


def decided_kind(signals: Mapping[str, float], verdict: CompletenessKind) -> PageKind | None:
    """Return the kind of a page from the signals of its selection, None where none is probable enough.

    A page whose verdict is that it is no article is not called one.
    """
    found = {kind: signals.get(f"{_SIGNAL}{kind}", 0.0) for kind in KINDS}
    best = max(KINDS, key=found.__getitem__)
    if found[best] < LEAST or (best == "article" and verdict == "not_an_article"):
        return None
    return best


def is_generic(stated: str | None) -> bool:
    """Say whether a declared type tells nothing about the kind of its page."""
    return not stated or stated.lower() in GENERIC
