"""An article with a structure put into it, and what extraction must make of the structure."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.extraction.templates.story import Block, Story, raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """The blocks of an article with a structure among them.

    once: texts that stand once in the plain text, white space folded; lines: exact parts of the plain text;
    markdown, body: exact parts; patterns: regular expressions of the Markdown; body_patterns: of the body;
    body_counts: part of the body -> how often it stands there; absent: what is not in the plain text;
    absent_markdown: nor in the Markdown.
    """

    blocks: tuple[Block, ...]
    once: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    markdown: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    body_patterns: tuple[str, ...] = ()
    body_counts: tuple[tuple[str, int], ...] = ()
    absent: tuple[str, ...] = ()
    absent_markdown: tuple[str, ...] = ()


Variant = Callable[[Story], Structured]


def paragraphs(story: Story) -> list[int]:
    """Return the places of the story's paragraphs among its blocks."""
    return [place for place, block in enumerate(story.blocks) if block.kind == "p"]


def after(story: Story, number: int, html: str) -> tuple[Block, ...]:
    """Return the story's blocks with HTML after the paragraph of a number (from 1)."""
    place = paragraphs(story)[number - 1] + 1
    return (*story.blocks[:place], raw(html), *story.blocks[place:])
