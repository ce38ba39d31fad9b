"""Texts that stand on many pages of a site: boilerplate by cross-page frequency."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from unabridged.extraction.selection.select import BlockSelection
from unabridged.text.words import letters_only

KEY = 80
"""Letters of a line that are compared."""
LONGEST = 600
"""Characters of a text that may be boilerplate."""


def line_key(text: str) -> str:
    """Return the letters by which a line is known again, "" for a text without letters or a long one."""
    return letters_only(text[: 2 * KEY])[:KEY] if len(text) <= LONGEST else ""


def heading_key(line: str) -> str:
    """Return a line's key without the numbers before and after it: "12 comments" and "3 comments" are one."""
    return line.strip("0123456789")


def count_lines(pages: Iterable[Iterable[str]]) -> Mapping[str, int]:
    """Return on how many pages each line stands. pages: the line keys of each."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(set(page))
    counts.pop("", None)
    return counts


MOST_SHARED = 0.34
"""Share of a page's lines that another article may have; a later state of the article has more."""


def without_repeated(
    selection: BlockSelection, boilerplate: frozenset[str], other_page: frozenset[str] = frozenset()
) -> BlockSelection:
    """Return a selection without the lines that stand on other pages of the site.

    boilerplate: the keys of these lines. If they are most of its text it is returned unchanged: the page is
    another page's article again. other_page: the keys of the lines of one other page's article.
    """
    if not boilerplate and not other_page:
        return selection
    texts = selection.layout.texts
    if other_page:
        shared = other_page.intersection(line_key(texts[index]) for index in selection.indices)
        boilerplate |= shared if len(shared) <= MOST_SHARED * len(other_page) else frozenset()
    kept = tuple(index for index in selection.indices if line_key(texts[index]) not in boilerplate)
    whole = sum(len(texts[index]) for index in selection.indices)
    enough = 2 * sum(len(texts[index]) for index in kept) > whole
    return replace(selection, indices=kept) if enough else selection
