"""Rewrite a page's structures into one form each, before its article is selected.

Code, formulas, notes and embeds are built in as many ways as there are tools. Each step changes the tree so
that the steps after it (selection, serializer) meet one form only.
"""

from collections.abc import Callable

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.structure.code.code_blocks import rewrite_code_blocks
from unabridged.extraction.structure.disguised_blocks import name_disguised_blocks
from unabridged.extraction.structure.drop_caps import join_drop_caps
from unabridged.extraction.structure.formulas.formulas import rewrite_formulas
from unabridged.extraction.structure.further_articles import remove_further_articles
from unabridged.extraction.structure.media.media_elements import media_elements
from unabridged.extraction.structure.role_tables import rewrite_role_tables
from unabridged.extraction.structure.ruby import tighten_ruby
from unabridged.extraction.structure.service_labels import remove_labels
from unabridged.extraction.structure.threads import write_threads

FRAGMENT_STEPS: tuple[Callable[[Dom], None], ...] = (rewrite_formulas, rewrite_code_blocks)
"""The steps for fragments of HTML, such as a feed's entry or a stored body: they change no stored body."""
STEPS: tuple[Callable[[Dom], None], ...] = (
    *FRAGMENT_STEPS,
    media_elements,
    name_disguised_blocks,
    remove_further_articles,
    write_threads,
    remove_labels,
    join_drop_caps,
    tighten_ruby,
    rewrite_role_tables,
)
"""The steps, in order. A page without a step's structure must cost next to nothing."""


def normalise(dom: Dom) -> None:
    """Run every step over a page. The tree is changed in place."""
    for step in STEPS:
        step(dom)


def normalise_fragment(dom: Dom) -> None:
    """Run the steps for fragments. The tree is changed in place."""
    for step in FRAGMENT_STEPS:
        step(dom)
