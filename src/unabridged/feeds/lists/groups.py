"""Groups of links that stand at the same place of repeated items, and the items around them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from turbohtml import Element, Node, Text

from unabridged.feeds.discovery.page_links import attribute
from unabridged.feeds.lists.links import DEPTH, Link, ListPage, Step

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}")
_NAMED_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}")
MOST_GROUPS = 300
"""Groups of a page that are compared; the largest ones."""
LIKE = 8
"""Steps outward from a link that are compared between groups."""
WITHIN_ITEM = 2
"""Of these, the innermost ones: only there may one item have no class where another has some."""
MOST_UNLIKE = 2
"""Of these, steps whose classes may differ between items of one group."""
MAX_ITEMS = 400
"""Items of a group that are read."""
MAX_SCOPES = 40
"""Elements around a link that are asked for an id."""
MAX_RUN = 6
"""Siblings that belong to an item of a flat list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list: its best link and the elements that it is made of, in document order."""

    link: Link
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkGroup:
    """Links at the same place of repeated items, in the page's order.

    steps: what all of them have in common, innermost first. levels, run: as in `ItemPattern`.
    """

    links: tuple[Link, ...]
    steps: tuple[Step, ...]
    levels: int
    run: str

    @property
    def urls(self) -> frozenset[str]:
        """The addresses of the links."""
        return frozenset(link.url for link in self.links)


def groups_of(page: ListPage, *, furniture: bool = False) -> list[LinkGroup]:
    """Return the groups of a page's links. furniture: those in navigation and the like too."""
    exact: dict[tuple[Step, ...], list[Link]] = defaultdict(list)
    for link in page.links:
        if (furniture or not link.furniture) and link.text:
            exact[link.steps].append(link)
    by_tags: dict[tuple[str, ...], list[list[Link]]] = defaultdict(list)
    for links in sorted(exact.values(), key=len, reverse=True)[:MOST_GROUPS]:
        by_tags[tuple(tag for tag, _ in links[0].steps)].append(links)
    return [group_of(links) for alike in by_tags.values() for links in _merged(alike)]


def _merged(groups: Iterable[list[Link]]) -> list[list[Link]]:
    """Join groups whose classes differ only as those of items of one list do: pinned, odd, of a category."""
    found: list[tuple[tuple[Step, ...], list[Link]]] = []
    for links in groups:
        steps = links[0].steps
        for place, (common, known) in enumerate(found):
            if _alike(common, steps):
                found[place] = (_common(common, steps), known + links)
                break
        else:
            found.append((steps, links))
    return [sorted(links, key=lambda link: link.order) for _, links in found]


def _alike(first: Sequence[Step], second: Sequence[Step]) -> bool:
    unlike = 0
    for place, ((_, own), (_, other)) in enumerate(zip(first[:LIKE], second[:LIKE], strict=False)):
        if own == other:
            continue
        unlike += 1
        both = set(own) & set(other)
        subset = len(both) == min(len(own), len(other))
        if not both and (place == 0 or place > WITHIN_ITEM):
            return False
        if unlike > MOST_UNLIKE or not (subset or 2 * len(both) >= max(len(own), len(other))):
            return False
    return True


