"""Train the shipped models again. Deterministic; about ten minutes on one core.

    python -m train             write the models and print the scores out of fold
    python -m train --by-set    score each collection by models that saw none of it, and write those models
                                for `python -m bench.generalisation`

Writes src/unabridged/extraction/data/text.npz (from all sites) and bench/folds/<n>.npz (from all sites
outside one fold, for the examination).
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.folds import COLLECTION_MODELS, FOLDER, SITES, collection_of, hash_of
from train import tables
from train.candidates import RankingExample, figures_of_page, ranking_example
from train.networks import Recipe, fit, stack
from train.pages import PARALLEL, Page, load
from train.scoring import set_scores
from train.weights import IN_EXAMPLES, block_weights, page_weights, targets
from unabridged.extraction.selection.features import measure_blocks
from unabridged.extraction.selection.networks import Models, Network, save_models
from unabridged.extraction.selection.token_tables import TokenTables

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "src" / "unabridged" / "extraction" / "data" / "text.npz"
BLOCKS = Recipe(hidden=(64, 24), steps=5000)
RANKER = Recipe(hidden=(32,), steps=1500, squares=True, batch=100, decay=2e-2, within=4.0)
"""One small layer with strong decay: there are only as many examples as pages, and truths have errors."""
SEEDS = {"blocks": 3, "chooser": 3}
ROWS = 250_000
"""Blocks in the training set, drawn by the root of their weight."""
SEGMENTS = 0.5
"""Weight of a page whose truth is segments among the ranking examples."""


def main(arguments: list[str]) -> int:
    """Train and write everything; return 0."""
    pages = [page for page in load() if page.layout.texts]
    print(f"{len(pages)} pages of {len({page.site for page in pages})} sites", flush=True)
    if "--by-set" in arguments:
        trained = train([replace(page, fold=collection_of(page.set)) for page in pages])
        write({n: models for n, models in trained.items() if n is not None}, COLLECTION_MODELS)
    else:
        write(train(pages), FOLDER)
        SITES.write_text("\n".join(sorted({hash_of(page.site) for page in pages})) + "\n", encoding="ascii")
    return 0


def parts(pages: list[Page]) -> list[int | None]:
    """Return the folds, each to be left out once, and None: nothing left out."""
    return [*sorted({page.fold for page in pages}), None]


def train(pages: list[Page]) -> dict[int | None, Models]:
    """Train all models without each fold and from all, and print the scores out of fold."""
    by_fold = fit_tables(pages)
    print(f"tables: {len(by_fold[None].containers)} + {len(by_fold[None].texts)} tokens", flush=True)
    rows = measure_all(pages, by_fold)
    networks = fit_blocks(pages, rows)
    evidence = [networks[page.fold](found) for page, found in zip(pages, rows, strict=True)]
    print("block networks", flush=True)
    examples = score_all(pages, by_fold, evidence)
    rankers = fit_rankers(pages, examples)
    print("ranking networks", flush=True)
    show(pages, examples, rankers)
    return {fold: Models(by_fold[fold], networks[fold], rankers[fold]) for fold in parts(pages)}


def fit_tables(pages: list[Page]) -> dict[int | None, TokenTables]:
    """Fit token tables without each fold, and from all."""
    global _counts
    _counts = tables.count(pages)
    with ProcessPoolExecutor(PARALLEL) as pool:
        return dict(zip(parts(pages), pool.map(_fit_tables, parts(pages)), strict=True))


_counts: dict[str, tables.Counts] = {}  # handed to forked workers, too big to pickle


def _fit_tables(fold: int | None) -> TokenTables:
    return tables.fit_tables(_counts, fold)


def measure_all(pages: list[Page], by_fold: dict[int | None, TokenTables]) -> list[np.ndarray]:
    """Compute every page's features, with tables that never saw its site."""
    return [measure_blocks(p.layout, p.claims, by_fold[p.fold]).rows.astype(np.float32) for p in pages]


def fit_blocks(pages: list[Page], rows: list[np.ndarray]) -> dict[int | None, Network]:
    """Fit the network over blocks, without each fold, and from all."""
    page_weight = page_weights(pages)
    target = np.concatenate([targets(page) for page in pages]).astype(np.float32)
    weight = np.concatenate([block_weights(p) * w for p, w in zip(pages, page_weight, strict=True)])
    folds = np.repeat([page.fold for page in pages], [len(found) for found in rows])
    picked, weight = _drawn(weight)
    table = np.concatenate(rows)[picked]
    target, weight, folds = target[picked], weight[picked], folds[picked]
    global _table
    _table = (table, target, weight, folds)
    with ProcessPoolExecutor(PARALLEL) as pool:
        return dict(zip(parts(pages), pool.map(_fit_blocks, parts(pages)), strict=True))


