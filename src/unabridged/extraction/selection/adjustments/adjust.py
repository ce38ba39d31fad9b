"""Corrections of a selection: drop further stories, add terms of definitions and the standfirst.

A further story begins with a heading of the same element and class as the page's own title. Any other main
heading may be a sub-heading, and a page of many stories is a list: both are left alone. Pages repeat the
standfirst, the lines between headline and text, in the description that they declare.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

# ---- further stories ---------------------------------------------------------------------------

MOST_FURTHER = 3
LEAST_OWN = 120
"""Characters that the page's own story must have above the next one."""
_TITLE = lazy_regex("title|headline", re.IGNORECASE)


def without_further_stories(layout: Layout, kept: list[int], titled: int) -> list[int]:
    """Return the kept blocks without those of further stories.

    titled: the block of the page's title, -1 for none.
    """
    if titled < 0 or layout.tags[layout.homes[titled]] != "h1" or layout.tags.count("h1") < 2:
        return kept
    own = layout.homes[titled]
    look = layout.keys[own]
    further = [
        home
        for home, (tag, key) in enumerate(zip(layout.tags, layout.keys, strict=True))
        if home > own and tag == "h1" and key == look
    ]
    if len(further) > MOST_FURTHER or not _TITLE.search(look):
        return kept
    for home in further:
        kept = _without(layout, kept, _story(layout, home, titled))
    return kept


def _story(layout: Layout, place: int, titled: int) -> int:
    """Return the largest container around a headline that does not contain the page's title."""
    while (above := layout.parents[place]) >= 0 and not layout.first[above] <= titled < layout.end[above]:
        place = above
    return place


def _without(layout: Layout, kept: list[int], place: int) -> list[int]:
    first, end = layout.first[place], layout.end[place]
    own = sum(len(layout.texts[index]) for index in kept if index < first)
    return [index for index in kept if not first <= index < end] if own >= LEAST_OWN else kept


# ---- menus above the title ---------------------------------------------------------------------

LONGEST_LABEL = 40
"""Maximum characters of a block above the title that may be a label: of a menu, a site, a section."""
SHORTEST_TITLE = 8
"""Minimum letters and digits of a title that a block may begin with."""
MOST_ABOVE = 0.2
"""Maximum share of the kept characters that may be dropped above the title."""


def without_menus_above(
    layout: Layout, kept: list[int], titled: int, titles: Sequence[str] = ()
) -> list[int]:
    """Return the kept blocks without lists of links, and their labels, above the page's title.

    Without links there is no menu: a few words above a title are a kicker. The first text of a sentence's
    length ends the menu. titled: the title's block, -1 for
    none; then a block that begins with one of the titles counts.
    """
    place = titled if titled >= 0 else _opening(layout, kept, titles)
    above = [index for index in kept if index < place]
    if not above:
        return kept
    texts, linked = layout.texts, layout.linked
    links = frozenset(index for index in range(place) if linked[index] > len(texts[index]) / 2)
    above = list(takewhile(lambda index: index in links or len(texts[index]) <= LONGEST_LABEL, above))
    dropped = {
        index
        for index in above
        if index in links or (len(texts[index]) <= LONGEST_LABEL and index + 1 in links)
    }
    size = sum(len(texts[index]) for index in dropped)
    if size > MOST_ABOVE * sum(len(texts[index]) for index in kept):
        return kept
    return [index for index in kept if index not in dropped]


def _opening(layout: Layout, kept: list[int], titles: Sequence[str]) -> int:
    """Return the first kept block that begins with one of the titles, -1 for none."""
    wanted = tuple(title for title in map(letters_only, titles) if len(title) >= SHORTEST_TITLE)
    if not wanted:
        return -1
    return next((index for index in kept if letters_only(layout.texts[index]).startswith(wanted)), -1)


# ---- terms of definition lists ----------------------------------------------------------------------


def with_terms(layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks with the terms of the definitions among them."""
    if "dt" not in layout.tags:
        return kept
    chosen = set(kept)
    terms = {index - 1 for index in kept if index - 1 not in chosen and _is_term_of(layout, index - 1, index)}
    return sorted(chosen | terms) if terms else kept


def _is_term_of(layout: Layout, term: int, index: int) -> bool:
    """Say whether one block is the term that the next one defines."""
    home = layout.homes[term] if term >= 0 else 0
    if layout.tags[home] != "dt":
        return False
    other = layout.homes[index]
    for _ in range(3):
        if layout.tags[other] == "dd":
            return layout.parents[other] == layout.parents[home]
        other = max(0, layout.parents[other])
    return False


# ---- the standfirst ----------------------------------------------------------------------------

REACH = 24
"""Blocks above the first kept one that are searched for a standfirst, up to the h1 (share bars are long)."""
SHORTEST = 30
"""Minimum letters and digits: shorter texts may agree by chance."""


def with_standfirst(layout: Layout, kept: list[int], description: str) -> list[int]:
    """Return the kept blocks, preceded by the block above them that repeats the page's description, if
    any."""
    wanted = letters_only(description)
    if not kept or len(wanted) < SHORTEST:
        return kept
    said = letters_only("".join(layout.texts[index] for index in kept[:3]))
    if wanted[:SHORTEST] in said:
        return kept
    for index in range(kept[0] - 1, max(-1, kept[0] - 1 - REACH), -1):
        text = layout.texts[index]
        if layout.tags[layout.homes[index]] == "h1":
            break
        if layout.linked[index] > len(text) / 2:
            continue
        if is_standfirst(letters_only(text), wanted) and letters_only(text) not in said:
            return [index, *kept]
    return kept


def is_standfirst(text: str, wanted: str) -> bool:
    """Say whether two texts are equal or one begins the other (descriptions are cut, standfirsts may go
    on)."""
    if len(text) < SHORTEST:
        return False
    return text.startswith(wanted[: max(SHORTEST, len(wanted) - 10)]) or wanted.startswith(text)