def _common(first: Sequence[Step], second: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(
        (tag, own if own == other else tuple(sorted(set(own) & set(other))))
        for (tag, own), (_, other) in zip(first, second, strict=False)
    )


def group_of(links: Sequence[Link]) -> LinkGroup:
    """Return links of one structure as a group."""
    steps = links[0].steps
    for link in links[1:]:
        if link.steps != steps:
            steps = _common(steps, link.steps)
    levels = item_levels(links)
    return LinkGroup(links=tuple(links), steps=steps, levels=levels, run=_run_of(links, levels))


def parts_of(group: LinkGroup) -> list[LinkGroup]:
    """Return the lists that a group consists of, if they stand in elements with different ids; else itself.

    Such lists are read as one until a person points at one of them.
    """
    parts: dict[str, list[Link]] = defaultdict(list)
    for link in group.links:
        ancestors = (one for one in islice(link.element.ancestors, MAX_SCOPES) if isinstance(one, Element))
        parts[next((name for one in ancestors for name in scope_names(one)), "")].append(link)
    made = [replace(group, links=tuple(links)) for links in parts.values()]
    return made if 1 < len(made) < len(group.links) else [group]


def scope_names(element: Element) -> Iterator[str]:
    """Yield selectors of an element that stands around whole lists: its id, or its tag."""
    identifier = attribute(element, "id")
    if _IDENTIFIER.fullmatch(identifier) and _NAMED_TAG.fullmatch(element.tag):
        yield f"{element.tag}#{identifier}"
    if element.tag in ("main", "aside"):
        yield element.tag


def item_levels(links: Sequence[Link]) -> int:
    """Return how many elements outward from a link its item is: the largest that holds no other item's link.

    The commonest number counts: an item that stands alone in its section could be larger.
    """
    addresses: dict[Element, str | None] = {}
    for link in links[:MAX_ITEMS]:
        for element in _around(link):
            known = addresses.setdefault(element, link.url)
            if known != link.url:
                addresses[element] = None
    counts: Counter[int] = Counter()
    for link in links[:MAX_ITEMS]:
        level = 0
        for place, element in enumerate(_around(link)):
            if addresses[element] is None:
                break
            level = place
        counts[level] += 1
    most = max(counts.values(), default=0)
    return min((level for level, count in counts.items() if 2 * count > most), default=0)


def _around(link: Link) -> list[Element]:
    found = [link.element]
    for ancestor, _ in zip(link.element.ancestors, range(DEPTH - 2), strict=False):
        if not isinstance(ancestor, Element) or ancestor.tag in ("body", "html"):
            break
        found.append(ancestor)
    return found


def item_element(link: Link, levels: int) -> Element:
    """Return the element of an item, `levels` outward from its link."""
    around = _around(link)
    return around[min(levels, len(around) - 1)]


def _run_of(links: Sequence[Link], levels: int) -> str:
    """Say where an item's parts stand beside its element: "" in it, "after" it, or "before" it."""
    elements = list(dict.fromkeys(item_element(link, levels) for link in links[:MAX_ITEMS]))
    chosen: set[Node] = set(elements)
    after = before = 0
    for element in elements:
        after += _is_part(element.next_sibling, chosen)
        before += _is_part(element.previous_sibling, chosen)
    if max(after, before) * 2 < len(elements) or not elements:
        return ""
    return "before" if before > after else "after"


def _is_part(node: Node | None, chosen: set[Node]) -> bool:
    """Say whether the next node with content beside an item is none of the items."""
    while isinstance(node, Text) and not node.data.strip():
        node = node.next_sibling
    if node is None or node in chosen:
        return False
    return isinstance(node, Text) or (
        isinstance(node, Element) and node.tag not in ("br", "hr") and bool(node.text.strip())
    )


def items_of(links: Sequence[Link], levels: int, run: str) -> list[Item]:
    """Return the items around links, each address once, in the page's order."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.url)
        if known is None or len(link.text) > len(known.text):
            best[link.url] = link
    kept = sorted(best.values(), key=lambda link: link.order)[:MAX_ITEMS]
    if not run:
        return [Item(link=link, parts=(item_element(link, levels),)) for link in kept]
    chosen: set[Node] = {item_element(link, levels) for link in links}
    return [Item(link=link, parts=_run(item_element(link, levels), chosen, run)) for link in kept]


def _run(element: Element, chosen: set[Node], run: str) -> tuple[Node, ...]:
    siblings = element.next_siblings if run == "after" else element.previous_siblings
    found: list[Node] = []
    for sibling in siblings:
        if sibling in chosen or len(found) >= 2 * MAX_RUN:
            break
        found.append(sibling)
    return (element, *found) if run == "after" else (*reversed(found), element)