_table: tuple[np.ndarray, ...] = ()  # handed to forked workers, too big to pickle


def _fit_blocks(fold: int | None) -> Network:
    rows, target, weight, folds = _table
    part = folds != (-1 if fold is None else fold)
    seeds = range(SEEDS["blocks"])
    return stack([fit(rows[part], target[part], weight[part], BLOCKS, seed) for seed in seeds])


def _drawn(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows by the root of their weight; return them with weights that compensate."""
    root = np.sqrt(weight)
    scale = ROWS / root.sum()
    for _ in range(5):
        scale *= ROWS / np.minimum(1, scale * root).sum()
    chance = np.minimum(1, scale * root)
    picked = np.flatnonzero(np.random.default_rng(0).random(len(weight)) < chance)
    return picked, weight / np.maximum(chance, 1e-12)


def score_all(
    pages: list[Page], by_fold: dict[int | None, TokenTables], evidence: list[np.ndarray]
) -> list[RankingExample]:
    """Score the candidates of every page."""
    features = (measure_blocks(page.layout, page.claims, by_fold[page.fold]) for page in pages)
    return [ranking_example(page, m, e) for page, m, e in zip(pages, features, evidence, strict=True)]


def fit_rankers(pages: list[Page], examples: list[RankingExample]) -> dict[int | None, Network]:
    """Fit the ranking network over candidates, without each fold, and from all."""
    weights = page_weights(pages, IN_EXAMPLES)
    kept = [(p, w, n) for p, w, n in zip(pages, weights, examples, strict=True) if n.worth is not None]
    figures = np.concatenate([ranking_example.figures for _, _, ranking_example in kept])
    worth = np.concatenate(
        [ranking_example.worth for _, _, ranking_example in kept if ranking_example.worth is not None]
    ).astype(np.float32)
    counts = np.array([len(example.names) for _, _, example in kept])
    # A handful of segments shows little about superfluous text.
    sure = np.array([w if "text" in page.truth else w * SEGMENTS for page, w, _ in kept])
    home = np.array([page.fold for page, _, _ in kept])
    # Figures of the page tell collections apart, not candidates.
    recipe = replace(RANKER, blind=figures_of_page(figures.shape[1]))
    found = {}
    for fold in parts(pages):
        use = home != (-1 if fold is None else fold)
        part, weight = np.repeat(use, counts), np.repeat(sure[use], counts[use])
        seeds = range(SEEDS["chooser"])
        found[fold] = stack(
            [fit(figures[part], worth[part], weight, recipe, seed, counts[use]) for seed in seeds]
        )
    return found


def show(pages: list[Page], examples: list[RankingExample], rankers: dict[int | None, Network]) -> None:
    """Print the scores out of fold: the tree's candidate alone, the chosen one, and the best possible."""
    chosen = [int(rankers[p.fold](found.figures).argmax()) for p, found in zip(pages, examples, strict=True)]
    best = [0 if found.worth is None else int(found.worth.argmax()) for found in examples]
    answers: dict[str, list[int]] = {"tree": [0] * len(pages), "chosen": chosen, "best": best}
    scores = {
        name: set_scores((p, n.kept[c]) for p, n, c in zip(pages, examples, choice, strict=True))
        for name, choice in answers.items()
    }
    print(f"{'set':22}{'pages':>6}{'tree':>8}{'chosen':>8}{'P':>7}{'R':>7}{'best':>8}")
    for name, (f1, precision, recall, count) in scores["chosen"].items():
        tree, top = scores["tree"][name][0], scores["best"][name][0]
        print(f"{name:22}{count:6}{tree:8.4f}{f1:8.4f}{precision:7.3f}{recall:7.3f}{top:8.4f}")


def write(trained: dict[int | None, Models], folder: Path) -> None:
    """Write the models that leave something out into a folder, those of all pages to the package."""
    folder.mkdir(parents=True, exist_ok=True)
    for left_out, models in trained.items():
        data = save_models(models)
        path = SHIPPED if left_out is None else folder / f"{left_out}.npz"
        path.write_bytes(data)
        print(f"{path}: {len(data)} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
