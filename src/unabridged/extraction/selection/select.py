"""Select the blocks of a page that are its article: the steps, in order.

dom → blocks → head claims → features → evidence → kind of the page → candidates → best candidate → fill
gaps → drop further stories, menus, comments, repeated blocks, boxes, asides → add the standfirst. On a list,
a product, a collection or a forum every block counts for itself instead: kinds.treatment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from unabridged.extraction.html.dom import Dom, Element, Node
from unabridged.extraction.selection.adjustments.adjust import (
    with_standfirst,
    with_terms,
    without_further_stories,
    without_menus_above,
)
from unabridged.extraction.selection.adjustments.asides import without_asides, without_comments
from unabridged.extraction.selection.adjustments.boxes import without_boxes
from unabridged.extraction.selection.adjustments.fill_gaps import with_gaps_filled
from unabridged.extraction.selection.adjustments.hidden_blocks import without_hidden
from unabridged.extraction.selection.adjustments.pull_quotes import without_pull_quotes
from unabridged.extraction.selection.adjustments.repeats import without_repeats
from unabridged.extraction.selection.blocks import Layout, lay_out
from unabridged.extraction.selection.candidates import Candidate, make_candidates
from unabridged.extraction.selection.features import PageFeatures, measure_blocks
from unabridged.extraction.selection.kinds.decision import kind_signals
from unabridged.extraction.selection.kinds.figures import page_figures
from unabridged.extraction.selection.kinds.models import KindModels, PageKind, current_kind_models
from unabridged.extraction.selection.kinds.products import described_product, product_description
from unabridged.extraction.selection.kinds.treatment import content_blocks, is_treated
from unabridged.extraction.selection.networks import Models, current_models
from unabridged.extraction.selection.page_claims import HeadClaims, read_head_claims
from unabridged.extraction.selection.ranking import ranking_features
from unabridged.extraction.structure.disguised_blocks import join_strangers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for or against a block. weight: log-odds, positive for keeping it."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of inline content.

    container: its nearest element that is not inline. nodes: its text nodes in document order (first, last:
    the ends of the run). score: log-odds that it belongs to the article, without its neighbours.
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
class BlockSelection:
    """The blocks of a page that are its article.

    indices: of the kept blocks, in document order. confidence: the F1 that the ranking network predicts.
    method: name of the best candidate. signals: page-level figures, by name. scores: log-odds of every block.
    kinds: probability of every kind of page.
    """

    layout: Layout
    indices: tuple[int, ...]
    confidence: float
    method: str
    scores: tuple[float, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)
    features: PageFeatures | None = None
    kinds: Mapping[PageKind, float] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[Block, ...]:
        """The kept blocks, in document order."""
        return tuple(_block(self.layout, index, self.scores[index]) for index in self.indices)


def select(dom: Dom, *, title: str = "", description: str = "", url: str | None = None) -> BlockSelection:
    """Select the article's blocks. title, description: used if the page itself has none."""
    layout = lay_out(dom)
    if join_strangers(layout.tags, layout.elements):
        layout = lay_out(dom)
    claims = read_head_claims(dom)
    if not layout.texts:
        return BlockSelection(layout=layout, indices=(), confidence=0.0, method="empty")
    if not claims.titles and title:
        claims = HeadClaims(titles=(title,), description=description, body=claims.body, types=claims.types)
    models, kind_models = current_models(), current_kind_models()
    features = measure_blocks(layout, claims, models.tables)
    scores = models.blocks(features.rows)
    kinds = kind_models.classifier(page_figures(layout, features.arrays, claims.types, url))
    if is_treated(kinds):
        method = WHOLE_CONTENT
        indices, worth = _content(dom, layout, features, scores, kinds, kind_models)
    else:
        chosen, worth = best_candidate(features, scores, models)
        method, indices = chosen.name, _adjusted(dom, layout, claims, features, scores, chosen)
    return BlockSelection(
        layout=layout,
        indices=tuple(indices),
        confidence=min(1.0, max(0.0, worth)),
        method=method,
        scores=tuple(scores.tolist()),
        signals={**_signals(features, indices), "confidence": worth, **kind_signals(kinds)},
        features=features,
        kinds=kinds,
    )


WHOLE_CONTENT = "whole content"
"""Method of a page that is no article."""


