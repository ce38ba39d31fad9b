"""Captions outside figures: short texts that end with a credit, alone in a box with a picture."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import estimate_words

LONGEST_CREDITED = 1_000
"""Maximum characters of a caption; needed for scripts without spaces."""
LONGEST_CAPTION, LONGEST_PAIR = 45, 70
"""Maximum words of a caption with its credit in one block, in two."""
LARGEST_SHARE = 0.15
"""Maximum share of the kept words in captions, from which they are the text of a gallery."""
LARGEST_COUNT = 1 / 3
"""The same as a share of the kept blocks."""
_LEVELS = 3
_CREDIT = lazy_regex(
    r"^\W*(?:photo(?:graph)?s?|foto(?:s|graf\w*)?|images?|pictures?|bild(?:quelle|nachweis)?|"
    r"crédits?(?: photos?)?|credits?)\b\s*(?:credits?|by|von|par|por|de)?\s*[:：/|©]"
    r"|^\W*(?:©|courtesy (?:of )?\w|getty images|(?:photo|image|foto)s? (?:by|courtesy)\b)"
    r"|(?:/|\bvia\b|\()\s*(?:getty(?: images)?|reuters|afp|ap|epa|dpa|shutterstock)(?: images)?\W*$"
    r"|\b(?:photo(?:graph)?|foto|image|credit|crédit)s?(?: by)?\s*[:：]"
    r"|\b(?:photo(?:graph)?|image)s? by (?-i:[A-Z])"
    r"|[\s　]摄\s*$|^\W*(?:图片?(?:来源|源)?|图|供图|摄影|撮影|写真)\s*[:：/]",
    re.IGNORECASE,
)
"""A line that is a credit, or ends with one. The word alone is no credit: "a photo of", "credit card"."""
_PICTURES = ("img", "picture", "video", "amp-img")
_WHOLE = frozenset(("body", "article", "main"))
_OTHERS = frozenset("h1 h2 h3 h4 h5 h6 li td th dt dd blockquote".split())
"""Elements whose texts are no captions."""


def credited_captions(layout: Layout, kept: Sequence[int]) -> set[int]:
    """Return the credited captions among the kept blocks; none if they are much of the text (a gallery)."""
    found = {index for last in kept for index in _caption(layout, kept, last)}
    if not found or len(found) > LARGEST_COUNT * len(kept):
        return set()
    held, whole = _words(layout, found), _words(layout, kept)
    return found if held <= LARGEST_SHARE * whole else set()


def _caption(layout: Layout, kept: Sequence[int], last: int) -> Sequence[int]:
    """Return the caption that a block ends: itself, or the two kept blocks in the box of a picture."""
    if len(layout.texts[last]) > LONGEST_CREDITED or layout.linked[last]:
        return ()
    place = layout.homes[last]
    for _ in range(_LEVELS):
        if place <= 0 or layout.tags[place] in _WHOLE:
            return ()
        inside = kept[bisect_left(kept, layout.first[place]) : bisect_left(kept, layout.end[place])]
        if len(inside) > 2 or inside[-1] != last:
            return ()
        if _has_picture(layout, place):
            return inside if _is_caption(layout, inside) else ()
        place = layout.parents[place]
    return ()


def _is_caption(layout: Layout, inside: Sequence[int]) -> bool:
    if any(layout.tags[layout.homes[index]] in _OTHERS for index in inside):
        return False
    if not _CREDIT.search(layout.texts[inside[-1]]):
        return False
    return _words(layout, inside) <= (LONGEST_CAPTION if len(inside) == 1 else LONGEST_PAIR)


def _has_picture(layout: Layout, place: int) -> bool:
    return next(iter(layout.elements[place].iter_elements(_PICTURES)), None) is not None


def _words(layout: Layout, indices: Sequence[int] | set[int]) -> float:
    return sum(estimate_words(layout.texts[index]) for index in indices)
