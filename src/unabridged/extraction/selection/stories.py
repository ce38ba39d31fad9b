"""Leaving out further stories that a page shows below its own, as those do that scroll on without end.

A further story begins with a headline that looks as the page's own does: a main heading of the same class,
which calls it a title. Any other main heading may be a sub-heading, and a page of many is a list; both are
left alone.
"""

import re

from unabridged.extraction.selection.blocks import Layout

MOST_FURTHER = 3
LEAST_OWN = 120
"""Characters that the page's own story must have above the next."""


def without_further_stories(layout: Layout, kept: list[int], titled: int) -> list[int]:
    """The kept blocks less those of stories below the page's own.

    titled: the block of its title, -1 for none.
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


_TITLE = re.compile("title|headline", re.IGNORECASE)


def _story(layout: Layout, place: int, titled: int) -> int:
    """The biggest container around a headline that does not hold the page's title."""
    while (above := layout.parents[place]) >= 0 and not layout.first[above] <= titled < layout.end[above]:
        place = above
    return place


def _without(layout: Layout, kept: list[int], place: int) -> list[int]:
    first, end = layout.first[place], layout.end[place]
    own = sum(len(layout.texts[index]) for index in kept if index < first)
    return [index for index in kept if not first <= index < end] if own >= LEAST_OWN else kept
