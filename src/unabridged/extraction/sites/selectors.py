"""CSS selectors that name an element on every page of its template."""

import re
from collections.abc import Iterator
from functools import lru_cache

from unabridged.extraction.html.dom import Element, Node
from unabridged.text.patterns import lazy_regex

_NAME = lazy_regex(r"[A-Za-z_][\w-]{1,60}")
_NUMBERED = lazy_regex(r"\d{3,}")
_HASHED = lazy_regex(r"[\w-]*(?:[a-z]\d|\d[a-z]|[A-Z]\d|\d[A-Z])[\w-]{2,}")
_OF_ONE_PAGE = lazy_regex(
    r"(?:post|tag|category|cat|author|topic|section|page|entry|node|status|format)-[\w-]+"
)
_OF_ALL_PAGES = lazy_regex(
    r"(?:post|entry|page|section|author|node)-(?:content|body|text|bodycopy|entry|main|inner|wrapper|header|"
    r"footer|meta|title|info|bio|box|tags|date|byline|utility|share|nav|navigation|related)(?:[-_].*)?"
)
_SHORT_TAGS = frozenset("pabiusq")
_SEMANTIC = frozenset(("article", "main"))
MOST_CLASSES = 6
"""Classes of an element that are read."""


def selectors_of(element: Element) -> tuple[str, ...]:
    """Return the selectors that may name an element on other pages too: id, single classes, semantic tags."""
    return _selectors(
        element.tag,
        element.attr("class") or "",
        element.attr("id") or "",
        element.attr("itemprop") or "",
        element.attr("role") or "",
    )


@lru_cache(maxsize=20_000)
def _selectors(tag: str, classes: str, identifier: str, prop: str, role: str) -> tuple[str, ...]:
    found: list[str] = []
    if _is_name(tag) or tag in _SHORT_TAGS:
        if _is_name(identifier) and not _NUMBERED.search(identifier):
            found.append(f"{tag}#{identifier}")
        found += (f"{tag}.{name}" for name in _stable_classes(classes))
        if tag in _SEMANTIC:
            found.append(tag)
    if _is_name(prop):
        found.append(f'[itemprop="{prop}"]')
    if role in ("main", "article"):
        found.append(f'[role="{role}"]')
    return tuple(found)


def _stable_classes(classes: str) -> Iterator[str]:
    """Yield the classes that are not numbers, topics or identifiers of one page."""
    for name in classes.split()[:MOST_CLASSES]:
        one_page = _OF_ONE_PAGE.fullmatch(name) and not _OF_ALL_PAGES.fullmatch(name)
        if _is_name(name) and not _NUMBERED.search(name) and not one_page:
            yield name


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def is_hashed(selector: str) -> bool:
    """Say whether a selector uses a name that a build tool made: the next release changes it."""
    return _HASHED.fullmatch(re.split(r"[.#]", selector)[-1]) is not None


def outermost(elements: list[Element]) -> list[Element]:
    """Return the elements that stand in no other of them."""
    if len(elements) < 2:
        return elements
    chosen: set[Node] = set(elements)
    return [one for one in dict.fromkeys(elements) if not any(above in chosen for above in one.ancestors)]


def as_xpath(selector: str) -> str:
    """Return one of our selectors as XPath 1.0, for site-config files."""
    if selector.startswith("["):
        name, _, value = selector[1:-1].partition("=")
        return f"//*[@{name}={value}]"
    if found := re.fullmatch(r"([\w-]+)\[([\w-]+)=(\"[^\"]*\")\]", selector):
        return f"//{found[1]}[@{found[2]}={found[3]}]"
    tag, sign, name = re.fullmatch(r"([\w-]+)(?:([.#])(.+))?", selector).groups()  # type: ignore[union-attr]
    if sign == "#":
        return f"//{tag}[@id='{name}']"
    if sign == ".":
        return f"//{tag}[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
    return f"//{tag}"
