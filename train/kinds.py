"""Train the models of page kinds. Deterministic; about two minutes on one core.

    python -m train.kinds             write the models of all sites, and of all sites outside each fold
    python -m train.kinds --by-set    write the models that saw none of one collection

Reads the models of `python -m train` (or `python -m train --by-set`), which comes first. Writes
src/unabridged/extraction/data/kinds.npz and bench/folds/kinds-<n>.npz, or the models beside those without a
collection for `python -m bench.generalisation`. Prints the confusion matrix and the reliability of the
probabilities, by models that did not see the page's site (or its collection).
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.folds import COLLECTION_MODELS, COLLECTIONS, FOLDER, FOLDS, collection_of
from train.networks import Recipe, fit, stack
from train.pages import Page, cases, load
from train.weights import targets
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.features import PageFeatures, measure_blocks
from unabridged.extraction.selection.kinds.figures import page_figures
from unabridged.extraction.selection.kinds.models import (
    FARTHEST,
    KINDS,
    KindClassifier,
    KindModels,
    PageKind,
    save_kind_models,
)
from unabridged.extraction.selection.kinds.products import described_product, product_description
from unabridged.extraction.selection.kinds.treatment import block_inputs
from unabridged.extraction.selection.networks import Models, Network, read_models

SHIPPED = Path(__file__).resolve().parent.parent / "src/unabridged/extraction/data/kinds.npz"
OTHER_SETS = 0.3
"""Weight of a page whose set is all articles; those are easy to know and many."""
STRENGTH = 0.1
"""Inverse of the classifier's regularisation."""
BLOCKS = Recipe(hidden=(24,), steps=700, decay=1e-2, drop=0.1)
SEEDS = 3
NEVER = -100.0
"""Bias of a kind of which the training saw no page."""
ARTICLES = 0.3
"""Weight of an article among the pages of the network over blocks, of which there are a quarter."""
Folded = Mapping[int | None, KindClassifier]
RELIABILITY = (0.0, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Example:
    """A page with its kind, its figures with and without its address, and its features out of fold."""

    page: Page
    kind: PageKind
    figures: np.ndarray
    without_address: np.ndarray
    features: PageFeatures
    scores: np.ndarray


def main(arguments: list[str]) -> int:
    """Train and write everything; return 0."""
    pages = [page for page in load() if page.layout.texts]
    by_set = "--by-set" in arguments
    folder = COLLECTION_MODELS if by_set else FOLDER
    left_out = range(len(COLLECTIONS)) if by_set else range(FOLDS)
    if by_set:
        pages = [replace(page, fold=collection_of(page.set)) for page in pages]
    models = {n: read_models((folder / f"{n}.npz").read_bytes()) for n in left_out}
    examples = [_example(page, models[page.fold]) for page in pages]
    parts = [*left_out, *(() if by_set else (None,))]
    classifiers: Folded = {part: _classifier(examples, part) for part in parts}
    kinds = [classifiers[one.page.fold](one.figures) for one in examples]
    show(examples, kinds)
    networks = _networks(examples, kinds, parts)
    for part in parts:
        data = save_kind_models(KindModels(classifiers[part], networks[part]))
        path = SHIPPED if part is None else folder / f"kinds-{part}.npz"
        path.write_bytes(data)
        print(f"{path.name}: {len(data)} bytes")
    return 0


def kind_of(page: Page) -> PageKind:
    """Return the true kind of a page: stated by its truth, or that of its whole set."""
    stated = page.truth.get("page_type")
    if stated in KINDS:
        return KINDS[KINDS.index(stated)]
    return "forum" if page.set.startswith("magic_forum") else "article"


def _example(page: Page, models: Models) -> Example:
    features = measure_blocks(page.layout, page.claims, models.tables)
    figures, bare = (
        page_figures(page.layout, features.arrays, page.claims.types, url)
        for url in (page.truth.get("url"), None)
    )
    return Example(page, kind_of(page), figures, bare, features, models.blocks(features.rows))


def _classifier(examples: Sequence[Example], left_out: int | None) -> KindClassifier:
    """Fit the classifier without one fold; each page counts half with its address and half without."""
    used = [one for one in examples if one.page.fold != left_out]
    sites = Counter((one.page.set, one.page.site) for one in used)
    weight = [
        (OTHER_SETS if one.page.set.split()[0] not in ("wcxb", "magic_forum") else 1.0)
        / sites[one.page.set, one.page.site] ** 0.5
        for one in used
    ]
    rows = np.array([one.figures for one in used] + [one.without_address for one in used])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    inputs = np.clip((rows - mean) / scale, -FARTHEST, FARTHEST)
    fitted = LogisticRegression(C=STRENGTH / 2, max_iter=400).fit(
        inputs, [one.kind for one in used] * 2, sample_weight=[one / 2 for one in weight] * 2
    )
    weights, biases = kind_weights(fitted)
    return KindClassifier(
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        weights=weights.T.astype(np.float32),
        biases=biases.astype(np.float32),
    )


def kind_weights(fitted: LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
    """Return a row of weights and a bias for every kind; a kind that no page has is never told."""
    rows, starts = fitted.coef_, fitted.intercept_
    if len(rows) == 1:  # two kinds: the odds of the second
        rows, starts = np.vstack([np.zeros_like(rows), rows]), np.concatenate([[0.0], starts])
    weights, biases = np.zeros((len(KINDS), rows.shape[1])), np.full(len(KINDS), NEVER)
    places = [KINDS.index(kind) for kind in fitted.classes_]
    weights[places], biases[places] = rows, starts
    return weights, biases


def _networks(
    examples: Sequence[Example], kinds: Sequence[Mapping[PageKind, float]], parts: Sequence[int | None]
) -> Mapping[int | None, Network]:
    """Fit the network over blocks without each of the parts (None: from all)."""
    described = _descriptions()
    articles = 0
    rows, target, weight, folds = [], [], [], []
    sites = Counter((one.kind, one.page.site) for one in examples)
    for one, found in zip(examples, kinds, strict=True):
        if "text" not in one.page.truth:
            continue
        if one.kind == "article":
            articles += one.page.set == "wcxb article"
            if found["article"] >= 0.5 and (one.page.set != "wcxb article" or articles % 4):
                continue
        size = one.features.arrays.size
        own = described_product(one.page.layout.texts, described.get(one.page.key, "")).flags
        rows.append(block_inputs(one.features.rows, one.scores, size, found, own))
        target.append(targets(one.page))
        share = (ARTICLES if one.kind == "article" else 1.0) / sites[one.kind, one.page.site] ** 0.5
        weight.append(_weights(one.page) * share)
        folds.append(np.full(len(size), one.page.fold))
    table, wanted = np.concatenate(rows), np.concatenate(target).astype(np.float32)
    weights, home = np.concatenate(weight).astype(np.float32), np.concatenate(folds)
    nets: dict[int | None, Network] = {}
    for fold in parts:
        part = (home != (-1 if fold is None else fold)) & (weights > 0)
        nets[fold] = stack([fit(table[part], wanted[part], weights[part], BLOCKS, n) for n in range(SEEDS)])
    return nets


def _weights(page: Page) -> np.ndarray:
    """Return one weight a block: its words by the geometric mean of the page's words and its true ones."""
    tokens = page.labels.tokens + 3.0
    gold = max(float(page.labels.hits.sum()), 60.0)
    return np.asarray(np.minimum(tokens / np.sqrt(gold * max(tokens.sum(), gold)), 1.0) * page.labels.known)


def _descriptions() -> dict[str, str]:
    """Return the letters of the product's description on every page that declares one, by key."""
    found = {}
    for _, case in cases():
        html = case.read()
        if b"roduct" in html and (letters := product_description(parse(html))):
            found[case.key] = letters
    return found


def show(examples: Sequence[Example], kinds: Sequence[Mapping[PageKind, float]]) -> None:
    """Print the confusion matrix, the accuracy by set, and the reliability of the probabilities, all of them
    by models that did not see the page's part.
    """
    told = [(one, found) for one, found in zip(examples, kinds, strict=True)]
    mixed = [(one, found) for one, found in told if one.page.set.split()[0] == "wcxb"]
    _show_confusion([(one.kind, _best(found)) for one, found in mixed])
    _show_sets(told)
    print("probability of a kind, wcxb: mean told, share true, number")
    _show_reliability([(found[kind], one.kind == kind) for one, found in mixed for kind in KINDS])
    print("probability of the likeliest kind, all sets: mean told, share true, number")
    _show_reliability([(max(found.values()), one.kind == _best(found)) for one, found in told])


def _best(found: Mapping[PageKind, float]) -> PageKind:
    return max(KINDS, key=found.__getitem__)


def _show_confusion(named: Sequence[tuple[PageKind, PageKind]]) -> None:
    count = Counter(named)
    print(f"wcxb: accuracy {np.mean([a == b for a, b in named]):.3f} of {len(named)} pages")
    print(f"{'true':16}" + "".join(f"{kind[:9]:>10}" for kind in KINDS) + f"{'F1':>8}")
    for kind in KINDS:
        right = count[kind, kind]
        both = sum(a == kind for a, _ in named) + sum(b == kind for _, b in named)
        cells = "".join(f"{count[kind, other]:10}" for other in KINDS)
        print(f"{kind:16}{cells}{2 * right / max(both, 1):8.3f}")


def _show_sets(told: Sequence[tuple[Example, Mapping[PageKind, float]]]) -> None:
    by_set: dict[str, list[tuple[bool, float]]] = {}
    for one, found in told:
        row = (_best(found) == one.kind, found[one.kind])
        by_set.setdefault(one.page.set, []).append(row)
    print("share of pages called what they are, mean probability of that kind, number")
    for name, rows in sorted(by_set.items()):
        right, chance = np.mean(rows, axis=0)
        print(f"  {name:22}{right:8.3f}{chance:8.3f}{len(rows):6}")


def _show_reliability(pairs: Sequence[tuple[float, bool]]) -> None:
    for low, high in pairwise(RELIABILITY):
        inside = [(p, hit) for p, hit in pairs if low <= p < high or p == high == 1.0]
        if inside:
            told, true = (float(np.mean(column)) for column in zip(*inside, strict=True))
            print(f"  {low:.2f}–{high:.2f}  {told:.3f}  {true:.3f}  {len(inside)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
