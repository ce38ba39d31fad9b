"""Articles of our own that the templates are filled with: `stories/<name>.txt`.

A file begins with lines `key: value`; blocks follow, separated by blank lines. A block that begins with
`## ` is a heading, one whose lines begin with `> ` a poem (an empty quoted line separates stanzas).
"""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal

STORIES = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of an article. html: the inside of a paragraph, heading or poem; of raw, all of it.

    text: what a reader must see of it, one item a line; () for raw.
    """

    kind: Literal["p", "h2", "poem", "raw"]
    html: str
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article with its metadata."""

    name: str
    title: str
    author: str
    published: str
    language: str
    slug: str
    summary: str
    blocks: tuple[Block, ...]


def paragraph(html: str, text: str) -> Block:
    """Build a paragraph. text: what a reader must see of it in one piece."""
    return Block(kind="p", html=html, text=(text,))


def raw(html: str) -> Block:
    """Build a block whose HTML is written as it is."""
    return Block(kind="raw", html=html)


def _block(source: str) -> Block:
    if source.startswith("## "):
        return Block(kind="h2", html=escape(source[3:]), text=(source[3:],))
    if source.startswith(">"):
        lines = [line[1:].strip() for line in source.split("\n")]
        html = "<br>\n".join(escape(line) for line in lines)
        return Block(kind="poem", html=html, text=tuple(line for line in lines if line))
    text = " ".join(source.split("\n"))
    return paragraph(escape(text, quote=False), text)


@cache
def story(name: str) -> Story:
    """Read one article."""
    head, _, rest = (STORIES / f"{name}.txt").read_text(encoding="utf-8").strip().partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    return Story(name=name, blocks=tuple(map(_block, rest.split("\n\n"))), **fields)


def story_names() -> list[str]:
    """Name all articles, in order."""
    return sorted(path.stem for path in STORIES.glob("*.txt"))
