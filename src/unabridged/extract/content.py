"""Choosing which blocks of a page are the article."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unabridged.extract.blocks import Layout, lay_out
from unabridged.extract.dom import Dom, Element, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence about a block. weight: log-odds, positive for keeping it."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of inline content. container: its nearest element that is not inline.

    nodes: its text nodes in document order (first, last: the ends of the run). score: log-odds that it
    belongs to the article, before the neighbourhood had its say.
    """

    index: int
    text: str
    container: Element
    nodes: tuple[Node, ...]
    kept: bool
    score: float

    @property
    def first(self) -> Node:
        return self.nodes[0]

    @property
    def last(self) -> Node:
        return self.nodes[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The blocks of a page that are its article.

    kept: in document order. confidence: the probability that they are the article (0-1).
    method: the hypothesis that won. signals: page-level figures (words kept, share of links, …).
    scores: log-odds of every block of the layout.
    """

    layout: Layout
    kept: tuple[Block, ...]
    confidence: float
    method: str
    scores: tuple[float, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


def select(dom: Dom, *, title: str = "", description: str = "") -> Selection:
    """Choose the article's blocks. title, description: the page's own, as evidence about duplicates."""
    layout = lay_out(dom)
    scores = tuple(_plain_score(layout, index) for index in range(len(layout.texts)))
    kept = tuple(_block(layout, index, scores[index]) for index in range(len(scores)) if scores[index] > 0)
    words = sum(block.text.count(" ") + 1 for block in kept)
    return Selection(
        layout=layout,
        kept=kept,
        confidence=min(1.0, words / 200),
        method="plain",
        scores=scores,
        signals={"words": float(words)},
    )


def selection_text(selection: Selection) -> str:
    """The kept blocks as plain text, one block a line: what the built body says, without building it."""
    return "\n".join(block.text for block in selection.kept)


def explain(selection: Selection) -> tuple[tuple[Block, tuple[Reason, ...]], ...]:
    """Every block of the page with the evidence for and against it, strongest first."""
    kept = {block.index for block in selection.kept}
    return tuple(
        (_block(selection.layout, index, score, kept=index in kept), ())
        for index, score in enumerate(selection.scores)
    )


def _block(layout: Layout, index: int, score: float, *, kept: bool = True) -> Block:
    return Block(
        index=index,
        text=layout.texts[index],
        container=layout.elements[layout.homes[index]],
        nodes=layout.nodes[index],
        kept=kept,
        score=score,
    )


def _plain_score(layout: Layout, index: int) -> float:
    text = layout.texts[index]
    linked = layout.linked[index] / max(1, len(text))
    return len(text) / 40 - 2 - 6 * linked
