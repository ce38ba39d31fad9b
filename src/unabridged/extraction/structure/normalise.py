"""Rewrite a page's structures into one form each, before its article is selected.

Code, formulas, notes and embeds are built in as many ways as there are tools. Each step changes the tree so
that the steps after it (selection, serializer) meet one form only.
"""

from collections.abc import Callable, Sequence

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.structure.code.code_blocks import rewrite_code_blocks
from unabridged.extraction.structure.disguised_blocks import name_disguised_blocks
from unabridged.extraction.structure.drop_caps import join_drop_caps
from unabridged.extraction.structure.formulas.formulas import rewrite_formulas
from unabridged.extraction.structure.formulas.tex_in_text import rewrite_tex_in_text
from unabridged.extraction.structure.further_articles import remove_further_articles
from unabridged.extraction.structure.media.media_elements import media_elements
from unabridged.extraction.structure.page_names import PageNames, page_names
from unabridged.extraction.structure.role_tables import rewrite_role_tables
from unabridged.extraction.structure.ruby import tighten_ruby
from unabridged.extraction.structure.service_labels import remove_labels
from unabridged.extraction.structure.threads import write_threads

Step = Callable[[Dom, PageNames], None]
FRAGMENT_STEPS: tuple[Step, ...] = (rewrite_formulas, rewrite_code_blocks)
"""The steps for fragments of HTML, such as a feed's entry or a stored body: they change no stored body."""
PAGE_STEPS: tuple[Step, ...] = (
    name_disguised_blocks,
    remove_further_articles,
    write_threads,
    remove_labels,
    join_drop_caps,
    tighten_ruby,
    rewrite_role_tables,
)
"""The further steps for pages, in order. A page without a step's structure must cost next to nothing: its
names say so."""


def normalise(dom: Dom) -> None:
    """Run every step over a page. The tree is changed in place."""
    names = page_names(dom)
    _run(FRAGMENT_STEPS, dom, names)
    rewrite_tex_in_text(dom)
    media_elements(dom)
    if names.have_tag(("template",)):  # whose content may stand in the tree now
        names = page_names(dom)
    _run(PAGE_STEPS, dom, names)


def normalise_fragment(dom: Dom) -> None:
    """Run the steps for fragments. The tree is changed in place."""
    _run(FRAGMENT_STEPS, dom, page_names(dom))


def _run(steps: Sequence[Step], dom: Dom, names: PageNames) -> None:
    for step in steps:
        step(dom, names)
