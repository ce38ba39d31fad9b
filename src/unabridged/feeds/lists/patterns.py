"""CSS selectors that find the links of a list on its page, and nothing else where that is possible."""

import re
from collections.abc import Iterator, Mapping, Sequence

import turbohtml
from turbohtml import Document, Element

from unabridged.errors import FeedError
from unabridged.feeds.lists.fields import class_selector
from unabridged.feeds.lists.groups import LinkGroup, scope_names
from unabridged.feeds.lists.links import Link, ListPage, Step

MOST_STEPS = 10
BEYOND_ITEM = 1
"""Steps outward from an item that its pattern names at least: the element around the list."""
CLASSES = 2
"""Classes of an element that a pattern names at most."""
_NAMED_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}")
MOST_SCOPES = 4


def link_selectors(group: LinkGroup, page: ListPage, *, furniture: bool) -> Iterator[str]:
    """Yield selectors of a group's links, the one that names most first: with fewer and fewer classes."""
    tried = set()
    for classes in range(CLASSES, -1, -1):
        selector = _narrowed(group, page, classes, furniture=furniture)
        if selector not in tried:
            tried.add(selector)
            yield selector


def _narrowed(group: LinkGroup, page: ListPage, classes: int, *, furniture: bool) -> str:
    """Return the shortest selector that matches no other links, or else the one that matches the fewest."""
    own = group.urls
    by_element = links_by_element(page, furniture=furniture)
    least = min(group.levels + 1 + BEYOND_ITEM, len(group.steps))
    most = max(least, min(MOST_STEPS, len(group.steps)))
    chains = [_chain(group.steps[:count], classes) for count in range(least, most + 1)]
    best, fewest = chains[0], -1
    for selector in chains:
        strangers = _strangers(selector, page.document, by_element, own)
        if fewest < 0 or strangers < fewest:
            best, fewest = selector, strangers
        if not strangers:
            return selector
    outer = group.steps[:most]
    for selector in (
        *_bare(outer, group.levels, classes),
        *(f"{scope} {best}" for scope in _scopes(group.links)),
    ):
        matched = {link.url for one in page.document.select(selector) if (link := by_element.get(one))}
        if own <= matched and len(matched - own) < fewest:
            best, fewest = selector, len(matched - own)
    return best


def _bare(steps: Sequence[Step], levels: int, classes: int) -> Iterator[str]:
    """Yield selectors in which an element around the list has no class, where others of its kind have one."""
    for place in range(levels + 1, len(steps)):
        if not steps[place][1]:
            named = [_step_selector(step, classes) for step in steps]
            named[place] += ":not([class])"
            yield " > ".join(reversed(named))


def _chain(steps: Sequence[Step], classes: int) -> str:
    return " > ".join(_step_selector(step, classes) for step in reversed(steps))


def _step_selector(step: Step, classes: int) -> str:
    tag, names = step
    return (tag if _NAMED_TAG.fullmatch(tag) else "*") + "".join(map(class_selector, names[:classes]))


def _strangers(selector: str, document: Document, known: Mapping[Element, Link], own: frozenset[str]) -> int:
    found = (known.get(element) for element in document.select(selector))
    return len({link.url for link in found if link is not None and link.url not in own})


def links_by_element(page: ListPage, *, furniture: bool) -> dict[Element, Link]:
    """Map the elements of a page's links to them. furniture: those in navigation and the like too."""
    return {link.element: link for link in page.links if furniture or not link.furniture}


def _scopes(links: Sequence[Link]) -> list[str]:
    """Return selectors of elements around all links: those with an id, and the main part of the page."""
    around: set[str] | None = None
    ordered: list[str] = []
    for link in links:
        ordered = [
            name for one in link.element.ancestors if isinstance(one, Element) for name in scope_names(one)
        ]
        around = set(ordered) if around is None else around & set(ordered)
    return [name for name in ordered if name in (around or ())][:MOST_SCOPES]


def select_links(page: ListPage, selector: str, *, furniture: bool) -> list[Link]:
    """Return the links that a selector means; for an element that is none, the first link in it.

    Raises FeedError for what is no CSS selector.
    """
    try:
        elements = page.document.select(selector)
    except (ValueError, turbohtml.SelectorSyntaxError) as exc:
        raise FeedError(f"{selector[:200]!r} is no CSS selector: {exc}") from exc
    known = links_by_element(page, furniture=furniture)
    links = (element if element.tag == "a" else element.select_one("a[href]") for element in elements)
    found = (known.get(link) for link in links if link is not None)
    return list(dict.fromkeys(link for link in found if link is not None))