def _content(
    dom: Dom,
    layout: Layout,
    features: PageFeatures,
    scores: np.ndarray,
    kinds: Mapping[PageKind, float],
    models: KindModels,
) -> tuple[list[int], float]:
    """Return the blocks of a list, a product, a collection or a forum, and their expected F1."""
    product = described_product(layout.texts, product_description(dom))
    indices, worth = content_blocks(features.rows, scores, features.arrays.size, kinds, product, models)
    indices = without_repeats(layout, with_gaps_filled(features, scores, indices))
    return without_hidden(dom, layout, indices), worth


def _adjusted(
    dom: Dom,
    layout: Layout,
    claims: HeadClaims,
    features: PageFeatures,
    scores: np.ndarray,
    chosen: Candidate,
) -> list[int]:
    """Return the blocks of the best candidate after all adjustments."""
    indices = with_gaps_filled(features, scores, np.flatnonzero(chosen.kept).tolist())
    indices = without_further_stories(layout, indices, features.titled)
    indices = without_menus_above(layout, indices, features.titled, claims.titles)
    indices = without_comments(layout, indices, claims.types)
    indices = without_pull_quotes(layout, without_repeats(layout, indices))
    indices = with_terms(layout, without_hidden(dom, layout, indices))
    indices = without_boxes(layout, scores, indices, claims.types)
    return with_standfirst(layout, without_asides(layout, indices), claims.description)


def best_candidate(features: PageFeatures, scores: np.ndarray, models: Models) -> tuple[Candidate, float]:
    """Return the candidate with the highest predicted F1, and that F1."""
    candidates = make_candidates(features, scores)
    worth = models.ranker(ranking_features(features.arrays, features.columns, scores, candidates))
    best = int(worth.argmax())
    return candidates[best], float(worth[best])


def selection_text(selection: BlockSelection) -> str:
    """Return the kept blocks as plain text, one block a line, without building the body."""
    texts = selection.layout.texts
    return "\n".join(texts[index] for index in selection.indices)


def explain(selection: BlockSelection) -> tuple[tuple[Block, tuple[Reason, ...]], ...]:
    """Return every block of the page with the evidence for and against it, strongest first.

    The weight of a reason is how much the block's log-odds fall with the page mean in its place.
    """
    if selection.features is None:
        return ()
    kept = frozenset(selection.indices)
    reasons = _reasons(selection)
    return tuple(
        (_block(selection.layout, index, score, kept=index in kept), reasons[index])
        for index, score in enumerate(selection.scores)
    )


REASONS_SHOWN = 4
"""Reasons shown for each block."""


def _reasons(selection: BlockSelection) -> list[tuple[Reason, ...]]:
    features = selection.features
    assert features is not None
    network, rows = current_models().blocks, features.rows
    base = network(rows)
    fall = np.empty_like(rows)
    for place in range(rows.shape[1]):
        without = rows.copy()
        without[:, place] = network.mean[place]
        fall[:, place] = base - network(without)
    names = tuple(features.columns)
    order = np.argsort(-np.abs(fall), axis=1)[:, :REASONS_SHOWN]
    return [
        tuple(Reason(what=names[place], weight=round(float(fall[row, place]), 2)) for place in places)
        for row, places in enumerate(order.tolist())
    ]


def _signals(features: PageFeatures, indices: list[int]) -> dict[str, float]:
    """Return figures about the page and its kept blocks, for judging completeness."""
    arrays = features.arrays
    size = arrays.size
    kept = size[indices].sum() if indices else 0.0
    return {
        "words": float(kept),
        "page_words": float(size.sum()),
        "page_links": float((size * arrays.linked).sum() / max(size.sum(), 1.0)),
        "kept_links": float((size * arrays.linked)[indices].sum() / max(kept, 1.0)) if indices else 0.0,
        "kept_prose": float(arrays.prose[indices].sum() / max(arrays.prose.sum(), 1.0)) if indices else 0.0,
        "blocks": float(len(size)),
        "kept_blocks": float(len(indices)),
    }


def _block(layout: Layout, index: int, score: float, *, kept: bool = True) -> Block:
    return Block(
        index=index,
        text=layout.texts[index],
        container=layout.elements[layout.homes[index]],
        nodes=layout.nodes[index],
        kept=kept,
        score=score,
    )
