"""Text outside the body of a template: a page with more of it than others may have been redesigned.

A body that was divided keeps its name, and the text in it its usual length, while the rest stands in a new
element. That is seen by long texts in places where no page had any.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.sites.selectors import selectors_of

LONG = 30
"""Characters of a text node that is more than a label."""
MOST_PLACES = 12
"""Selectors of places outside the body that are learnt."""
MOST_TEXTS = 400
"""Long texts of a page that are noted."""
_SILENT = frozenset(("script", "style", "template", "noscript", "textarea", "title", "option", "iframe"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText:
    """A long text of a page. length: in characters; inside: selectors of the elements around it."""

    length: int
    inside: frozenset[str]


def long_texts(dom: Dom) -> tuple[LongText, ...]:
    """Return the long texts of a page as it is, the first MOST_TEXTS."""
    found = []
    for node in _long_nodes(dom):
        around = (above for above in node.ancestors if isinstance(above, Element))
        names = frozenset(name for element in around for name in selectors_of(element))
        found.append(LongText(length=len(node.data), inside=names))
        if len(found) == MOST_TEXTS:
            break
    return tuple(found)


def learn_outside(pages: Sequence[Sequence[LongText]], body: Collection[str]) -> tuple[tuple[str, ...], int]:
    """Return the selectors of places that hold long texts outside the body, and the rest of a page at most.

    The rest: characters of the long texts of one page that stand outside the body and all these places.
    """
    within = frozenset(body)
    around_body = frozenset(
        name for page in pages for text in page if within & text.inside for name in text.inside
    )
    left = [[text for text in page if not within & text.inside] for page in pages]
    places: list[str] = []
    while len(places) < MOST_PLACES:
        sizes = Counter[str]()
        for page in left:
            for text in page:
                sizes.update(dict.fromkeys(text.inside - around_body, text.length))
        if not sizes:
            break
        place = max(sizes, key=lambda name: (sizes[name], name))
        places.append(place)
        left = [[text for text in page if place not in text.inside] for page in left]
    return tuple(places), max((sum(text.length for text in page) for page in left), default=0)


def outside_characters(dom: Dom, places: Sequence[str]) -> int:
    """Return the characters of long texts that are left on a page whose body was taken out.

    places: selectors that hold such texts on other pages; their elements are taken out of the page too.
    """
    for element in dom.select(",".join(places)) if places else ():
        if element.parent is not None:
            element.extract()
    return sum(len(node.data) for node in _long_nodes(dom))


def _long_nodes(dom: Dom) -> Iterator[Text]:
    for node in dom.body.descendants:
        if type(node) is Text and len(node.data) >= LONG and len(node.data.strip()) >= LONG:
            parent = node.parent
            if not (isinstance(parent, Element) and parent.tag in _SILENT):
                yield node
