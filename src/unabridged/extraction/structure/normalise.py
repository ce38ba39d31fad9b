"""Rewrite a page's structures into one form each, before its article is selected.

Code, formulas, notes and embeds are built in as many ways as there are tools. Each step changes the tree so
that the steps after it (selection, serializer) meet one form only.
"""

from collections.abc import Callable

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.structure.drop_caps import join_drop_caps
from unabridged.extraction.structure.further_articles import remove_further_articles
from unabridged.extraction.structure.service_labels import remove_labels
from unabridged.extraction.structure.threads import write_threads

STEPS: tuple[Callable[[Dom], None], ...] = (
    remove_further_articles,
    write_threads,
    remove_labels,
    join_drop_caps,
)
"""The steps, in order. A page without a step's structure must cost next to nothing."""


def normalise(dom: Dom) -> None:
    """Run every step over a page. The tree is changed in place."""
    for step in STEPS:
        step(dom)
