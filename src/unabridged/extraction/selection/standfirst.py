"""The standfirst: the lines between headline and story that sum it up, told by the page's own description.

Pages repeat it in their description for search engines and previews. Where a block above the first kept
one says just that, it belongs to the article, however unlike a paragraph it looks.
"""

import re

from unabridged.extraction.selection.blocks import Layout

REACH = 24
"""Blocks above the first kept one in which a standfirst is looked for (share bars are long), up to the h1."""
SHORTEST = 30
"""Characters of letters and digits: less may agree by chance."""
_SIGNS = re.compile(r"[\W_]+")


def with_standfirst(layout: Layout, kept: list[int], description: str) -> list[int]:
    """The kept blocks and, before them, the one that the page's description repeats, if it was left out."""
    wanted = _letters(description)
    if not kept or len(wanted) < SHORTEST:
        return kept
    said = _letters("".join(layout.texts[index] for index in kept[:3]))
    if wanted[:SHORTEST] in said:
        return kept
    for index in range(kept[0] - 1, max(-1, kept[0] - 1 - REACH), -1):
        text = layout.texts[index]
        if layout.tags[layout.homes[index]] == "h1":
            break
        if layout.linked[index] > len(text) / 2:
            continue
        if _agree(_letters(text), wanted) and _letters(text) not in said:
            return [index, *kept]
    return kept


def _agree(text: str, wanted: str) -> bool:
    """Say whether one is the other, or its beginning (descriptions are cut, and standfirsts go on)."""
    if len(text) < SHORTEST:
        return False
    return text.startswith(wanted[: max(SHORTEST, len(wanted) - 10)]) or wanted.startswith(text)


def _letters(text: str) -> str:
    return _SIGNS.sub("", text.casefold())
