"""Rewrite a page's structures into one form each, before its article is selected.

Code, formulas, notes and embeds are built in as many ways as there are tools. Each step changes the tree so
that the steps after it (selection, serializer) meet one form only.
"""

from collections.abc import Callable

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.structure.code_blocks import rewrite_code_blocks
from unabridged.extraction.structure.formulas import rewrite_formulas

STEPS: tuple[Callable[[Dom], None], ...] = (rewrite_formulas, rewrite_code_blocks)
"""The steps, in order. A page without a step's structure must cost next to nothing."""


def normalise(dom: Dom) -> None:
    """Run every step over a page. The tree is changed in place."""
    for step in STEPS:
        step(dom)
