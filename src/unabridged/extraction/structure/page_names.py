"""Tags and class names that occur on a page: what tells cheaply that a structure is not there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNames:
    """Tags and class names of a page's elements.

    tags: their tags. by_class: class attribute as written -> its elements, in document order. joined: all
    class attributes in one string, to look for parts of names, or for whole names with a space around them.
    """

    tags: frozenset[str]
    by_class: Mapping[str, list[Element]]
    joined: str

    def have_tag(self, tags: Iterable[str]) -> bool:
        """Say whether the page has an element with one of these tags."""
        return not self.tags.isdisjoint(tags)

    def have_class(self, parts: Iterable[str]) -> bool:
        """Say whether a class attribute of the page contains one of these strings."""
        return any(part in self.joined for part in parts)


def page_names(dom: Dom) -> PageNames:
    """Read the names of all elements of a page."""
    tags = frozenset([element.tag for element in dom.elements()])
    by_class: dict[str, list[Element]] = {}
    for element in dom.select("[class]"):
        if name := element.attr("class"):
            if name in by_class:
                by_class[name].append(element)
            else:
                by_class[name] = [element]
    return PageNames(tags=tags, by_class=by_class, joined=f" {' '.join(by_class)} ")
