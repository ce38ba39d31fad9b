"""Skeletons of pages: the names of their outer elements, which pages of one template share."""

from collections import Counter
from collections.abc import Sequence

from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.sites.selectors import selectors_of

LEVELS = 4
"""Levels below the body that belong to a skeleton."""
MOST_NAMES = 120
"""Names of a page's skeleton."""
WIDEST = 40
"""Children of an element that are looked at: longer rows are lists."""
LEAST_ALIKE = 0.5
"""Jaccard index above which two pages belong to one template; measured pages of one template have .6 to 1, of
different ones below .4."""
NEARLY_ALL = 0.8
"""Share of a template's pages that have a name of its skeleton."""
LEAST_PRESENT = 0.6
"""Share of a template's skeleton that a page of it must have."""


def skeleton_of(dom: Dom) -> frozenset[str]:
    """Return the names of the outer elements of a page."""
    found: set[str] = set()
    level: list[Element] = [dom.body]
    for _ in range(LEVELS):
        level = [child for parent in level for child in parent.children[:WIDEST] if type(child) is Element]
        for element in level:
            found.update(selectors_of(element))
        if len(found) > MOST_NAMES:
            break
    return frozenset(sorted(found)[:MOST_NAMES])


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard index of two skeletons; 1 for two empty ones."""
    both = len(first | second)
    return len(first & second) / both if both else 1.0


def clusters(skeletons: Sequence[frozenset[str]]) -> list[list[int]]:
    """Return the pages of each template as indices, the template with the most pages first.

    A page joins the first cluster whose first page it is like.
    """
    found: list[list[int]] = []
    for place, skeleton in enumerate(skeletons):
        for cluster in found:
            if alike(skeletons[cluster[0]], skeleton) >= LEAST_ALIKE:
                cluster.append(place)
                break
        else:
            found.append([place])
    return sorted(found, key=len, reverse=True)


def common_names(skeletons: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """Return the names that nearly all pages have."""
    counts = Counter(name for skeleton in skeletons for name in skeleton)
    return tuple(sorted(name for name, count in counts.items() if count >= NEARLY_ALL * len(skeletons)))


def present(names: Sequence[str], skeleton: frozenset[str]) -> float:
    """Return the share of a template's names that a page has; 1 for a template without any."""
    return sum(name in skeleton for name in names) / len(names) if names else 1.0
