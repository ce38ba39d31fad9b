"""Train the models of page kinds. Deterministic; about two minutes on one core.

    python -m train.kinds

Reads bench/folds/<n>.npz and the shipped text.npz, so `python -m train` comes first. Writes
src/unabridged/extraction/data/kinds.npz (from all sites) and bench/folds/kinds-<n>.npz (from all sites
outside one fold), and prints the confusion matrix and the reliability of the probabilities, out of fold.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.folds import FOLDER, FOLDS
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
from unabridged.extraction.selection.networks import Models, Network, read_models, shipped_models

SHIPPED = Path(__file__).resolve().parent.parent / "src/unabridged/extraction/data/kinds.npz"
OTHER_SETS = 0.3
"""Weight of a page whose set is all articles; those are easy to know and many."""
STRENGTH = 0.1
"""Inverse of the classifier's regularisation."""
BLOCKS = Recipe(hidden=(24,), steps=700, decay=1e-2, drop=0.1)
SEEDS = 3
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


def main() -> int:
    """Train and write everything; return 0."""
    examples = [_example(page, _models()[page.fold]) for page in load() if page.layout.texts]
    classifiers: Folded = {fold: _classifier(examples, fold) for fold in (*range(FOLDS), None)}
    kinds = [classifiers[one.page.fold](one.figures) for one in examples]
    show(examples, kinds)
    networks = _networks(examples, kinds)
    for fold, classifier in classifiers.items():
        data = save_kind_models(KindModels(classifier, networks[fold]))
        path = SHIPPED if fold is None else FOLDER / f"kinds-{fold}.npz"
        path.write_bytes(data)
        print(f"{path.name}: {len(data)} bytes")
    return 0


_read: dict[int | None, Models] = {}


def _models() -> Mapping[int | None, Models]:
    """Return the models for blocks of every fold, read once."""
    if not _read:
        _read.update({fold: read_models((FOLDER / f"{fold}.npz").read_bytes()) for fold in range(FOLDS)})
        _read[None] = shipped_models()
    return _read


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
    order = [list(fitted.classes_).index(kind) for kind in KINDS]
    return KindClassifier(
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        weights=fitted.coef_[order].T.astype(np.float32),
        biases=fitted.intercept_[order].astype(np.float32),
    )


def _networks(
    examples: Sequence[Example], kinds: Sequence[Mapping[PageKind, float]]
) -> Mapping[int | None, Network]:
    """Fit the network over blocks without each fold, and from all."""
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
    for fold in (*range(FOLDS), None):
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
    """Print the confusion matrix and the reliability of the probabilities, out of fold."""
    mixed = [pair for pair in zip(examples, kinds, strict=True) if pair[0].page.set.split()[0] == "wcxb"]
    named = [(one.kind, max(KINDS, key=found.__getitem__)) for one, found in mixed]
    count = Counter(named)
    print(f"wcxb, out of fold: accuracy {np.mean([a == b for a, b in named]):.3f} of {len(named)} pages")
    print(f"{'true':16}" + "".join(f"{kind[:9]:>10}" for kind in KINDS) + f"{'F1':>8}")
    for kind in KINDS:
        right = count[kind, kind]
        both = sum(a == kind for a, _ in named) + sum(b == kind for _, b in named)
        cells = "".join(f"{count[kind, other]:10}" for other in KINDS)
        print(f"{kind:16}{cells}{2 * right / max(both, 1):8.3f}")
    other = [found for one, found in zip(examples, kinds, strict=True) if _is_other_article(one)]
    called = np.mean([max(KINDS, key=found.__getitem__) == "article" for found in other])
    print(f"articles of other sets called so: {called:.4f} of {len(other)}")
    print("probability of a kind: mean told, share true, number")
    pairs = [(found[kind], one.kind == kind) for one, found in mixed for kind in KINDS]
    for low, high in pairwise(RELIABILITY):
        inside = [(p, hit) for p, hit in pairs if low <= p < high or p == high == 1.0]
        if inside:
            told, true = (float(np.mean(column)) for column in zip(*inside, strict=True))
            print(f"  {low:.2f}–{high:.2f}  {told:.3f}  {true:.3f}  {len(inside)}")


def _is_other_article(one: Example) -> bool:
    name = one.page.set.split()[0]
    return one.kind == "article" and name not in ("wcxb", "magic_forum")


if __name__ == "__main__":
    sys.exit(main())
