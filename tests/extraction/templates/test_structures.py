"""Six common structures in twelve templates and six articles are kept right; the rest of a page is not."""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.extraction.templates.layout import layout_names, page_of
from tests.extraction.templates.story import Story, story, story_names
from tests.extraction.templates.structures import code, embeds, figures, footnotes, hidden, tables
from tests.extraction.templates.structures.record import Structured, Variant
from tests.extraction.templates.surroundings import BY_LANGUAGE
from unabridged.extraction import extract
from unabridged.model import Article
from unabridged.text.words import fold_spaces

STRUCTURES: Mapping[str, Mapping[str, Variant]] = {
    "none": {"none": lambda of: Structured(blocks=of.blocks)},
    "code": code.VARIANTS,
    "embeds": embeds.VARIANTS,
    "figures": figures.VARIANTS,
    "footnotes": footnotes.VARIANTS,
    "hidden": hidden.VARIANTS,
    "tables": tables.VARIANTS,
}
FLOOR = 0.95
"""Least share of a structure's 72 pages that are right."""


def faults(article: Article, of: Story, wanted: Structured) -> Iterator[str]:
    """Yield what is wrong with an article, one line each."""
    text = fold_spaces(article.text)
    for part in (*(line for block in of.blocks for line in block.text), *wanted.once):
        if (count := text.count(fold_spaces(part))) != 1:
            yield f"{count} times: {part[:60]!r}"
    for part in (*BY_LANGUAGE[of.language].foreign(), *wanted.absent):
        if fold_spaces(part) in text:
            yield f"text has {part[:60]!r}"
    for name, parts, whole in (
        ("text", wanted.lines, article.text),
        ("Markdown", wanted.markdown, article.markdown),
        ("body", wanted.body, article.html),
    ):
        yield from (f"{name} lacks {part[:80]!r}" for part in parts if part not in whole)
    for name, patterns, whole in (
        ("Markdown", wanted.patterns, article.markdown),
        ("body", wanted.body_patterns, article.html),
    ):
        yield from (f"{name} lacks {part[:120]!r}" for part in patterns if not re.search(part, whole))
    for part, count in wanted.body_counts:
        if (found := article.html.count(part)) != count:
            yield f"body has {found} times {part[:60]!r}"
    yield from (f"Markdown has {part!r}" for part in wanted.absent_markdown if part in article.markdown)


def cases(structure: str) -> Iterator[tuple[str, str, Story, Structured]]:
    """Yield each page of a structure: its layout, the variant's name, the story, and what is wanted.

    Each variant stands in six layouts, and once in each story.
    """
    variants = list(STRUCTURES[structure].items())
    for at, layout in enumerate(layout_names()):
        for number, name in enumerate(story_names()):
            variant, build = variants[(at + 5 * number) % len(variants)]
            yield layout, variant, story(name), build(story(name))


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_a_structure_is_kept_right_in_every_template_and_article(structure: str) -> None:
    wrong: list[str] = []
    number = 0
    for layout, variant, of, wanted in cases(structure):
        number += 1
        url, page = page_of(layout, of, wanted.blocks)
        found = list(faults(extract(page, url=url), of, wanted))
        if found:
            wrong.append(f"{layout} {of.name} {variant}: {'; '.join(found[:4])}")
    share = 1 - len(wrong) / number
    assert share >= FLOOR, "\n".join([f"{structure}: {share:.3f} of {number} are right", *wrong])
