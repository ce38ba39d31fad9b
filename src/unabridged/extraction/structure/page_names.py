"""Tags and class names that occur on a page: what tells cheaply that a structure is not there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNames:
    """Tags and class names of a page's elements.

    tags: their tags. by_class: class attribute as written -> its elements, in document order. joined: all
    class attributes in one string, to look for parts of names, or for whole names with a space around them.
    folded: the same in lower case.
    """

    tags: frozenset[str]
    by_class: Mapping[str, list[Element]]
    joined: str
    folded: str

    def have_tag(self, tags: Iterable[str]) -> bool:
        """Say whether the page has an element with one of these tags."""
        return not self.tags.isdisjoint(tags)

    def have_class(self, parts: Iterable[str]) -> bool:
        """Say whether a class attribute of the page contains one of these strings."""
        return any(part in self.joined for part in parts)


def page_names(dom: Dom) -> PageNames:
    """Read the names of all elements of a page."""
    tags = frozenset([element.tag for element in dom.elements()])
    by_class: defaultdict[str, list[Element]] = defaultdict(list)
    for element in dom.select("[class]"):
        by_class[element.attr("class") or ""].append(element)
    by_class.pop("", None)
    joined = f" {' '.join(by_class)} "
    return PageNames(tags=tags, by_class=by_class, joined=joined, folded=joined.lower())
