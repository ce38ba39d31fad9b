"""Tags and class names that occur on a page: what tells cheaply that a structure is not there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNames:
    """Tags and class names of a page's elements.

    tags: those of `WATCHED` that occur. by_class: class attribute as written -> its elements, in document
    order. joined: all class attributes in one string, to look for parts of names, or for whole names with a
    space around them. folded: the same in lower case.
    """

    tags: frozenset[str]
    by_class: Mapping[str, list[Element]]
    joined: str
    folded: str

    def have_tag(self, tags: Iterable[str]) -> bool:
        """Say whether the page has an element with one of these tags, all of which are watched."""
        assert WATCHED.issuperset(tags), tags
        return not self.tags.isdisjoint(tags)

    def have_class(self, parts: Iterable[str]) -> bool:
        """Say whether a class attribute of the page contains one of these strings."""
        return any(map(self.joined.__contains__, parts))


_WATCHED = (
    *("math", "m:math", "mml:math", "mjx-container", "math-renderer", "d-math", "dt-math", "math-field"),
    *("tex-math", "la-tex", "pre", "code", "samp", "kbd", "tt", "listing", "xmp", "textarea"),
    *("button", "output", "label", "slot", "template", "ruby", "shreddit-comment-tree", "amp-next-page"),
)
WATCHED = frozenset(_WATCHED)
"""Tags that a step asks for; reading these alone takes a fifth of the time of reading all."""


def page_names(dom: Dom) -> PageNames:
    """Read the names of a page's elements."""
    tags = frozenset([element.tag for element in dom.elements(_WATCHED)])
    by_class: defaultdict[str, list[Element]] = defaultdict(list)
    for element in dom.select("[class]"):
        by_class[element.attr("class") or ""].append(element)
    by_class.pop("", None)
    joined = f" {' '.join(by_class)} "
    return PageNames(tags=tags, by_class=by_class, joined=joined, folded=joined.lower())
