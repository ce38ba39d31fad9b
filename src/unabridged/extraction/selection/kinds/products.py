"""The description of a product in a page's structured data."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.selection.columns import Floats
from unabridged.text.words import letters_only

PRODUCTS = frozenset("product productgroup productmodel individualproduct".split())
"""Types of schema.org, in lower case, of a product."""
MAX_NODES = 20_000
MAX_LETTERS = 20_000
LEAST_LETTERS = 12
"""A shorter block is not looked for: it may stand in any text."""
_MARKUP = re.compile(r"<[^>]{0,500}>")


def product_description(dom: Dom) -> str:
    """Return the letters of the longest description of a product in the JSON-LD, "" for none."""
    found = (one for node in _objects(dom.document.json_ld()) if (one := _description(node)))
    return letters_only(_MARKUP.sub(" ", max(found, key=len, default="")))[:MAX_LETTERS]


def described_blocks(texts: Sequence[str], description: str) -> Floats:
    """Return 1 for each block that stands in the description, else 0."""
    if not description:
        return np.zeros(len(texts))
    letters = (letters_only(text) if len(text) <= MAX_LETTERS else "" for text in texts)
    return np.array([float(len(own) >= LEAST_LETTERS and own in description) for own in letters])


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
