"""The description of a product in a page's structured data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.selection.columns import Floats
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

PRODUCTS = frozenset("product productgroup productmodel individualproduct".split())
"""Types of schema.org, in lower case, of a product."""
MAX_NODES = 20_000
MAX_LETTERS = 20_000
LEAST_LETTERS = 12
"""A shorter block is not looked for: it may stand in any text."""
LEAST_WHOLE = 450
"""Letters of a description that is most of a product's text, some 90 words. Set on 4 pages of 3 sites that
show so long a one, where it alone has an F1 of .74 to .96; shorter ones are often only a beginning."""
LEAST_SHOWN = 0.6
"""Share of such a description that the page shows."""
_MARKUP = lazy_regex(r"<[^>]{0,500}>")


def product_description(dom: Dom) -> str:
    """Return the letters of the longest description of a product in the JSON-LD, "" for none."""
    found = (one for node in _objects(dom.document.json_ld()) if (one := _description(node)))
    return letters_only(_MARKUP.sub(" ", max(found, key=len, default="")))[:MAX_LETTERS]


@dataclass(frozen=True, slots=True)
class DescribedProduct:
    """Blocks of a page that stand in the declared description of its product.

    flags: 1 for each of them, else 0. whole: the description is a long one and the page shows it, so that it
    is most of the product's text.
    """

    flags: Floats
    whole: bool


def described_product(texts: Sequence[str], description: str) -> DescribedProduct:
    """Find the blocks that stand in a description, given as letters; "" for none."""
    if not description:
        return DescribedProduct(np.zeros(len(texts)), False)
    letters = [letters_only(text) if len(text) <= MAX_LETTERS else "" for text in texts]
    found = [len(own) >= LEAST_LETTERS and own in description for own in letters]
    shown = sum(map(len, {own for own, held in zip(letters, found, strict=True) if held}))
    long = len(description) >= LEAST_WHOLE
    return DescribedProduct(np.array(found, dtype=float), long and shown >= LEAST_SHOWN * len(description))


def _description(node: dict[str, object]) -> str:
    kinds = node.get("@type")
    stated = kinds if isinstance(kinds, list) else [kinds]
    value = node.get("description")
    named = any(isinstance(kind, str) and kind.lower() in PRODUCTS for kind in stated)
    return value if named and isinstance(value, str) else ""


def _objects(value: object) -> Iterator[dict[str, object]]:
    """Yield the objects of a JSON value, up to a limit."""
    stack = [value]
    for _ in range(MAX_NODES):
        if not stack:
            return
        one = stack.pop()
        if isinstance(one, dict):
            yield one
            stack += one.values()
        elif isinstance(one, list):
            stack += one
