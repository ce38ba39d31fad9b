"""Pull quotes: sentences of the text that are set a second time as a quotation."""

import re
from collections.abc import Sequence
from functools import lru_cache

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

LEAST_QUOTE, LONGEST_QUOTE = 12, 500
"""Letters of a pull quote."""
LONGEST_SIGNATURE = 120
"""Letters of a name below a pull quote, which goes with it."""
_QUOTING = frozenset(("blockquote", "aside", "figure", "q"))
_NAMED = lazy_regex(
    r"(?:^|[\s_-])(?:pull\w*|\w*quotes?|callout|blockquote|zitat|citation)(?:$|[\s_\d-])", re.IGNORECASE
)
_LEVELS = 4


def without_pull_quotes(layout: Layout, indices: Sequence[int]) -> list[int]:
    """Return the kept blocks without quotations all of whose sentences stand in the text around them.

    Code is no quotation.
    """
    homes = {layout.homes[index] for index in indices}
    containers = {quote for home in homes if (quote := _quoting(layout, home)) is not None}
    if not containers:
        return list(indices)
    letters = {index: letters_only(layout.texts[index]) for index in indices}
    dropped: set[int] = set()
    for home in sorted(containers):
        inside = [index for index in indices if layout.first[home] <= index < layout.end[home]]
        if _is_repeated(inside, letters) and not any(
            layout.tags[layout.homes[index]] == "pre" for index in inside
        ):
            dropped.update(inside)
    return [index for index in indices if index not in dropped]


def _quoting(layout: Layout, home: int) -> int | None:
    """Return the outermost quotation that a container stands in, None if there is none."""
    found = None
    for _ in range(_LEVELS):
        if home <= 0:
            break
        if layout.tags[home] in _QUOTING or ((key := layout.keys[home]) and _is_named(key[:200])):
            found = home
        home = layout.parents[home]
    return found


@lru_cache(maxsize=4096)
def _is_named(key: str) -> bool:
    """Say whether the class or id of an element calls it a quotation."""
    return _NAMED.search(key) is not None


def _is_repeated(inside: Sequence[int], letters: dict[int, str]) -> bool:
    """Say whether a quotation stands in longer blocks outside it; a short name below it may not."""
    quoted = [letters[index] for index in inside]
    if not inside or sum(map(len, quoted)) > LONGEST_QUOTE:
        return False
    among = frozenset(inside)
    longest = max(quoted, key=len)
    rest = sum(len(text) for text in quoted if not _stands(text, letters, among))
    return (
        len(longest) >= LEAST_QUOTE
        and _stands(longest, letters, among)
        and rest <= LONGEST_SIGNATURE
        and (rest < len(longest))
    )


def _stands(text: str, letters: dict[int, str], inside: frozenset[int]) -> bool:
    """Say whether a block outside a quotation holds its text, and more."""
    return any(text in other and len(other) > len(text) for at, other in letters.items() if at not in inside)
