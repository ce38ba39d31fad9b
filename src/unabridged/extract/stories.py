"""Leaving out further stories that a page shows below its own, as those do that scroll on without end.

A further story begins with a headline that looks as the page's own does: a main heading of the same class.
A main heading without a class, or of another one, may be a sub-heading, and is left alone.
"""

from unabridged.extract.blocks import Layout

LEAST_OWN = 120
"""Characters that the page's own story must have above the next."""


def without_further_stories(layout: Layout, kept: list[int], titled: int) -> list[int]:
    """The kept blocks less those of stories below the page's own.

    titled: the block of its title, -1 for none.
    """
    if titled < 0 or layout.tags[layout.homes[titled]] != "h1" or layout.tags.count("h1") < 2:
        return kept
    look = layout.keys[layout.homes[titled]]
    for index in range(titled + 1, len(layout.texts)):
        home = layout.homes[index]
        if look and layout.tags[home] == "h1" and layout.keys[home] == look and home != layout.homes[titled]:
            place = _story(layout, home, titled)
            kept = _without(layout, kept, place) if layout.end[place] > index + 1 else kept
    return kept


def _story(layout: Layout, place: int, titled: int) -> int:
    """The biggest container around a headline that does not hold the page's title."""
    while (above := layout.parents[place]) >= 0 and not layout.first[above] <= titled < layout.end[above]:
        place = above
    return place


def _without(layout: Layout, kept: list[int], place: int) -> list[int]:
    first, end = layout.first[place], layout.end[place]
    own = sum(len(layout.texts[index]) for index in kept if index < first)
    return [index for index in kept if not first <= index < end] if own >= LEAST_OWN else kept
